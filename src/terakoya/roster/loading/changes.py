"""What a package of changes says of single rows: births, what is gone, and what rests on either."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl

from terakoya.roster.changing import AT_ONCE, Writing
from terakoya.roster.models import (
    AddressProtection,
    ClassTerm,
    Enrolment,
    Guardianship,
    Person,
    Role,
    SchoolClass,
    UserProfile,
)
from terakoya.roster.periods import Allowed, is_over

from .part import in_parts
from .spans import Spans


def put_births(births: pl.DataFrame, writing: Writing, allowed: Allowed) -> int:
    """Give people their birth date and sex; how many have others now. allowed: lets through what may be written"""
    changed = 0
    for part in births.iter_slices(AT_ONCE):
        rows = {key: {"birth_date": birth, "sex": sex} for key, birth, sex in _births_of(part)}
        people = Person.objects.filter(sourced_id__in=list(rows), ended=None)
        changed += writing.update(allowed((person, rows[person.sourced_id]) for person in people))
    return changed


def follow_sessions(
    changed: Collection[int], named: Iterable[SchoolClass], delivered: Collection[UUID], writing: Writing
) -> None:
    """Let classes last as long as their sessions, where a session has other days now, and enrolments as their classes.

    named: classes that the package names; each must know its days afterwards. delivered: the keys of those that have
    them already
    """
    known = {row.pk: row for row in named}
    followed = {key: known[key] for key in delivered}
    touched = set(ClassTerm.objects.filter(session__in=changed).values_list("school_class", flat=True))
    for some in in_parts(touched - set(followed)):
        days: dict[UUID, list[tuple[date, date]]] = {}
        for term in ClassTerm.objects.filter(school_class__in=some).select_related("session"):
            days.setdefault(term.school_class_id, []).append((term.session.begins, term.session.ends))
        classes = [known.get(row.pk, row) for row in SchoolClass.objects.filter(pk__in=some)]
        writing.update(
            (row, {"begins": min(one for one, _ in days[row.pk]), "ends": max(one for _, one in days[row.pk])})
            for row in classes
        )
        followed |= {row.pk: row for row in classes}
    _follow_classes(followed, writing)


def _follow_classes(classes: Mapping[UUID, SchoolClass], writing: Writing) -> None:
    """Enrolments that last as long as their class did, last as long as it does now."""
    was = {row.pk: (writing.before(row)("begins"), writing.before(row)("ends")) for row in classes.values()}
    moved = {key: days for key, days in was.items() if days != (classes[key].begins, classes[key].ends)}
    for some in in_parts(moved):
        rows = Enrolment.objects.living().filter(school_class__in=some)
        writing.update((row, _moved(row, moved[row.school_class_id], classes[row.school_class_id])) for row in rows)


def _moved(row: Enrolment, was: tuple[date, date], now: SchoolClass) -> dict[str, date]:
    begins, ends = was
    facts = {"stated_begins": now.begins} if row.stated_begins == begins else {}
    facts |= {"begins": now.begins} if row.begins == begins and facts else {}
    return facts | ({"ends": max(now.ends, facts.get("begins", row.begins))} if row.ends == ends else {})


def end_classes(keys: Iterable[str], enrolments: Spans) -> None:
    """Nobody is in a class that is gone."""
    for some in in_parts(keys):
        _end(enrolments, Enrolment.objects.living().filter(school_class__sourced_id__in=some))


def end_people(keys: Iterable[str], enrolments: Spans, roles: Spans, writing: Writing, day: date) -> set[UUID]:
    """People who are gone are kept without roles, classes, accounts in applications and ties; who was not gone yet."""
    ended = set[UUID]()
    for some in in_parts(keys):
        people = list(Person.objects.filter(sourced_id__in=some, ended=None))
        of = [person.pk for person in people]
        writing.update((person, {"ended": day}) for person in people)
        _end(enrolments, Enrolment.objects.living().filter(person__in=of))
        _end(roles, Role.objects.living().filter(person__in=of))
        for model, sides in ((Guardianship, ("guardian", "child")), (AddressProtection, ("person", "hidden_from"))):
            for side in sides:
                pairs: Any = model._default_manager.filter(closed_by=None, **{f"{side}__in": of})
                writing.close([row for row in pairs if not is_over(row, day)], day)
        accounts = UserProfile.objects.filter(person__in=of, ended=None)
        writing.update((account, {"ended": day}) for account in accounts)
        ended |= set(of)
    return ended


def left_at_schools_of(closed: Iterable[Enrolment], day: date) -> int:
    """How many enrolments hold on a day at the schools of those that were closed."""
    schools = {
        school
        for some in in_parts(row.school_class_id for row in closed)
        for school in SchoolClass.objects.filter(pk__in=some).values_list("school", flat=True)
    }
    held = Enrolment.objects.on(day).living()
    return sum(held.filter(school_class__school__in=some).count() for some in in_parts(schools))


def _births_of(births: pl.DataFrame) -> Iterable[tuple[str, date | None, str]]:
    return births.select("key", "birth_date", pl.col("sex").fill_null("")).iter_rows()


def _end(spans: Spans, rows: Any) -> None:
    spans.end_rows([row for row in rows if not is_over(row, spans.day)])
