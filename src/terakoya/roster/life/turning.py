"""The first day of a year that was begun: pupils get their grade and main school; and taking a year back before it."""

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.kit import clock
from terakoya.roster import accounts, changing, undoing
from terakoya.roster.changing import Writing
from terakoya.roster.errors import CannotChange
from terakoya.roster.models import Change, Person, Role, Rollover
from terakoya.roster.people.merging import unmerge

from . import years


def turn_years() -> int:
    """Give the pupils of each year that has begun by today their grades; how many years turned."""
    due = [one for one in _due() if years.state_of_year(one) == years.BEGUN]
    for rollover in due:
        note = years.TITLE.format(year=rollover.school_year)
        with changing.changing(Change.Kind.ROLLOVER, by="", note=note) as writing:
            turn(rollover, writing)
            rollover.save(update_fields=["turned"])
            accounts.follow_roles(clock.today(), reference=str(writing.change.uuid))
    return len(due)


def turn_today() -> None:
    """The duty of the node."""
    turn_years()


def turn(rollover: Rollover, writing: Writing) -> None:
    """Write grades and main schools, as a part of a change; who has no role any more is marked as gone."""
    placements = {one.pupil_id: one for one in rollover.placements.exclude(outcome="unplaced")}
    keys = rollover.placements.values("pupil")
    staying = set(Role.objects.on(rollover.begins).filter(person__in=keys).values_list("person", flat=True))
    pairs = []
    for person in Person.objects.filter(pk__in=keys):
        one = placements.get(person.pk)
        if one is None:
            continue
        facts: dict[str, object] = {"grade": one.grade} if one.grade else {}
        if one.next_school_id:
            facts["primary_organisation_id"] = one.next_school_id
        if person.pk not in staying:
            facts["ended"] = rollover.begins
        pairs.append((person, facts))
    writing.update(pairs)
    rollover.turned = writing.change


def take_back_year(rollover: Rollover, *, by: str) -> Change:
    """Take a year back that was begun; the roster is as before, and the plan is open again.

    Raises ``CannotChange`` from the first day of the year on, and ``CannotUndo`` where something later rests on it.
    """
    with transaction.atomic():
        changing.lock()
        known = years.rollover_of(rollover.pk)
        if known is None or known.change is None or years.state_of_year(known) != years.BEGUN:
            raise CannotChange(_("This school year was not begun."))
        check_not_begun(known.change)
        undone = undoing.undo(known.change, by=by)
        years.note_event(known, years.TAKEN_BACK, by, undone)
        return undone


def take_back(change: Change, *, by: str) -> Change:
    """Take any change back; one that began a school year only until its first day, a merge without losing anything."""
    if change.kind == Change.Kind.MERGE:
        return unmerge(change, by=by)
    rollover = Rollover.objects.filter(change=change).first()
    if rollover is not None:
        return take_back_year(rollover, by=by)
    return undoing.undo(change, by=by)


def check_not_begun(change: Change) -> None:
    """Raise ``CannotChange`` for a change that began a school year whose first day has come."""
    rollover = Rollover.objects.filter(change=change).first() or Rollover.objects.filter(turned=change).first()
    if rollover is not None and rollover.begins <= clock.today():
        raise CannotChange(_("The school year has begun; what is wrong in it is corrected pupil by pupil."))


def _due() -> list[Rollover]:
    waiting = Rollover.objects.filter(begins__lte=clock.today(), change__isnull=False, turned=None)
    return list(waiting.select_related("change__undone_by").prefetch_related("events"))
