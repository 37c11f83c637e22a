"""What the town's pupils learned, as xAPI statements that enter by the record store's own door."""

import math
import random
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import httpx
import msgspec

from terakoya.kit import clock
from terakoya.standards import course_of_study
from terakoya.standards.course_of_study import Item
from terakoya.standards.xapi_japan import CODE, GRADE, SUBJECT, UNIT

from .names import DATA
from .town import Pupil, Town

MONTHS = 8
PER_PUPIL = 24
BATCH = 500
FEWEST_DAYS = 10  # a school year that shows less than two weeks is left out
GRADES = ("P1", "P2", "P3", "P4", "P5", "P6", "J1", "J2", "J3")
VERBS = "http://adlnet.gov/expapi/verbs/"
ACTIVITY_TYPES = "http://adlnet.gov/expapi/activities/"


class PostRefused(Exception):
    """The record store did not take a batch; the message holds its answer."""


@dataclass(frozen=True)
class _Lesson:
    """A unit that a pupil learns, on which school days, with how many drills before its test."""

    item: Item
    grade: str
    days: list[date]
    drills: int


def statements_of(town: Town, city_url: str) -> Iterator[dict[str, Any]]:
    """The learning of the eight months before the town's day, in the order in which it happened; about 22 a pupil.

    Each pupil has an ability in each subject and each unit a difficulty; scores follow from both and rise with
    practice. The same town gives the same statements, ids included. ``city_url`` is the address of the city's node, for
    which the pupils' keys are valid.
    """
    days = school_days(town.as_of)
    pilots = _pilots(town)
    found: list[dict[str, Any]] = []
    for pupil in town.pupils:
        lot = random.Random(f"{town.seed}/{pupil.uuid}")  # each pupil's own, so that a smaller town is part of a larger
        lessons = _lessons(pupil, days, town.as_of, pupil.uuid in pilots)
        abilities = {subject: lot.gauss(0.9, 0.8) for subject in sorted({each.item.subject for each in lessons})}
        for lesson in lessons:
            found += _learned(lot, pupil, lesson, abilities[lesson.item.subject], city_url)
    found.sort(key=lambda statement: (statement["timestamp"], statement["id"]))
    yield from found


