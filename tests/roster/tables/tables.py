"""Tables as clerks have them, made in the tests: workbooks and texts."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from terakoya.roster.models import Enrolment, Organisation, Person
from terakoya.roster.tables import drafts
from terakoya.roster.tables.drafts import Draft

HEADINGS = ["学年", "組", "番号", "氏名", "ふりがな", "生年月日"]
Row = Sequence[Any]


def workbook(rows: Sequence[Row], *, title: str = "名簿", merged: Sequence[str] = ()) -> bytes:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for one in merged:
        sheet.merge_cells(one)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def text(rows: Sequence[Row], encoding: str = "cp932", delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join(str(cell) for cell in row) for row in rows).encode(encoding)


def row_of(person: Person, **instead: Any) -> list[Any]:
    """A pupil's row as the roster has it, under ``HEADINGS``."""
    place = Enrolment.objects.select_related("school_class").get(
        person=person, role="student", school_class__kind="homeroom", closed_by=None
    )
    grade, section = place.school_class.title.removesuffix("組").split("年")
    cells = {
        "学年": grade,
        "組": section,
        "番号": place.number,
        "氏名": person.official_name,
        "ふりがな": person.kana,
        "生年月日": person.birth_date,
    }
    return list((cells | instead).values())


def pupils_of(school: Organisation) -> list[Person]:
    """The pupils of a school, by class and number."""
    rows = Enrolment.objects.filter(
        school_class__school=school, role="student", school_class__kind="homeroom", closed_by=None
    )
    return [row.person for row in rows.select_related("person").order_by("school_class__title", "number")]


def draft(school: Organisation, data: bytes, kind: str = "pupils", **choices: Any) -> Draft:
    """A table that waits, with choices made."""
    entry = drafts.begin(data, school=school, kind=kind, file_name="名簿.xlsx", by="clerk")
    made = Draft(entry)
    if choices:
        made.choose(**choices)
    return made
