"""What a guardian agreed to ends with the guardianship; what others agreed to, goes on."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from terakoya.access import api, majority
from terakoya.access.actors import actor_of_account
from terakoya.access.former import REASON, end_what_former_guardians_gave
from terakoya.kit import clock
from terakoya.roster.models import AddressProtection, Guardianship, Person
from tests.access.conftest import STORE, terms_for
from tests.access.school import School, make_school


@pytest.fixture
def school(db: None, node_kind: Callable[[str], object]) -> School:
    node_kind("city")
    made = make_school()
    AddressProtection.objects.all().delete()
    return made


@pytest.fixture
def child(school: School) -> UUID:
    return school.pupils[0]


def given(school: School, who: str) -> api.Consent:
    by = actor_of_account(getattr(school, who))
    terms = terms_for(school.pupils[0], STORE, purpose="own_use", categories=("activity.learning_school",))
    return api.give_consent(terms, by=by, capacity="guardian")


def state(consent: api.Consent) -> str:
    return api.state_of(api.consent(consent.uuid))


def ends(school: School, days: int) -> None:
    """The guardianship of the second guardian ends in so many days."""
    former = actor_of_account(school.second_guardian).person
    Guardianship.objects.filter(guardian=former).update(ends=clock.today() + timedelta(days=days))


def test_on_the_day_a_guardianship_has_ended_nothing_goes_on_to_the_former_guardian_s_store(school: School) -> None:
    consent = given(school, "second_guardian")
    ends(school, 0)
    assert end_what_former_guardians_gave() == 1
    assert state(consent) == "withdrawn"
    (end,) = [event for event in api.consent(consent.uuid).events.all() if event.kind == "withdrawn"]
    assert (end.by, end.reason) == (None, REASON)


def test_before_that_day_it_goes_on(school: School) -> None:
    consent = given(school, "second_guardian")
    ends(school, 1)
    assert end_what_former_guardians_gave() == 0 and state(consent) == "given"


def test_what_the_other_guardian_agreed_to_goes_on(school: School) -> None:
    consent, _other = given(school, "guardian"), given(school, "second_guardian")
    ends(school, 0)
    assert end_what_former_guardians_gave() == 1 and state(consent) == "given"


def test_what_passed_to_the_learner_on_the_birthday_is_no_end_of_a_guardianship(school: School, child: UUID) -> None:
    born = clock.today().replace(year=clock.today().year - 18) + timedelta(days=20)
    Person.objects.filter(uuid=child).update(birth_date=born)
    consent = given(school, "guardian")
    new = majority.continue_alone(consent.uuid, by=actor_of_account(school.pupil))
    with time_machine.travel(clock.now() + timedelta(days=21)):
        assert end_what_former_guardians_gave() == 0
        assert (state(consent), state(new)) == ("superseded", "given")


def test_it_is_done_once(school: School) -> None:
    given(school, "second_guardian")
    ends(school, 0)
    assert [end_what_former_guardians_gave() for _ in range(2)] == [1, 0]


def test_a_store_without_a_roster_ends_nothing(school: School, node_kind: Callable[[str], object]) -> None:
    consent = given(school, "second_guardian")
    ends(school, 0)
    node_kind("pds")
    assert end_what_former_guardians_gave() == 0 and state(consent) == "given"
