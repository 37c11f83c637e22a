"""What other rooms keep under an entry that turned out to be somebody else is read under the person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from terakoya.access import api as access
from terakoya.access import decisions
from terakoya.access.models import Consent, ConsentEvent
from terakoya.audit import api as audit
from terakoya.exchange import api as exchange
from terakoya.exchange.models import Grant, Partner
from terakoya.kit import clock
from terakoya.node.kinds import Kind
from terakoya.records import api as records
from terakoya.records.models import Statement
from terakoya.rights import api as rights
from terakoya.rights.models import CorrectingNote, RightsRequest
from terakoya.roster import api

from .conftest import Desk


@pytest.fixture(autouse=True)
def city(node_kind: Callable[[str], Kind]) -> None:
    node_kind("city")


def record(person: UUID, scaled: float) -> Statement:
    now = clock.now()
    return Statement.objects.create(
        statement_id=uuid4(), raw=b"{}", version="2.0.0", stored=now, timestamp=now, day=clock.today(), source="tool",
        agent="", person=person, verb="http://adlnet.gov/expapi/verbs/answered", subject="P030",
        unit="8260243111100000", scaled=scaled,
    )  # fmt: skip


def test_learning_records_of_both_entries_are_the_persons(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    record(kept.uuid, 1.0)
    record(entry.uuid, 0.5)
    record(entry.uuid, 0.0)
    assert records.count_about(kept.uuid) == 1
    change = api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert records.count_about(kept.uuid) == records.count_about(entry.uuid) == 3
    figures = records.unit_figures([kept.uuid], "P030")[kept.uuid]["8260243111100000"]
    assert (figures.percent, figures.count) == (50, 3)
    api.who.unmerge(change, by="clerk")
    assert (records.count_about(kept.uuid), records.count_about(entry.uuid)) == (1, 2)


def consent(subject: UUID, *kinds: str) -> Consent:
    today = clock.today()
    made = Consent.objects.create(
        uuid=uuid4(), subject=subject, recipient="https://juku.example", recipient_name="Juku",
        purpose="tutoring", dataset="learning-records", categories=["activity.learning_school"], scope={},
        valid_until=today + timedelta(200), created_at=clock.now(), capacity="guardian", given_by=uuid4(),
        giver_name="", notice="", notice_version="", notice_language="ja", notice_digest="", holder="", source="",
    )  # fmt: skip
    made.named.create(category="activity.learning_school")
    for kind in kinds:
        ConsentEvent.objects.create(consent=made, kind=kind, at=clock.now(), by_name="")
    return made


def test_consents_about_both_entries_are_about_the_person(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    given = consent(entry.uuid, "given")
    use = ("https://juku.example", "activity.learning_school", "tutoring")
    assert access.living_consent(kept.uuid, *use) is None
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert access.consents_about(kept.uuid) == [given]
    assert access.living_consent(kept.uuid, *use) == given


def test_who_looked_at_either_entry_is_told_to_the_person(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    with transaction.atomic():
        access.record_event(access.node_actor(), "account_opened", [entry.uuid])
        access.record_event(access.node_actor(), "account_renamed", [kept.uuid])
    assert [line.what for line in access.accesses_of(kept.uuid)] == ["account_renamed"]
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    seen = [line.what for line in access.accesses_of(kept.uuid)]
    assert {"account_opened", "account_renamed"} <= set(seen)
    assert [line.id for line in access.accesses_of(kept.uuid, limit=1)] == [
        max(line.id for line in access.accesses_of(kept.uuid))
    ]
    assert audit.entries_about(entry.uuid) is not None


def guardian_of(desk: Desk, child: Any) -> access.Actor:
    guardian = desk.person()
    desk.role(guardian, "guardian")
    desk.guard(guardian, child)
    return access.Actor("student", "guardian", "", "", person=guardian.uuid)


def test_a_guardian_answers_for_what_lies_under_the_other_entry(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    guardian = guardian_of(desk, entry)
    change = api.who.merge(kept.uuid, entry.uuid, by="clerk")
    for key in (kept.uuid, entry.uuid):
        assert access.may(guardian, "rights.consent", "rights", key).relation.kind == "guardian"
    assert access.may(guardian, "rights.consent", "rights", desk.pupil().uuid).relation.kind == ""
    api.who.unmerge(change, by="clerk")
    assert access.may(guardian, "rights.consent", "rights", kept.uuid).relation.kind == ""


def test_an_address_stays_hidden_whichever_key_is_asked(desk: Desk) -> None:
    kept, entry, other = desk.pupil(), desk.pupil(), desk.person()
    api.who.protect(entry.uuid, other.uuid, by="clerk")
    actor = access.Actor("student", "guardian", "", "", person=other.uuid)
    hidden = decisions._protected(actor, "subject.contact", [kept.uuid, entry.uuid], clock.today())
    assert hidden == {entry.uuid}
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    hidden = decisions._protected(actor, "subject.contact", [kept.uuid, entry.uuid], clock.today())
    assert hidden == {kept.uuid, entry.uuid}


def test_what_is_hidden_from_a_giver_of_a_consent_stays_hidden_from_the_partner(desk: Desk) -> None:
    kept, entry, giver = desk.pupil(), desk.pupil(), desk.person()
    given = consent(entry.uuid, "given")
    Consent.objects.filter(pk=given.pk).update(given_by=giver.uuid)
    api.who.protect(entry.uuid, giver.uuid, by="clerk")
    partner = access.partner_actor("https://juku.example", "Juku", "juku")
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    hidden = decisions._protected(partner, "subject.contact", [kept.uuid, entry.uuid], clock.today())
    assert hidden == {kept.uuid, entry.uuid}


def test_grants_about_both_entries_are_about_the_person(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    partner = Partner.objects.create(uri="https://juku.example", name="Juku", kind="juku", jwk={})
    made = Grant.objects.create(
        side="provider", partner=partner, consent=uuid4(), subject=entry.uuid, pairwise=uuid4(),
        dataset_id="learning-records", category="activity.learning_school", purpose="tutoring",
        valid_until=clock.today() + timedelta(200),
    )  # fmt: skip
    change = api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert exchange.grants_of(kept.uuid) == exchange.grants_of(entry.uuid) == [made]
    api.who.unmerge(change, by="clerk")
    assert exchange.grants_of(kept.uuid) == []


def test_notes_about_both_entries_stand_beside_the_persons_records(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    asked = RightsRequest(
        subject=entry.uuid, kind="correct", categories=["activity.learning_school"], asked_by=1, capacity="self",
        created_at=clock.now(),
    )  # fmt: skip
    asked.save()
    note = CorrectingNote(request=asked, person=entry.uuid, category="activity.learning_school", text="not so")
    note.save()
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert rights.notes_about(kept.uuid, "activity.learning_school") == [note]
