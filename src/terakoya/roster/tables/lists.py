"""Lists for a clerk to fill in or to correct: an empty template, and what the roster has, as a workbook or as CSV."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from terakoya.kit.spreadsheets import harmless
from terakoya.roster.models import Organisation, Person

from .columns import HEADINGS, ROLES, SEXES, SHEETS
from .school import FAMILY, SchoolOn
from .sheets import Page, workbook

FIELDS: dict[str, str] = {
    "pupils": "person identifier grade section number name display_name kana sex birth_date begins phone address "
    "guardian_name guardian_kana",
    "staff": "person identifier role name display_name kana grade_section email phone begins",
    "guardians": "person grade section number child_name child_birth_date guardian_name guardian_kana relation phone "
    "email address",
}
PERSON = FIELDS["pupils"].split().index("person")  # the first column of each list
NOT_EXPORTED = ("begins", "guardian_name", "guardian_kana")
ENCODINGS = {"utf-8": "utf-8-sig", "cp932": "cp932"}

Listener = Callable[[list[UUID], str], None]
_listeners: list[Listener] = []


def on_list(listener: Listener) -> Listener:
    """Register a function called in a transaction before a list leaves, with whom it is about and who takes it."""
    _listeners.append(listener)
    return listener


def release(page: Page, *, by: str) -> None:
    """To be called before a list leaves; when somebody who is told refuses, it stays."""
    people = [UUID(str(row[PERSON])) for row in page.rows]
    with transaction.atomic():
        for listener in _listeners:
            listener(people, by)


def template(kind: str) -> bytes:
    """An empty table of a kind, with the headings that are understood here."""
    return workbook([Page(SHEETS[kind], [HEADINGS[name] for name in FIELDS[kind].split() if name != "person"], [])])


def listing(school: Organisation, kind: str, day: date) -> Page:
    """The pupils or the staff of a school on a day; their keys lead the way back when the list comes in again."""
    known = SchoolOn(school, day)
    names = [name for name in FIELDS[kind].split() if name not in NOT_EXPORTED]
    lines = _pupils(known) if kind == "pupils" else _staff(known)
    return Page(
        SHEETS[kind], [HEADINGS[name] for name in names], [[line.get(name, "") for name in names] for line in lines]
    )


def as_workbook(page: Page) -> bytes:
    return workbook([page])


def as_csv(page: Page, encoding: str) -> tuple[bytes, list[str]]:
    """The page as CSV in ``utf-8`` (with a byte order mark, for Excel) or ``cp932``; and the cells that lost a sign.

    What CP932 lacks is written as the geta mark (U+3013), as printers do, and told.
    """
    lost = [str(cell) for row in page.rows for cell in row if encoding == "cp932" and not _fits(str(cell))]
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    for row in [page.headings, *page.rows]:
        table.writerow([harmless("" if cell is None else str(cell)) for cell in row])
    written = "".join(sign if encoding == "utf-8" or _fits(sign) else "\u3013" for sign in text.getvalue())
    return written.encode(ENCODINGS[encoding]), lost


def _fits(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _pupils(known: SchoolOn) -> list[dict[str, Any]]:
    class_of = {one.pk: name for name, one in known.class_named.items()}
    lines = []
    for one in known.pupils:
        place = known.places.get(one.pk)
        grade, section = class_of.get(place.school_class_id, ("", "")) if place else ("", "")
        line = {"grade": grade[1:], "section": section, "number": place.number if place else None}
        lines.append(_person(one) | line | {"birth_date": one.birth_date, "address": one.address})
    return sorted(lines, key=lambda line: (line["grade"], line["section"], line["number"] or 0, line["kana"]))


def _staff(known: SchoolOn) -> list[dict[str, Any]]:
    titles = {one.pk: one.title for one in known.homerooms}
    lines = []
    for one in known.staff:
        roles = [role.name for role in known.roles[one.pk] if role.name not in ("student", *FAMILY)]
        role = next((ROLES[name][0] for name in roles if name in ROLES), "")
        taught = [titles[key] for key in known.taught.get(one.pk, {})]
        lines.append(_person(one) | {"role": role, "grade_section": taught[0] if taught else "", "email": one.email})
    return lines


def _person(one: Person) -> dict[str, Any]:
    display = f"{one.display_family} {one.display_given}".strip()
    return {
        "person": str(one.pk),
        "identifier": one.identifier,
        "name": f"{one.official_family} {one.official_given}".strip(),
        "display_name": display if display != one.official_name else "",
        "kana": one.kana,
        "sex": SEXES[one.sex][0] if one.sex in SEXES else "",
        "phone": one.phone,
    }
