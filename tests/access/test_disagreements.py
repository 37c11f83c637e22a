from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from terakoya.access import api, disagreements
from terakoya.access.errors import ConsentRefused
from terakoya.kit import clock

from .conftest import Family, terms_for

pytestmark = pytest.mark.django_db
CLERK = api.Actor("establisher", "administrator", "窓口", "教育委員会")
Book = dict[tuple[UUID | None, UUID], str]


@pytest.fixture
def other(family: Family, relations: Book) -> api.Actor:
    """The child's second guardian."""
    person = uuid4()
    relations[(person, family.child)] = "guardian"
    return api.Actor("student", "guardian", "田中 四", "家庭", person=person)


def given(family: Family, by: api.Actor, **changes: object) -> api.Consent:
    return api.give_consent(terms_for(family.child, **changes), by=by, capacity="guardian")


def state(consent: api.Consent) -> str:
    return api.state_of(api.consent(consent.uuid))


def kinds() -> list[str]:
    return [case.kind for case in disagreements.open_disagreements()]


def test_a_no_of_one_guardian_pauses_the_yes_of_the_other_and_a_person_is_asked(
    family: Family, other: api.Actor
) -> None:
    consent = given(family, family.guardian)
    api.refuse_consent(terms_for(family.child), by=other, capacity="guardian")
    assert (state(consent), kinds()) == ("paused", ["guardians"])


def test_a_yes_after_the_other_s_no_is_paused_from_the_start(family: Family, other: api.Actor) -> None:
    api.refuse_consent(terms_for(family.child), by=other, capacity="guardian")
    assert state(given(family, family.guardian)) == "paused"


def test_it_goes_on_by_itself_when_both_say_yes_and_the_case_ends(family: Family, other: api.Actor) -> None:
    consent = given(family, family.guardian)
    api.refuse_consent(terms_for(family.child), by=other, capacity="guardian")
    given(family, other)
    assert (state(consent), kinds()) == ("given", [])


def test_ending_what_the_other_gave_ends_it_and_opens_a_case(family: Family, other: api.Actor) -> None:
    consent = given(family, family.guardian)
    api.stop(consent.uuid, by=other)
    assert (state(consent), kinds()) == ("withdrawn", ["guardians"])
    assert state(given(family, family.guardian)) == "paused"


def test_ending_one_s_own_says_nothing_about_the_other_s(family: Family, other: api.Actor) -> None:
    mine, theirs = given(family, family.guardian), given(family, other)
    api.stop(theirs.uuid, by=other)
    assert (state(mine), kinds()) == ("given", [])


def test_two_wishes_are_cut_down_to_what_both_permit(family: Family, other: api.Actor) -> None:
    sooner = clock.today() + timedelta(days=20)
    mine = given(family, family.guardian, scope={"subjects": ["P030", "P010"]})
    given(family, other, scope={"subjects": ["P010", "P020"]}, valid_until=sooner)
    left = api.effective(api.consent(mine.uuid))
    assert left is not None
    assert (left.scope["subjects"], left.valid_until) == (["P010"], sooner)


def test_wishes_without_anything_in_common_permit_nothing(family: Family, other: api.Actor) -> None:
    mine = given(family, family.guardian, scope={"subjects": ["P030"]})
    theirs = given(family, other, scope={"subjects": ["P020"]})
    assert (state(mine), state(theirs), kinds()) == ("paused", "paused", ["guardians"])


def test_the_no_of_a_former_guardian_counts_no_more(family: Family, other: api.Actor, relations: Book) -> None:
    consent = given(family, family.guardian)
    api.refuse_consent(terms_for(family.child), by=other, capacity="guardian")
    del relations[(other.person, family.child)]
    [case] = disagreements.open_disagreements()
    disagreements.close(case.uuid, by=CLERK, outcome="agreed", reason="no guardian any more")
    assert (state(consent), kinds()) == ("given", [])


def test_a_clerk_cannot_permit_what_a_guardian_refused(family: Family, other: api.Actor) -> None:
    consent = given(family, family.guardian)
    api.refuse_consent(terms_for(family.child), by=other, capacity="guardian")
    [case] = disagreements.open_disagreements()
    for outcome, holds in (("agreed", None), ("talked", None), ("court", None), ("court", uuid4())):
        with pytest.raises(ConsentRefused) as refused:
            disagreements.close(case.uuid, by=CLERK, outcome=outcome, reason="because", holds=holds)
        assert refused.value.reason == "disagreement"
    assert (state(consent), kinds()) == ("paused", ["guardians"])


@pytest.mark.parametrize(("holds_the_yes", "after"), [(True, "given"), (False, "withdrawn")])
def test_a_court_s_decision_lets_one_word_hold(
    family: Family, other: api.Actor, holds_the_yes: bool, after: str
) -> None:
    consent = given(family, family.guardian)
    api.refuse_consent(terms_for(family.child), by=other, capacity="guardian")
    [case] = disagreements.open_disagreements()
    holds = family.guardian.person if holds_the_yes else other.person
    end = disagreements.close(case.uuid, by=CLERK, outcome="court", reason="家裁 令和8年(家)第1号", holds=holds)
    assert (state(consent), end.reason, kinds()) == (after, "家裁 令和8年(家)第1号", [])


def test_without_a_reason_nothing_is_closed(family: Family, other: api.Actor) -> None:
    api.stop(given(family, family.guardian).uuid, by=other)
    [case] = disagreements.open_disagreements()
    with pytest.raises(ConsentRefused):
        disagreements.close(case.uuid, by=CLERK, outcome="agreed", reason=" ")
    assert kinds() == ["guardians"]


def test_a_paused_consent_permits_nothing_and_can_still_be_ended(family: Family, other: api.Actor) -> None:
    consent = given(family, family.guardian)
    api.refuse_consent(terms_for(family.child), by=other, capacity="guardian")
    use = ("http://juku.example", "tutoring", "activity.learning_school")
    assert family.child not in api.living_consents(*use)
    api.stop(consent.uuid, by=family.guardian)
    assert state(consent) == "withdrawn"
