from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.translation import override

from terakoya.access import api
from terakoya.access.errors import ConsentRefused, UnknownConsent
from terakoya.kit import clock

from .conftest import CRAM_SCHOOL, STORE, Family, terms_for

pytestmark = pytest.mark.django_db
JUKU = api.partner_actor(CRAM_SCHOOL, "さくら塾", "juku")


def given(family: Family, **changes: object) -> api.Consent:
    return api.give_consent(terms_for(family.child, **changes), by=family.guardian, capacity="guardian")


def asked_by(actor: api.Actor, family: Family, category: str = "activity.learning_school", purpose: str = "tutoring"):
    return api.may(actor, category, purpose, family.child)


def test_without_consent_a_cram_school_gets_nothing(family: Family) -> None:
    assert asked_by(JUKU, family).basis == "none"


def test_a_living_consent_permits_exactly_its_use(family: Family) -> None:
    consent = given(family)
    decision = asked_by(JUKU, family)
    assert (decision.basis, decision.consent) == ("consent", consent.uuid)
    assert decision.obligations["subjects"] == ["P030"]
    assert not asked_by(JUKU, family, category="subject.contact").permitted
    assert not asked_by(JUKU, family, purpose="own_use").permitted
    assert not asked_by(api.partner_actor("http://other.example", "別の塾", "juku"), family).permitted
    assert not api.may(JUKU, "activity.learning_school", "tutoring", uuid4()).permitted


def test_a_scope_beyond_the_consent_is_refused(family: Family) -> None:
    consent = given(family)
    use = (JUKU, "activity.learning_school", "tutoring", family.child)
    assert api.may(*use, scope=consent.scope).permitted
    assert not api.may(*use, scope={**consent.scope, "subjects": ["P010"]}).permitted
    assert not api.may(*use, scope={**consent.scope, "subjects": None}).permitted
    assert not api.may(*use, scope={**consent.scope, "from": "2020-01-01"}).permitted


def test_withdrawal_refuses_from_that_moment_and_says_so(family: Family) -> None:
    consent = given(family)
    api.withdraw(consent.uuid, by=family.guardian)
    decision = asked_by(JUKU, family)
    assert (decision.basis, decision.rule, decision.clause_id) == ("ban", "ban-revoked", "withdrawn")


def test_withdrawing_twice_is_withdrawing_once(family: Family) -> None:
    consent = given(family)
    heard: list[str] = []
    listener = api.on_event(lambda consent, event: heard.append(event.kind))
    try:
        for _time in range(2):
            assert api.state_of(api.withdraw(consent.uuid, by=family.guardian)) == "withdrawn"
    finally:
        from terakoya.access import events

        events.listeners.remove(listener)
    assert heard == ["withdrawn"]


def test_a_listener_that_fails_takes_the_withdrawal_back_with_it(family: Family) -> None:
    from terakoya.access import events

    consent = given(family)

    def fail(consent: api.Consent, event: api.ConsentEvent) -> None:
        raise RuntimeError("the outbox is full")

    events.listeners.append(fail)
    try:
        with pytest.raises(RuntimeError):
            api.withdraw(consent.uuid, by=family.guardian)
    finally:
        events.listeners.remove(fail)
    assert api.state_of(api.consent(consent.uuid)) == "given"


def test_a_new_consent_after_a_withdrawal_lives(family: Family) -> None:
    api.withdraw(given(family).uuid, by=family.guardian)
    second = given(family)
    assert asked_by(JUKU, family).consent == second.uuid


def test_a_consent_ends_with_its_last_day(family: Family) -> None:
    consent = given(family, valid_until=clock.today())
    later = clock.now() + timedelta(days=2)
    use = (family.child, CRAM_SCHOOL, "activity.learning_school", "tutoring")
    assert api.living_consent(*use) == consent
    assert api.living_consent(*use, at=later) is None
    assert api.state_of(consent, later) == "expired"


def test_a_refusal_is_remembered_and_opens_nothing(family: Family) -> None:
    consent = api.refuse_consent(terms_for(family.child), by=family.guardian, capacity="guardian")
    assert api.state_of(consent) == "refused"
    assert not asked_by(JUKU, family).permitted


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"purpose": "selective_screening"}, "purpose"),
        ({"purpose": "teaching"}, "purpose"),
        ({"purpose": "no such purpose"}, "purpose"),
        ({"categories": ("activity.learning_school", "subject.contact")}, "categories"),
        ({"categories": ()}, "categories"),
        ({"valid_until": clock.today() - timedelta(days=1)}, "period"),
        ({"valid_until": clock.today() + timedelta(days=400)}, "period"),
        ({"scope": {"from": "2026-09-01", "to": "2026-04-01"}}, "period"),
    ],
)
def test_terms_beyond_their_purpose_s_ceilings_are_refused(family: Family, changes: dict, reason: str) -> None:
    with pytest.raises(ConsentRefused) as refused:
        given(family, **changes)
    assert refused.value.reason == reason
    assert not api.consents_about(family.child)


