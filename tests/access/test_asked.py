"""What is asked of whom, in one list."""

from uuid import UUID

import pytest

from terakoya.access import api
from terakoya.access.ages import Birth
from terakoya.access.answering import choices
from terakoya.access.errors import ConsentRefused

from .conftest import Family
from .test_ages import born, given, known  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
HOLDER = "http://city.example"


@pytest.fixture(autouse=True)
def itself(family: Family, relations: dict[tuple[UUID | None, UUID], str]) -> None:
    relations[(family.child, family.child)] = "self"


def asked(reader: api.Actor, family: Family) -> list[str]:
    return [one.kind for one in api.asked_of(reader, [family.child])]


def from_elsewhere(consent: api.Consent, band: str = "guardian_assent") -> api.Consent:
    """The same as a copy of what was agreed to at another node."""
    api.Consent.objects.filter(pk=consent.pk).update(source=HOLDER, holder=HOLDER, holder_name="あおば市", band=band)
    return api.consent(consent.uuid)


def test_nothing_is_asked_where_nothing_was_agreed_to(family: Family) -> None:
    assert asked(family.guardian, family) == asked(family.themselves, family) == []


def test_a_young_child_is_told_and_the_guardian_is_asked_nothing(family: Family) -> None:
    given(family)
    assert asked(family.themselves, family) == ["told"]
    assert asked(family.guardian, family) == []


def test_an_objection_is_the_family_s_to_talk_about(family: Family) -> None:
    api.stop(given(family).uuid, by=family.themselves)
    assert asked(family.guardian, family) == ["objected"]
    assert asked(family.themselves, family) == []


def test_a_question_of_the_child_stands_with_the_guardian(family: Family) -> None:
    api.answer(given(family).uuid, by=family.themselves, says="ask")
    assert asked(family.guardian, family) == ["question"]


def test_from_twelve_on_the_child_s_answer_is_waited_for(family: Family, known: dict[UUID, Birth]) -> None:  # noqa: F811
    known[family.child] = born(13)
    consent = given(family)
    [one] = api.asked_of(family.themselves, [family.child])
    assert one.kind == "answer" and one.waits_for_the_reader
    assert asked(family.guardian, family) == ["waits"]
    api.answer(consent.uuid, by=family.themselves, says="yes")
    assert asked(family.themselves, family) == asked(family.guardian, family) == []


def test_near_the_eighteenth_birthday_the_learner_is_asked_anew(family: Family, known: dict[UUID, Birth]) -> None:  # noqa: F811
    known[family.child] = born(18, days_ago=-30)
    api.answer(given(family).uuid, by=family.themselves, says="yes")
    assert asked(family.themselves, family) == ["go_on"]


def test_nothing_is_asked_of_strangers_or_about_what_has_ended(family: Family) -> None:
    consent = given(family)
    assert asked(family.stranger, family) == []
    api.withdraw(consent.uuid, by=family.guardian)
    assert asked(family.themselves, family) == []


def test_a_yes_is_said_where_the_records_are(family: Family, known: dict[UUID, Birth]) -> None:  # noqa: F811
    known[family.child] = born(13)
    copy = from_elsewhere(given(family))
    assert asked(family.themselves, family) == ["elsewhere"]
    with pytest.raises(ConsentRefused) as refused:
        api.answer(copy.uuid, by=family.themselves, says="yes")
    assert refused.value.reason == "source"
    assert api.state_of(api.consent(copy.uuid)) == "awaiting_assent"


def test_a_no_counts_at_a_copy_too(family: Family, known: dict[UUID, Birth]) -> None:  # noqa: F811
    known[family.child] = born(13)
    copy = from_elsewhere(given(family))
    api.answer(copy.uuid, by=family.themselves, says="no")
    assert api.state_of(api.consent(copy.uuid)) == "refused"


def test_a_child_may_stop_at_a_copy_what_it_may_stop_where_it_was_given(family: Family) -> None:
    """This node does not know the birthday; the node at which it was agreed to did."""
    copy = from_elsewhere(given(family))
    assert choices(copy, family.themselves).stop
    assert not choices(copy, family.themselves).object
    young = from_elsewhere(copy, band="guardian")
    assert not choices(young, family.themselves).stop
    assert choices(young, family.themselves).object
