from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from pytest_django import Settings

from terakoya.access import ages, api, majority
from terakoya.access.ages import Birth
from terakoya.access.errors import ConsentRefused
from terakoya.kit import clock
from terakoya.standards.ages import birthday

from .conftest import Family, terms_for

USE = ("http://juku.example", "tutoring", "activity.learning_school")


@pytest.fixture
def known() -> Iterator[dict[UUID, Birth]]:
    """Birth dates by person."""
    book: dict[UUID, Birth] = {}
    before = list(ages._finders)
    api.register_births(lambda people: {key: book[key] for key in people if key in book})
    yield book
    ages._finders[:] = before


def born(years: int, *, days_ago: int = 0) -> Birth:
    """Somebody whose birthday of so many years was some days ago."""
    return Birth(birthday(clock.today() - timedelta(days=days_ago), -years))


def given(family: Family) -> api.Consent:
    return api.give_consent(terms_for(family.child), by=family.guardian, capacity="guardian")


def state(consent: api.Consent) -> str:
    return api.state_of(api.consent(consent.uuid))


@pytest.mark.parametrize(
    ("birth", "decides"),
    [
        (None, "guardian"),
        (born(12, days_ago=-1), "guardian"),
        (born(12), "guardian_assent"),
        (born(18, days_ago=-1), "guardian_assent"),
        (born(18), "self"),
    ],
)
def test_who_decides_changes_on_the_birthday(birth: Birth | None, decides: str) -> None:
    assert ages.who_decides(birth, clock.today()) == decides


def test_of_a_year_of_school_the_youngest_age_counts() -> None:
    known = ages.by_grade(6)
    assert known is not None and not known.known
    assert ages.who_decides(known, date(clock.school_year(clock.today()), 4, 2)) == "guardian"


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[[band]]\ndecides = "self"\n',
        '[[band]]\ndecides = "guardian"\nuntil = 16\n[[band]]\ndecides = "self"\n',
        '[[band]]\ndecides = "nobody"\nuntil = 18\n[[band]]\ndecides = "self"\n',
        '[[band]]\ndecides = "guardian"\nuntil = 18\n[[band]]\ndecides = "guardian"\n',
    ],
)
def test_ages_that_the_law_does_not_allow_are_refused(text: str, tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "ages.toml").write_text(text)
    settings.AGES_FILE = str(tmp_path / "ages.toml")
    with pytest.raises((ValueError, KeyError)):
        ages.bands()


def test_another_file_moves_the_age_of_assent(tmp_path: Path, settings: Settings) -> None:
    rows = '[[band]]\ndecides = "guardian"\nuntil = 10\n[[band]]\ndecides = "guardian_assent"\nuntil = 18\n'
    (tmp_path / "ages.toml").write_text(f'{rows}[[band]]\ndecides = "self"\n')
    settings.AGES_FILE = str(tmp_path / "ages.toml")
    assert ages.who_decides(born(10), clock.today()) == "guardian_assent"


@pytest.mark.django_db
def test_from_twelve_on_a_guardian_s_yes_waits_for_the_child_s(family: Family, known: dict[UUID, Birth]) -> None:
    known[family.child] = born(12)
    consent = given(family)
    assert (state(consent), family.child in api.living_consents(*USE)) == ("awaiting_assent", False)
    api.answer(consent.uuid, by=family.themselves, says="yes")
    assert (state(consent), family.child in api.living_consents(*USE)) == ("given", True)


@pytest.mark.django_db
def test_the_child_s_no_ends_it(family: Family, known: dict[UUID, Birth]) -> None:
    known[family.child] = born(12)
    consent = given(family)
    api.answer(consent.uuid, by=family.themselves, says="no")
    assert state(consent) == "refused"


@pytest.mark.django_db
def test_nobody_answers_for_the_child(family: Family, known: dict[UUID, Birth]) -> None:
    known[family.child] = born(12)
    consent = given(family)
    for somebody in (family.guardian, family.stranger, api.NOBODY):
        with pytest.raises(ConsentRefused):
            api.answer(consent.uuid, by=somebody, says="yes")
    assert state(consent) == "awaiting_assent"


@pytest.mark.django_db
@pytest.mark.parametrize(("years", "after"), [(11, "given"), (12, "withdrawn")])
def test_a_young_child_objects_and_an_older_one_ends_it(
    family: Family, known: dict[UUID, Birth], years: int, after: str
) -> None:
    consent = given(family)
    known[family.child] = born(years)
    api.stop(consent.uuid, by=family.themselves)
    assert state(consent) == after
    assert [case.kind for case in api.open_disagreements()] == (["child"] if years < 12 else [])


@pytest.mark.django_db
def test_a_stranger_stops_nothing(family: Family) -> None:
    consent = given(family)
    with pytest.raises(ConsentRefused):
        api.stop(consent.uuid, by=family.stranger)
    assert state(consent) == "given"


@pytest.mark.django_db
def test_a_guardian_s_consent_lapses_on_the_birthday(family: Family, known: dict[UUID, Birth]) -> None:
    known[family.child] = born(18, days_ago=-30)
    consent = given(family)
    api.answer(consent.uuid, by=family.themselves, says="yes")
    eve, day = (clock.now() + timedelta(days=days) for days in (29, 30))
    assert [api.state_of(api.consent(consent.uuid), at) for at in (eve, day)] == ["given", "lapsed_at_majority"]


@pytest.mark.django_db
def test_what_the_learner_said_yes_to_goes_on_without_a_gap(family: Family, known: dict[UUID, Birth]) -> None:
    known[family.child] = born(18, days_ago=-30)
    old = given(family)
    api.answer(old.uuid, by=family.themselves, says="yes")
    new = api.continue_alone(old.uuid, by=family.themselves)
    assert api.continue_alone(old.uuid, by=family.themselves) == new
    for days, lives in ((0, old), (29, old), (30, new), (60, new)):
        at = clock.now() + timedelta(days=days)
        assert api.living_consent(family.child, USE[0], USE[2], USE[1], at) == lives


@pytest.mark.django_db
def test_the_learner_is_not_asked_more_than_ninety_days_before(family: Family, known: dict[UUID, Birth]) -> None:
    known[family.child] = born(18, days_ago=-91)
    consent = given(family)
    assert api.lapsing_soon(family.child) == []
    with pytest.raises(ConsentRefused):
        api.continue_alone(consent.uuid, by=family.themselves)


@pytest.mark.django_db
def test_a_birth_date_told_later_ends_what_it_ends(family: Family, known: dict[UUID, Birth]) -> None:
    consent = given(family)
    known[family.child] = born(18)
    assert majority.lapse() == 1
    assert state(consent) == "lapsed_at_majority"


@pytest.mark.django_db
@pytest.mark.parametrize("told", [True, False])
def test_a_decision_holds_the_birthday_however_late_the_node_learnt_it(
    family: Family, known: dict[UUID, Birth], told: bool
) -> None:
    use = (api.partner_actor(USE[0], "さくら塾", "juku"), USE[2], USE[1], family.child)
    if told:
        known[family.child] = born(18, days_ago=-30)
    consent = given(family)
    if told:
        api.answer(consent.uuid, by=family.themselves, says="yes")
    known[family.child] = born(18, days_ago=-30)
    on = [clock.today() + timedelta(days=days) for days in (0, 29, 30)]
    permitted = []
    for day in on:
        with time_machine.travel(datetime(day.year, day.month, day.day, 3, tzinfo=UTC)):
            permitted.append(api.may(*use).permitted)
    assert permitted == [True, True, False]