def post_statements(
    statements: Iterable[dict[str, Any]],
    url: str,
    key: str,
    secret: str,
    progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Send statements to a record store and return how many it took; ``url`` is where it takes statements.

    In batches of 500, each stored whole or not at all; sent twice, they are stored once. ``progress`` hears the number
    sent so far. Raises ``PostRefused`` when the store refuses.
    """
    sent = 0
    headers = {"X-Experience-API-Version": "2.0.0", "Content-Type": "application/json"}
    with httpx.Client(auth=(key, secret), headers=headers, timeout=60) as client:
        for batch in _batches(statements):
            answer = client.post(url, content=msgspec.json.encode(batch))
            if answer.status_code != 200:
                raise PostRefused(f"{answer.status_code}: {answer.text[:500]}")
            sent += len(batch)
            progress(sent)
    return sent


def school_days(as_of: date) -> list[date]:
    """The days with lessons in the eight months before a day: no weekend, no holiday."""
    first = as_of - timedelta(days=MONTHS * 61 // 2)
    every = (first + timedelta(days=count) for count in range((as_of - first).days))
    return [day for day in every if day.weekday() < 5 and not _is_holiday(day)]


def _is_holiday(day: date) -> bool:
    return any(begin <= f"{day:%m-%d}" <= end for begin, end in _words()["holidays"]["ranges"])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((DATA / "records.toml").read_text(encoding="utf-8"))


def _pilots(town: Town) -> set[UUID]:
    pilot = _words()["pilot"]
    pupils = sorted((each for each in town.pupils if each.grade == pilot["grade"]), key=lambda each: each.sourced_id)
    return {each.uuid for each in pupils[: pilot["pupils"]]}


def _lessons(pupil: Pupil, days: list[date], as_of: date, is_pilot: bool) -> list[_Lesson]:
    """The units of each school year that the days touch, in the order of teaching, each with its stretch of days."""
    lessons: list[_Lesson] = []
    this_year = clock.school_year(as_of)
    for year in sorted({clock.school_year(day) for day in days}):
        of_year = [day for day in days if clock.school_year(day) == year]
        place = GRADES.index(pupil.grade) - (this_year - year)
        if place >= 0 and len(of_year) >= FEWEST_DAYS:
            units = _units(GRADES[place], is_pilot and year == this_year)
            share = PER_PUPIL * len(of_year) / len(days)
            lessons += _spread(units, GRADES[place], of_year, share)
    return lessons


def _units(grade: str, is_pilot: bool) -> list[tuple[Item, ...]]:
    units = [course_of_study.items_of(subject, grade) for subject in course_of_study.subjects_in(grade)]
    pilot = _words()["pilot"]
    return [*units, course_of_study.items_of(pilot["subject"], pilot["of_grade"])] if is_pilot else units


def _spread(units: list[tuple[Item, ...]], grade: str, days: list[date], share: float) -> list[_Lesson]:
    """Give the units of each subject stretches of days, and a number of drills so that all fill the share."""
    whole = sum(len(items) for items in units)
    drills = max(0.0, share / whole - 1)
    lessons = []
    for items in units:
        for place, item in enumerate(items):
            stretch = days[len(days) * place // len(items) : len(days) * (place + 1) // len(items)]
            number = round(drills * (place + 1)) - round(drills * place)
            if stretch:
                lessons.append(_Lesson(item, grade, stretch, number))
    return lessons


def _learned(
    lot: random.Random, pupil: Pupil, lesson: _Lesson, ability: float, city_url: str
) -> Iterator[dict[str, Any]]:
    """The drills and the test of one unit; now and then a pupil is away and misses one."""
    days = sorted(lot.choices(lesson.days, k=lesson.drills + 1))
    for number, day in enumerate(days, start=1):
        is_test = number == len(days)
        chance = _chance(ability - _difficulty(lesson.item.code) + 0.25 * (number - 1) + lot.gauss(0, 0.35))
        at = datetime.combine(day, time(8, 45), clock.JAPAN) + timedelta(seconds=lot.randrange(6 * 3600 + 1800))
        statement_id = UUID(int=lot.getrandbits(128), version=4)
        if lot.random() < 0.97:
            most = 20 if is_test else 10
            raw = sum(lot.random() < chance for _ in range(most))
            yield _statement(statement_id, pupil, lesson, at, "" if is_test else str(number), raw, most, city_url)


def _chance(level: float) -> float:
    return 1 / (1 + math.exp(-level))


@cache
def _difficulty(code: str) -> float:
    """How hard a unit is: the same for all pupils and all seeds."""
    return random.Random(f"difficulty/{code}").gauss(0, 0.7)


def _statement(
    statement_id: UUID, pupil: Pupil, lesson: _Lesson, at: datetime, drill: str, raw: int, most: int, city_url: str
) -> dict[str, Any]:
    """One statement in the shape of the Japan xAPI Assessment Profile: a drill answered, or a unit's test completed."""
    words, item = _words()["materials"], lesson.item
    name = words["drill"].format(unit=item.ja, number=drill) if drill else words["test"].format(unit=item.ja)
    english = f"{item.en}, exercise {drill}" if drill else f"{item.en}, unit test"
    kind, done = ("cmi.interaction", "answered") if drill else ("assessment", "completed")
    scaled = round(raw / most, 7)
    return {
        "id": str(statement_id),
        "actor": {"objectType": "Agent", "account": {"homePage": city_url, "name": str(pupil.uuid)}},
        "verb": {"id": f"{VERBS}{done}", "display": {"en": done}},
        "object": {
            "objectType": "Activity",
            "id": f"{words['address']}/{item.code}/{f'drill-{drill}' if drill else 'test'}",
            "definition": {"type": f"{ACTIVITY_TYPES}{kind}", "name": {"ja-JP": name, "en": english}},
        },
        "result": {
            "score": {"scaled": scaled, "raw": raw, "min": 0, "max": most},
            # an answer is right or not; a test that was completed was reached to its end (Assessment Profile 1.0.0)
            "success": scaled >= 0.6 if drill else True,
            "duration": f"PT{most // 2 + raw % 7}M{raw * 7 % 60}S",
            **({} if drill else {"completion": True}),
        },
        "context": {
            "language": "ja-JP",
            "platform": words["platform"],
            "extensions": {
                CODE: [item.code],
                SUBJECT: [item.subject],
                GRADE: [lesson.grade],
                UNIT: [item.ja],
            },
        },
        "timestamp": at.isoformat(),
        "version": "2.0.0",
    }


def _batches(statements: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for statement in statements:
        batch.append(statement)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
