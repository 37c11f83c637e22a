"""What follows from a yes: what is held is disclosed, a correction is noted, what was agreed ends."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from terakoya.access import api as access
from terakoya.access.actors import actor_of_account
from terakoya.kit import clock
from terakoya.records import api as records
from terakoya.rights import answering, api, disclosures, holdings, reminding, requests
from terakoya.rights.models import CorrectingNote, Disclosed
from terakoya.roster.models import AddressProtection, Person
from tests.access.conftest import terms_for
from tests.access.school import School
from tests.exchange.conftest import learned

from .conftest import Ask


def granted(asked, clerk: access.Actor, kind: str = "granted", **grounds: str):
    answering.answer(asked, "checking", by=clerk)
    answering.answer(asked, kind, by=clerk, **grounds)
    return requests.request_of(asked.uuid)


def everything() -> tuple[str, ...]:
    return tuple(holdings.categories_held())


def unzipped(asked, asker: access.Actor) -> dict:
    parts = disclosures.open_for(asker, asked, "disclosure")
    with zipfile.ZipFile(io.BytesIO(disclosures.as_zip(asked, parts))) as package:
        return {name: json.loads(package.read(name)) for name in package.namelist()}


def test_a_granted_disclosure_is_done_and_holds_all_that_is_kept(
    ask: Ask, clerk: access.Actor, guardian: access.Actor, child: UUID
) -> None:
    Person.objects.filter(uuid=child).update(address="若葉町1丁目", official_family="田中")
    learned(child, 3)
    asked = ask(categories=everything())
    assert granted(asked, clerk).state == "done"
    files = unzipped(asked, guardian)
    assert files["identity.json"][0]["official_name"] == "田中"
    assert files["identity.json"][0]["classes"][0]["title"] == "5年2組"
    assert files["contact.json"][0]["address"] == "若葉町1丁目"
    assert len(files["guardians.json"]) == 2
    assert len(files["learning-records.json"]) == 3 == records.count_about(child)
    assert {row["what"] for row in files["accesses.json"]} >= set()
    assert {one["file"] for one in files["contents.json"]["files"]} == set(files) - {"contents.json"}


def test_only_the_categories_asked_for_are_disclosed(ask: Ask, clerk: access.Actor, child: UUID) -> None:
    learned(child, 1)
    asked = ask(categories=("subject.identity",))
    granted(asked, clerk)
    assert {one.category for one in asked.disclosed.all()} == {"subject.identity"}


def test_each_reading_of_the_disclosed_is_an_entry_for_each_category(
    ask: Ask, clerk: access.Actor, guardian: access.Actor, child: UUID
) -> None:
    asked = ask()
    granted(asked, clerk)
    before = len(access.accesses_of(child))
    disclosures.open_for(guardian, asked, "disclosure")
    lines = access.accesses_of(child)[: len(access.accesses_of(child)) - before]
    assert sorted(line.category for line in lines) == ["subject.contact", "subject.identity"]
    assert {(line.what, line.reference) for line in lines} == {("disclosure", str(asked.uuid))}


def test_a_guardian_under_a_court_order_gets_neither_address_nor_log_and_is_not_told_so(
    ask: Ask, clerk: access.Actor, school: School, child: UUID
) -> None:
    Person.objects.filter(uuid=child).update(address="かくれが町")
    other = actor_of_account(school.second_guardian)
    asked = ask(by=other, categories=everything())
    assert granted(asked, clerk).state == "done"
    files = unzipped(asked, other)
    assert (files["contact.json"], files["accesses.json"], files["consents.json"]) == ([], [], [])
    assert "かくれが町" not in json.dumps(files, ensure_ascii=False)
    assert files["identity.json"]
    assert "一小" not in json.dumps(files, ensure_ascii=False)


def test_a_guardian_without_an_order_reads_school_and_class(
    ask: Ask, clerk: access.Actor, guardian: access.Actor
) -> None:
    asked = ask(categories=("subject.identity",))
    granted(asked, clerk)
    (row,) = unzipped(asked, guardian)["identity.json"]
    assert (row["roles"][0]["organisation"], row["classes"][0]["title"]) == ("一小", "5年2組")


def test_an_order_that_comes_after_the_answer_counts_from_the_same_day(
    ask: Ask, clerk: access.Actor, guardian: access.Actor, child: UUID
) -> None:
    Person.objects.filter(uuid=child).update(address="かくれが町")
    asked = ask()
    granted(asked, clerk)
    assert unzipped(asked, guardian)["contact.json"]
    AddressProtection.objects.create(person_id=child, hidden_from_id=guardian.person, begins=clock.today())
    assert unzipped(asked, guardian)["contact.json"] == []


def test_what_was_disclosed_is_gone_after_thirty_days(ask: Ask, clerk: access.Actor, guardian: access.Actor) -> None:
    asked = ask()
    granted(asked, clerk)
    reminding.forget()
    assert Disclosed.objects.exists()
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert disclosures.open_for(guardian, asked, "disclosure") == []
        reminding.forget()
    assert not Disclosed.objects.exists()


def test_a_correction_of_the_register_is_a_proposal_until_the_owning_system_has_it(
    ask: Ask, clerk: access.Actor, child: UUID
) -> None:
    before = Person.objects.get(uuid=child).address
    asked = ask("correction")
    assert granted(asked, clerk).state == "granted"
    assert Person.objects.get(uuid=child).address == before
    answering.answer(asked, "done", by=clerk)
    assert requests.request_of(asked.uuid).state == "done"


def test_records_of_learning_are_never_overwritten_but_noted(ask: Ask, clerk: access.Actor, child: UUID) -> None:
    learned(child, 2)
    before = records.statements_about(child)
    asked = ask("correction", categories=("activity.learning_school",), wrong="点数", right="80点")
    assert granted(asked, clerk).state == "done"
    assert records.statements_about(child) == before
    (note,) = api.notes_about(child, "activity.learning_school")
    assert "80点" in note.text


def test_a_refused_correction_leaves_no_note(ask: Ask, clerk: access.Actor) -> None:
    asked = ask("correction", categories=("activity.learning_school",))
    granted(asked, clerk, "refused", reason="調べた", clause="right")
    assert not CorrectingNote.objects.exists()


def test_a_granted_stop_ends_the_agreements_concerned_and_no_other(
    ask: Ask, clerk: access.Actor, guardian: access.Actor, child: UUID
) -> None:
    concerned = access.give_consent(terms_for(child), by=guardian, capacity="guardian")
    other = terms_for(child, categories=("activity.learning_private",))
    untouched = access.give_consent(other, by=guardian, capacity="guardian")
    asked = ask("stop")
    assert granted(asked, clerk).state == "done"
    assert access.state_of(access.consent(concerned.uuid)) == "withdrawn"
    assert access.state_of(access.consent(untouched.uuid)) == "given"
    assert [one["consent"].uuid for one in answering.ended_by(asked)] == [concerned.uuid]


@pytest.mark.parametrize("kind", ["disclosure", "stop"])
def test_a_refusal_discloses_and_ends_nothing(
    ask: Ask, clerk: access.Actor, guardian: access.Actor, child: UUID, kind: str
) -> None:
    consent = access.give_consent(terms_for(child), by=guardian, capacity="guardian")
    asked = ask(kind)
    granted(asked, clerk, "refused", reason="理由", clause="work")
    assert not Disclosed.objects.exists()
    assert access.state_of(access.consent(consent.uuid)) == "given"


def test_what_is_late_is_marked_once_and_stays_open(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with time_machine.travel(clock.now() - timedelta(days=31)):
        asked = ask()
    reminding.remind()
    reminding.remind()
    assert list(asked.events.values_list("kind", flat=True)) == ["received", "overdue"]
    assert requests.request_of(asked.uuid).open
    assert caplog.text.count("1 requests") == 2
