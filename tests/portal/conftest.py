"""A class of year 5 with records in arithmetic and science, its teachers and a family."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from terakoya.identity.api import Account
from terakoya.roster.models import Person, SchoolClass
from terakoya.standards.xapi_japan import EXTENSIONS
from tests.access.school import School, make_school
from tests.records.conftest import Lrs, statement

FRACTIONS, SOLIDS, POLYGONS = "8231053200000000", "8232053100000000", "8232053200000000"
PENDULUM = "8241053100000000"
Open = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        yield


@pytest.fixture
def school(db: None) -> School:
    made = make_school(4)
    SchoolClass.objects.filter(title="5年2組").update(grades="P5")
    SchoolClass.objects.filter(title="理科5-2").update(grades="P5", subject_codes="P040")
    for key, name, kana in (("p0", "秋山 一", "アキヤマ ハジメ"), ("p1", "井上 二", "イノウエ ツグ")):
        family, given = name.split()
        kana_family, kana_given = kana.split()
        Person.objects.filter(sourced_id=key).update(
            display_family=family, display_given=given, kana_family=kana_family, kana_given=kana_given
        )
    Person.objects.filter(sourced_id="g1").update(address="みなみ町1-2-3", phone="000-1111-2222")
    Person.objects.filter(sourced_id="g2").update(address="きた町9-8-7", phone="000-9999-8888")
    return made


def scored(person: object, unit: str, scaled: float, subject: str = "P030", day: str = "2026-10-08") -> dict:
    """A statement about one unit."""
    ties = {"course-of-study-code": [unit], "subject": [subject], "grade": ["P5"]}
    context = {"extensions": {f"{EXTENSIONS}{name}": value for name, value in ties.items()}}
    return statement(person, scaled, context=context, timestamp=f"{day}T10:15:00+09:00")  # type: ignore[arg-type]


@pytest.fixture
def records(school: School) -> School:
    """The first pupil is stuck in three units, the second in none, the third took one, the fourth nothing."""
    first, second, third, _fourth = school.pupils
    Lrs("drill", ["statements/write"]).post(
        [
            *(scored(first, unit, 0.2) for unit in (FRACTIONS, SOLIDS, POLYGONS)),
            *(scored(second, unit, 0.95, day="2026-05-08") for unit in (FRACTIONS, SOLIDS)),
            scored(third, FRACTIONS, 0.5),
            scored(first, PENDULUM, 0.7, "P040"),
        ]
    )
    return school


@pytest.fixture
def open_page(client: Client) -> Open:
    """A function that opens a page by its name as somebody, in English unless said."""

    def open_it(account: Account | None, name: str, *args: object, language: str = "en", **query: str) -> HttpResponse:
        if account:
            client.force_login(account)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client.get(reverse(name, args=args), query)

    return open_it
