"""What other rooms keep under an entry that turned out to be somebody else is read under the person."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from terakoya.access import api as access
from terakoya.access.models import Consent, ConsentEvent
from terakoya.audit import api as audit
from terakoya.kit import clock
from terakoya.node.kinds import Kind
from terakoya.records import api as records
from terakoya.records.models import Statement
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
