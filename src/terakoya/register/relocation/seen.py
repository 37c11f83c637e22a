"""Which moves a desk sees: the board all, a school its own; a package that nobody asked for waits at the board."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from terakoya.register.desk import Desk
from terakoya.register.models import Relocation
from terakoya.roster import api as roster

from . import package


def moves_of(desk: Desk) -> "QuerySet[Relocation]":
    """The moves that a desk sees, the newest first."""
    rows = Relocation.objects.all()
    return rows if desk.is_board else rows.filter(school__in=desk.keys)


def move_at(desk: Desk, number: UUID) -> Relocation:
    """A move by its number; Http404 where the desk sees none."""
    found = moves_of(desk).filter(uuid=number).first()
    if found is None:
        raise Http404
    return found


def rooms_for(desk: Desk, grade: str, day: date, school: UUID | None) -> list[roster.SchoolClass]:
    """The homerooms into which a desk may take somebody of a grade; those of the school that asked come first."""
    rooms = roster.life.homerooms_for(grade, day, desk.limits)
    return sorted(rooms, key=lambda one: one.school_id != school)


def name_of(relocation: Relocation) -> tuple[str, str]:
    """Name and reading of who moves, from the roster or from what came; empty where neither knows them."""
    if relocation.person is None:
        return "", ""
    person = roster.person(relocation.person)
    if person is not None:
        return person.name, person.kana
    if relocation.package:
        pupil = package.kept(relocation.package).mover.pupil
        return pupil.name, pupil.kana
    return "", ""