def test_only_a_guardian_or_the_learner_can_agree(family: Family) -> None:
    terms = terms_for(family.child)
    for actor, capacity in (
        (family.stranger, "guardian"),
        (family.guardian, "self"),
        (family.themselves, "guardian"),
        (JUKU, "guardian"),
        (api.NOBODY, "self"),
    ):
        with pytest.raises(ConsentRefused) as refused:
            api.give_consent(terms, by=actor, capacity=capacity)
        assert refused.value.reason == "capacity"


def test_before_majority_the_learner_cannot_agree_alone(family: Family) -> None:
    with pytest.raises(ConsentRefused) as refused:
        api.give_consent(terms_for(family.child), by=family.themselves, capacity="self")
    assert refused.value.reason == "age"


def test_a_party_or_the_family_may_withdraw_and_nobody_else(family: Family) -> None:
    consent = given(family)
    assert api.may_withdraw(consent, family.guardian)
    assert not api.may_withdraw(consent, family.themselves)  # of unknown age: a young child objects
    assert api.may_withdraw(consent, JUKU)
    assert not api.may_withdraw(consent, family.stranger)
    assert not api.may_withdraw(consent, api.partner_actor("http://other.example", "別の塾", "juku"))


def test_terms_and_events_never_change(family: Family) -> None:
    consent = given(family)
    consent.purpose = "own_use"
    with pytest.raises(TypeError):
        consent.save()
    with pytest.raises(TypeError):
        consent.delete()
    with pytest.raises(TypeError):
        consent.events.get().delete()


def test_what_was_shown_is_kept_with_its_digest(family: Family) -> None:
    terms = terms_for(family.child)
    with override("en"):
        shown = api.notice_of(terms)
        consent = api.give_consent(terms, by=family.guardian, capacity="guardian")
    assert consent.notice == shown.text
    assert (consent.notice_digest, consent.notice_language) == (shown.digest, "en")
    assert "さくら塾" in shown.text and "mathematics" in shown.text


def test_each_language_has_its_own_notice(family: Family) -> None:
    texts = set()
    for language in ("ja", "ja-easy", "en"):
        with override(language):
            texts.add(api.notice_of(terms_for(family.child)).text)
    assert len(texts) == 3


def test_the_receipt_says_all_and_names_nobody(family: Family) -> None:
    consent = given(family)
    receipt = api.receipt(consent)
    record = receipt["dpv:hasRecordOfActivity"]
    assert receipt["dct:conformsTo"].startswith("https://w3id.org/dpv/schema/iso-27560")
    assert record["dpv:hasProcess"]["dpv:hasPurpose"]["dct:identifier"] == "tutoring"
    assert [event["@type"] for event in record["dpv:hasConsentStatus"]] == ["dpv:ConsentGiven"]
    assert record["dpv:hasNotice"]["tk:sha256"] == consent.notice_digest
    text = str(receipt)
    assert str(family.child) not in text
    assert family.guardian.name not in text


def test_a_recipient_keeps_a_copy_under_its_own_key(family: Family) -> None:
    receipt = api.receipt(given(family, recipient=STORE), subject="someone")
    number = str(uuid4())
    receipt["dpv:hasRecordOfActivity"]["dct:identifier"] = number  # as if it came from another node
    own_key = uuid4()
    copy = api.record_copy(receipt, subject=own_key, source_uri="http://city.example")
    assert (str(copy.uuid), copy.subject, api.state_of(copy)) == (number, own_key, "given")
    assert api.record_copy(receipt, subject=own_key, source_uri="http://city.example") == copy
    assert api.receipt(copy) == receipt
    with pytest.raises(ValueError, match="elsewhere"):
        api.record_copy(receipt, subject=own_key, source_uri="http://evil.example")


@pytest.mark.parametrize("path", [("dct:conformsTo",), ("dpv:hasRecordOfActivity", "dpv:hasProcess", "dpv:hasPurpose")])
def test_a_receipt_of_another_shape_is_not_kept(family: Family, path: tuple[str, ...]) -> None:
    receipt = api.receipt(given(family))
    place = receipt
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = {"dct:identifier": "inner_life_of_all"}
    before = api.Consent.objects.count()
    with pytest.raises((ValueError, KeyError, TypeError)):
        api.record_copy(receipt, subject=uuid4(), source_uri="http://city.example")
    assert api.Consent.objects.count() == before


def test_an_unknown_consent_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownConsent):
        api.withdraw(uuid4(), by=None)
