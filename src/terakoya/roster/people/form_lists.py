"""Reads the official map from MJ characters to JIS X 0213, in the files in which it is published.

The files are not part of this repository: their licence asks that what is made of them be passed on alike. Whoever
runs a node fetches the two files from the publisher and reads them in once.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from django.db import transaction
from openpyxl.utils.exceptions import InvalidFileException

from terakoya.standards import jis_forms

from ..models import JisForm

# the parts of the map in the order in which its publisher tells to prefer them, and what they are called here
PARTS = {
    "JIS包摂規準・UCS統合規則": "unification",  # ja: as published
    "法務省戸籍法関連通達・通知": "register_notice",  # ja: as published
    "法務省告示582号別表第四": "notice_582",  # ja: as published
    "辞書類等による関連字": "dictionary",  # ja: as published
    "読み・字形による類推": "analogy",  # ja: as published
}
NAME = "MJ文字図形名"  # ja: as published
WRITTEN_AS = ("実装したUCS", "実装したMoji_JohoコレクションIVS", "実装したSVS")  # ja: as published
AT_ONCE = 2000
Map = dict[str, list[tuple[str, str]]]


class ListUnreadable(ValueError):
    """A file is not what it should be; the text says which and why."""


@transaction.atomic
def read_lists(glyphs: Path, shrink_map: Path) -> int:
    """Take the forms of the official map over, in place of those read before; how many there are.

    glyphs: the list of MJ characters (xlsx); shrink_map: the map (JSON). Raises ``ListUnreadable``.
    """
    forms = _forms(shrink_map)
    rows, seen = list[JisForm](), set[tuple[str, str]]()
    for name, character in _characters(glyphs):
        for rank, (form, ground) in enumerate(forms.get(name, ()), start=1):
            if not jis_forms.is_jis(character) and (character, form) not in seen:
                seen.add((character, form))
                rows.append(JisForm(character=character, form=form, ground=ground, rank=rank))
    if not rows:
        raise ListUnreadable(f"{glyphs.name} and {shrink_map.name} have no character in common")
    JisForm.objects.all().delete()
    JisForm.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(rows)


def _forms(path: Path) -> Map:
    try:
        content = json.loads(path.read_bytes())["content"]
        return {one[NAME]: list(_offered(one)) for one in content}
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as fault:
        raise ListUnreadable(f"{path.name} is not the map of MJ characters as JSON") from fault


def _offered(one: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seen = set[str]()
    for part, ground in PARTS.items():
        for target in one.get(part, ()):
            form = _sign(target["UCS"])
            if form not in seen and jis_forms.is_jis(form):
                seen.add(form)
                yield form, ground


def _characters(path: Path) -> Iterator[tuple[str, str]]:
    """Each MJ character by its name: as the code point it has, and as the variation sequences that select it."""
    lines = _lines(path)
    heads = [str(head or "").strip() for head in next(lines, ())]
    columns = {name: heads.index(name) for name in (NAME, *WRITTEN_AS) if name in heads}
    if NAME not in columns:
        raise ListUnreadable(f"{path.name} has no column {NAME} in its first row; save it as xlsx or CSV (UTF-8)")
    for line in lines:
        yield from _written(line, columns)


def _lines(path: Path) -> Iterator[Sequence[Any]]:
    """The rows of a table; the published xlsx is of the strict kind, which other programs save as an ordinary one."""
    try:
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from csv.reader(file)
        else:
            for sheet in openpyxl.load_workbook(path, read_only=True).worksheets[:1]:
                yield from sheet.iter_rows(values_only=True)
    except (OSError, KeyError, UnicodeDecodeError, BadZipFile, InvalidFileException) as fault:
        raise ListUnreadable(f"{path.name} is not the list of MJ characters as xlsx or CSV") from fault


def _written(line: Sequence[Any], columns: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    name = str(line[columns[NAME]] or "")
    for head in WRITTEN_AS:
        for code in str(line[columns[head]] or "").split(";") if head in columns else ():
            if code.strip():
                yield name, "".join(_sign(part) for part in code.strip().split("_"))


def _sign(code: str) -> str:
    return chr(int(code.strip().removeprefix("U+"), 16))
