"""Items of the Course of Study by their 16-character codes.

``course_of_study.csv`` is a small table of this project's own for the subjects that the make-believe town teaches. Its
codes have the published structure (edition, kind of school, subject, field, section, grade, kind of text, item levels)
and its titles are plain unit names with readings; it is no copy of the ministry's table and does not stand in for it.
``course_of_study_subjects.csv`` names the subject codes of compulsory education.

Codes are case-sensitive: ``71l1003A00000000`` and ``71L1003A00000000`` are two codes.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import names

SHAPE = re.compile(r"[0-9A-Za-z]{16}")
_READING = re.compile(r"｜([^《]+)《[^》]+》")


@dataclass(frozen=True)
class Named:
    """A name: ``reading`` is the Japanese with readings in Aozora notation, ``ja`` without."""

    reading: str
    en: str

    @property
    def ja(self) -> str:
        return _READING.sub(r"\1", self.reading)

    def say(self, language: str) -> str:
        """The name in a language of the pages; plain Japanese (``ja-easy``) with readings."""
        return names.say(language, self.ja, self.reading, self.en)


@dataclass(frozen=True)
class Item(Named):
    """One item: its code, its subject (``P030``), its grade (``P5``) and its title."""

    code: str
    subject: str
    grade: str


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ITEMS: dict[str, Item] = {
    row["code"]: Item(row["ja"], row["en"], row["code"], row["subject"], row["grade"])
    for row in _rows("course_of_study.csv")
}
SUBJECTS: dict[str, Named] = {
    row["subject"]: Named(row["ja"], row["en"]) for row in _rows("course_of_study_subjects.csv")
}


def is_code(text: str) -> bool:
    """Whether a text has the shape of a Course of Study code (16 letters and digits); it need not be in the table."""
    return SHAPE.fullmatch(text) is not None


@cache
def items_of(subject: str, grade: str) -> tuple[Item, ...]:
    """The items of a subject (``P030``) in a grade (``P5``), in the order of teaching."""
    return tuple(item for item in ITEMS.values() if (item.subject, item.grade) == (subject, grade))


@cache
def subjects_in(grade: str) -> tuple[str, ...]:
    """The subjects of the table that are taught in a grade."""
    return tuple(dict.fromkeys(item.subject for item in ITEMS.values() if item.grade == grade))
