"""What a person may ask of this node about moves between municipalities: what was told, and what was decided.

From whom an address is hidden is told to nobody: whoever asks may be that one.
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from terakoya.register.models import Relocation
from terakoya.rights import api as rights
from terakoya.roster import api as roster

from .package import kept

WHERE = ("other_municipality", "school", "stays", "steps")


def register() -> None:
    """Register what is held."""
    # family
    school = _("the school's own register")
    # family
    moved = _("moves from and to other municipalities")
    # family
    guarding = _("guardians named in moves between municipalities")
    for name, category, label, rows, where in (
        ("relocations", "subject.identity", moved, moves, WHERE),
        ("relocation-guardians", "subject.guardianship", guarding, guardians, ()),
    ):
        rights.register_holding(
            rights.Holding("register", name, category, label, school, _counting(rows), rows, noted=True, where=where)
        )


def moves(person: UUID) -> list[dict[str, Any]]:
    """Each move with what the package says of the person, and each step that it took."""
    return [_told(one) | _step_by_step(one) for one in _of(person)]


def guardians(person: UUID) -> list[dict[str, Any]]:
    """The guardians whom the packages name."""
    return [
        {"name": one.official_name, "reading": one.kana, "relation": one.relation, "since": one.since.isoformat()}
        for move in _of(person)
        if move.package
        for one in kept(move.package).mover.guardians
    ]


def _of(person: UUID) -> list[Relocation]:
    keys = roster.also_known_as(person)
    return list(Relocation.objects.filter(person__in=keys).prefetch_related("events").order_by("pk"))


def _told(move: Relocation) -> dict[str, Any]:
    if not move.package:
        return {}
    package = kept(move.package)
    mover = package.mover
    return {
        "official_name": mover.pupil.official_name,
        "name": mover.pupil.name,
        "reading": mover.pupil.kana,
        "birth_date": _day(mover.birth_date),
        "sex": mover.sex,
        "grade": mover.grade,
        "school": package.school,
        "stays": [
            {"school": one.school, "class": one.class_title, "begins": _day(one.begins), "ends": _day(one.ends)}
            for one in mover.stays
        ],
        "parts": sorted(package.parts),
    }


def _step_by_step(move: Relocation) -> dict[str, Any]:
    return {
        "direction": move.side,
        "state": move.state,
        "other_municipality": move.partner_name,
        "last_day": _day(move.last_day),
        "steps": [
            {"kind": one.kind, "at": one.at.isoformat(), "day": _day(one.day), "school": one.school_name}
            for one in move.events.all()
        ],
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _counting(rows: Any) -> Any:
    return lambda person: len(rows(person))
