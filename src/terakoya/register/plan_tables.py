"""The table of a planned year: as it is given out, and as it is read back from Excel or CSV."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from terakoya.kit.kana import folded
from terakoya.roster import api as roster

from .years_words import OUTCOMES, outcome_name

LANGUAGES = ("en", "ja")
MOST_ROWS = 20_000
Cells = Sequence[Any]


class UnreadableTable(Exception):
    """A file is no table of this kind; ``sentence`` says what was expected."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class _Heads:
    """The headings that are read back, in the reader's language."""

    pupil: str
    outcome: str
    title: str
    number: str


def heads() -> list[str]:
    """The headings of the table, in the reader's language."""
    read = _heads()
    return [
        read.pupil,
        _("School"),
        _("Name"),
        _("Reading"),
        _("Grade until now"),
        _("Class until now"),
        read.outcome,
        read.title,
        read.number,
    ]


def rows(placements: Iterable[Any], grade_name: Callable[[str], str]) -> Iterator[list[object]]:
    """The placements as the table has them."""
    for one in placements:
        yield [
            one.pupil.sourced_id,
            one.school.name,
            one.pupil.name,
            one.pupil.kana,
            grade_name(one.old_grade),
            one.old_class.title if one.old_class else "",
            outcome_name(one.outcome),
            one.planned.title if one.planned else "",
            one.number,
        ]


def lines(upload: UploadedFile) -> list[roster.life.PlacementLine]:
    """The lines of an uploaded table: Excel, or CSV in UTF-8 or CP932. Raises ``UnreadableTable``."""
    found = list(_sheet(upload))
    top = [str(cell or "").strip() for cell in found[0]] if found else []
    places = next(filter(None, (_columns(top, language) for language in LANGUAGES)), None)
    if places is None:
        raise UnreadableTable(_("The headings are not those of the table that you get here. Fill in that one."))
    codes = _outcome_codes()
    made = []
    for row, cells in enumerate(found[1:], 2):
        texts = [_text(cells[place]) if place < len(cells) else "" for place in places]
        if any(texts):
            pupil, outcome, title, number = texts
            made.append(roster.life.PlacementLine(row, pupil, codes.get(outcome, outcome), title, folded(number)))
    return made


def _heads() -> _Heads:
    return _Heads(_("Pupil ID"), _("What becomes of the pupil"), _("New class"), _("New number"))


def _columns(top: list[str], language: str) -> list[int] | None:
    with translation.override(language):
        wanted = _heads()
    names = [wanted.pupil, wanted.outcome, wanted.title, wanted.number]
    return [top.index(name) for name in names] if set(names) <= set(top) else None


def _outcome_codes() -> dict[str, str]:
    codes = {code: code for code in OUTCOMES}
    for language in LANGUAGES:
        with translation.override(language):
            codes |= {outcome_name(code): code for code in OUTCOMES}
    return codes


def _sheet(upload: UploadedFile) -> Iterator[Cells]:
    content = upload.read()
    if content[:2] == b"PK":
        yield from _workbook(content)
        return
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        yield from _limited(csv.reader(io.StringIO(text, newline="")))
        return
    raise UnreadableTable(_("The file is neither Excel nor CSV in UTF-8 or Shift_JIS."))


def _workbook(content: bytes) -> Iterator[Cells]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from _limited(book.worksheets[0].iter_rows(values_only=True))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as fault:
        raise UnreadableTable(_("The file cannot be read as an Excel workbook.")) from fault


def _limited(found: Iterable[Cells]) -> Iterator[Cells]:
    for number, row in enumerate(found):
        if number > MOST_ROWS:
            raise UnreadableTable(_("The table has more than %(most)s rows.") % {"most": MOST_ROWS})
        yield row


def _text(cell: object) -> str:
    if cell is None:
        return ""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return text.strip().removeprefix("'")
