"""The new municipality: what is taken, who is shown, and what the roster says when a pupil is taken in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
import time_machine
from django.db import transaction
from django.utils.translation import override

from terakoya.access import api as access
from terakoya.exchange import alongside
from terakoya.exchange import api as exchange
from terakoya.exchange.errors import Refused
from terakoya.identity import api as identity
from terakoya.kit import clock, paper_codes
from terakoya.records.actions import store
from terakoya.records.adapters.xapi.incoming import incoming_statement
from terakoya.register.errors import CannotRelocate
from terakoya.register.models import Relocation
from terakoya.register.relocation import arriving, bringing, leaving, messages, package
from terakoya.rights import api as rights
from terakoya.roster import accounts as roster_accounts
from terakoya.roster import api as roster
from terakoya.roster.models import Enrolment, Guardianship, Person, Role, SchoolClass
from terakoya.roster.movers import Hiding
from tests.exchange.other_node import OtherNode
from tests.records.conftest import statement

from .conftest import LAST_DAY, City, work

FIRST = LAST_DAY + timedelta(days=14)
Bring = Callable[..., Any]


def came() -> Relocation:
    return Relocation.objects.get(side="arriving")


def kinds() -> list[str]:
    return list(came().events.values_list("kind", flat=True))


def take_in(room: SchoolClass, clerk: access.Actor, day: date = FIRST) -> Relocation:
    return arriving.accept(came(), room, day, by=clerk)


def test_a_package_waits_for_the_clerk(bring: Bring, newcomer: roster.Mover, room: SchoolClass) -> None:
    before = roster.state()
    assert bring(newcomer).status_code == 200
    assert (came().state, came().person, roster.state()) == ("received", newcomer.pupil.key, before)


def test_the_same_package_again_gets_the_same_receipt(
    other_city: City, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    token = other_city.sign(other_city.package(newcomer))
    first = other_city.post("relocation", {"package": token})
    assert other_city.post("relocation", {"package": token}).content == first.content
    take_in(room, clerk)
    again = other_city.post("relocation", {"package": token}).json()
    assert (again["digest"], again["state"]) == (first.json()["digest"], "accepted")
    assert kinds() == ["received", "accepted"]


def test_a_changed_package_of_the_same_number_is_refused(other_city: City, newcomer: roster.Mover) -> None:
    made = other_city.package(newcomer)
    other_city.post("relocation", {"package": other_city.sign(made)})
    changed = msgspec.structs.replace(made, mover=replace(newcomer, grade="P6"))
    assert other_city.post("relocation", {"package": other_city.sign(changed)}).status_code == 422
    assert package.kept(came().package).mover.grade == "P5"


@pytest.mark.parametrize("facts", [{"issuer": "https://other.example"}, {"audience": "https://other.example"}])
def test_what_is_for_somebody_else_is_refused(bring: Bring, newcomer: roster.Mover, facts: dict[str, str]) -> None:
    assert bring(newcomer, **facts).status_code == 422
    assert not Relocation.objects.exists()


def test_a_package_signed_by_another_is_refused(other_city: City, newcomer: roster.Mover) -> None:
    third = OtherNode("city", "A third city")
    token = other_city.sign(other_city.package(newcomer), third)
    third.close()
    assert other_city.post("relocation", {"package": token}).status_code == 422


def test_another_kind_of_statement_is_no_package(other_city: City, newcomer: roster.Mover) -> None:
    token = other_city.sign(other_city.package(newcomer), typ="registry+jwt")
    assert other_city.post("relocation", {"package": token}).status_code == 422


@pytest.mark.parametrize("token", ["", "a.b.c", 7, None, "a" * 100])
def test_what_is_no_package_is_refused(other_city: City, token: object) -> None:
    assert other_city.post("relocation", {"package": token}).status_code == 422


def test_a_name_too_long_for_the_register_is_refused(bring: Bring, newcomer: roster.Mover) -> None:
    long = replace(newcomer, pupil=replace(newcomer.pupil, official_family="あ" * 151))
    assert bring(long).status_code == 422


def test_a_cram_school_brings_nobody(db: None, newcomer: roster.Mover) -> None:
    juku = OtherNode("juku", "A cram school")
    city = City(juku)
    juku.enrolled()
    assert city.post("relocation", {"package": city.sign(city.package(newcomer))}).status_code == 422
    juku.close()


def test_who_is_taken_in_is_in_the_class_with_key_names_and_guardians(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    bring(newcomer)
    take_in(room, clerk)
    person = Person.objects.get(pk=newcomer.pupil.key)
    assert (person.official_name, person.name, person.birth_date, person.grade) == (
        "髙橋 葵",
        "高橋 葵",
        newcomer.birth_date,
        "P5",
    )
    place = Enrolment.objects.get(person=person)
    assert (place.school_class, place.begins) == (room, FIRST)
    assert [one.pk for one in roster.guardians_of(person.pk, FIRST)] == [newcomer.guardians[0].key]
    assert set(Role.objects.filter(person=newcomer.guardians[0].key).values_list("name", "organisation")) == {
        ("guardian", room.school_id)
    }


def test_who_is_hidden_is_hidden_from_the_first_hour(
    bring: Bring, hidden: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    bring(hidden)
    take_in(room, clerk, LAST_DAY + timedelta(days=1))
    father = hidden.hidings[0].hidden_from.key
    for protected in (hidden.pupil.key, hidden.guardians[0].key):
        assert roster.address_hidden_from(father, protected)
    assert not Guardianship.objects.filter(guardian=father).exists()
    assert not Role.objects.filter(person=father).exists()


def test_the_old_school_is_not_told_the_new_one_where_somebody_is_hidden(
    bring: Bring, hidden: roster.Mover, room: SchoolClass, clerk: access.Actor, other_city: City
) -> None:
    bring(hidden)
    take_in(room, clerk)
    work()
    told = other_city.node.last("/relocation-decision").body.decode()
    assert room.school.name not in told
    assert str(room.school.code) not in told


def test_else_it_is_told_for_its_own_register(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, other_city: City
) -> None:
    bring(newcomer)
    take_in(room, clerk)
    work()
    (decision,) = other_city.node.last("/relocation-decision").json["decisions"]
    assert (decision["school"], decision["day"]) == (room.school.name, FIRST.isoformat())


def test_the_receipt_is_checked_and_carried_out_by_the_other_side(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, other_city: City, pupil: Person
) -> None:
    """What this node tells is what it would itself believe of another: both ends are of one program."""
    bring(newcomer)
    take_in(room, clerk)
    told = arriving.decisions(came())
    going = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    leaving.send(going, by=clerk)
    Relocation.objects.filter(pk=going.pk).update(digest=came().digest)
    going.refresh_from_db()
    with transaction.atomic():
        messages.carry_out(going, told, other_city.name)
    assert going.state == "accepted"
    told[0]["receipt"]["index"] += 1
    other = Relocation(side="leaving", state="sent", digest=came().digest, person=pupil.uuid, last_day=LAST_DAY)
    other.save()
    with pytest.raises(Refused), transaction.atomic():
        messages.carry_out(other, told, other_city.name)


def test_the_decision_is_told_until_it_is_confirmed(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, other_city: City
) -> None:
    bring(newcomer)
    take_in(room, clerk)
    work()
    assert came().told == 0
    other_city.node.answer("/relocation-decision", lambda heard: (200, {"decisions": len(heard.json["decisions"])}))
    Relocation.objects.update(told=0)
    arriving.tell_soon(came())
    bringing.tell_decisions({"relocation": str(came().uuid)})
    assert came().told == 1


@pytest.mark.parametrize("day", [LAST_DAY, LAST_DAY - timedelta(days=30)])
def test_nobody_begins_before_the_last_day_elsewhere(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, day: date
) -> None:
    bring(newcomer)
    with pytest.raises(CannotRelocate):
        take_in(room, clerk, day)
    assert not Person.objects.filter(pk=newcomer.pupil.key).exists()


def test_a_class_of_another_grade_is_refused_and_nothing_is_written(
    bring: Bring, newcomer: roster.Mover, schools: Any, clerk: access.Actor
) -> None:
    bring(newcomer)
    before = roster.state()
    first_year = SchoolClass.objects.filter(grades="P1").first()
    assert first_year is not None
    with pytest.raises(CannotRelocate):
        take_in(first_year, clerk)
    assert (roster.state(), came().state) == (before, "received")


def test_who_comes_back_is_the_person_of_before(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, pupil: Person
) -> None:
    roster.life.leave(pupil.uuid, date(2026, 11, 1), by="clerk")
    bring(replace(newcomer, pupil=replace(newcomer.pupil, key=pupil.uuid), birth_date=pupil.birth_date))
    people = Person.objects.count()
    take_in(room, clerk)
    assert Person.objects.count() == people + 1  # the mother, whom nobody knew here
    places = Enrolment.objects.filter(person=pupil, school_class=room).order_by("begins")
    assert [row.begins for row in places] == [date(2026, 4, 1), FIRST]
    assert places[0].ends == date(2026, 11, 1)


def test_the_key_of_somebody_born_on_another_day_is_refused(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, pupil: Person
) -> None:
    roster.life.leave(pupil.uuid, date(2026, 11, 1), by="clerk")
    bring(replace(newcomer, pupil=replace(newcomer.pupil, key=pupil.uuid), birth_date=date(2001, 1, 1)))
    with pytest.raises(CannotRelocate):
        take_in(room, clerk)


def test_who_is_at_a_school_here_is_not_taken_in_again(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, pupil: Person
) -> None:
    bring(replace(newcomer, pupil=replace(newcomer.pupil, key=pupil.uuid), birth_date=pupil.birth_date))
    with pytest.raises(CannotRelocate):
        take_in(room, clerk)


def test_one_who_is_only_alike_is_shown_and_not_put_together(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    twin = Person.objects.create(
        sourced_id="twin", official_family="髙橋", official_given="葵", birth_date=newcomer.birth_date
    )
    Person.objects.create(sourced_id="other", official_family="髙橋", official_given="葵", birth_date=date(2001, 1, 1))
    bring(newcomer)
    first = arriving.likenesses(package.kept(came().package))[0]
    assert (first.one.key, first.known, first.alike) == (newcomer.pupil.key, None, [twin])
    take_in(room, clerk)
    assert Person.objects.filter(official_family="髙橋", official_given="葵").count() == 3


def test_a_guardian_who_is_known_stays_as_the_roster_has_them(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, pupil: Person
) -> None:
    known = roster.guardians_of(pupil.uuid)[0]
    guard = replace(newcomer.guardians[0], key=known.uuid, official_family="Another")
    bring(replace(newcomer, guardians=[guard]))
    take_in(room, clerk)
    assert Person.objects.get(pk=known.uuid).official_family == known.official_family


def test_taken_back_all_is_as_it_was_and_the_old_school_is_told(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, other_city: City
) -> None:
    bring(newcomer)
    before = roster.state()
    take_in(room, clerk)
    arriving.take_back(came(), by=clerk)
    assert roster.state() == before
    work()
    decisions = other_city.node.last("/relocation-decision").json["decisions"]
    assert [one["kind"] for one in decisions] == ["accepted", "taken_back"]
    assert take_in(room, clerk).state == "accepted"


def test_after_the_first_lesson_nothing_is_taken_back(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    bring(newcomer, last_day=date(2026, 11, 1))
    take_in(room, clerk, date(2026, 11, 2))
    item = statement(newcomer.pupil.key)
    item["timestamp"] = clock.now().isoformat()
    store([incoming_statement(item, msgspec.json.encode(item), "2.0.0", "drill")])
    with pytest.raises(CannotRelocate):
        arriving.take_back(came(), by=clerk)
    assert came().state == "accepted"


def test_a_decline_keeps_no_package(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    bring(newcomer)
    arriving.decline(came(), "Not moving to us.", by=clerk)
    assert (came().state, came().package) == ("declined", "")


def test_withdrawn_it_is_gone(bring: Bring, newcomer: roster.Mover, other_city: City) -> None:
    bring(newcomer)
    answer = other_city.post("relocation-withdrawal", {"relocation": str(came().uuid)}).json()
    assert (answer["state"], came().state, came().package) == ("withdrawn", "withdrawn", "")


def test_a_withdrawal_that_comes_first_holds(other_city: City, newcomer: roster.Mover) -> None:
    made = other_city.package(newcomer)
    other_city.post("relocation-withdrawal", {"relocation": str(made.relocation)})
    answer = other_city.post("relocation", {"package": other_city.sign(made)}).json()
    assert (answer["state"], came().package) == ("withdrawn", "")


def test_what_was_taken_in_is_not_withdrawn(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, other_city: City
) -> None:
    bring(newcomer)
    take_in(room, clerk)
    answer = other_city.post("relocation-withdrawal", {"relocation": str(came().uuid)}).json()
    assert (answer["state"], len(answer["decisions"])) == ("accepted", 1)


def test_the_family_reads_from_whom_the_pupil_came(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, other_city: City
) -> None:
    bring(newcomer)
    take_in(room, clerk)
    lines = {line.what: line.organisation for line in access.accesses_of(newcomer.pupil.key)}
    assert lines["relocation_received"] == other_city.name
    assert "relocation_taken_in" in lines


# --- asking with a code ---


def test_asked_with_the_code_the_package_waits_at_the_school_that_asked(
    other_city: City, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    made = other_city.package(newcomer)
    other_city.node.answer("/relocation-code", (200, {"relocation": str(made.relocation)}))
    code = paper_codes.new_code()
    asked = arriving.ask(paper_codes.grouped(code), newcomer.birth_date, other_city.uri, room.school_id, by=clerk)
    assert other_city.node.last("/relocation-code").json == {"code": code, "born": "2015-05-06"}
    other_city.post("relocation", {"package": other_city.sign(made)})
    asked.refresh_from_db()
    assert (asked.state, asked.school) == ("received", room.school_id)


def test_the_package_may_come_before_the_answer(
    other_city: City, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    made = other_city.package(newcomer)
    other_city.post("relocation", {"package": other_city.sign(made)})
    other_city.node.answer("/relocation-code", (200, {"relocation": str(made.relocation)}))
    arriving.ask(paper_codes.new_code(), newcomer.birth_date, other_city.uri, room.school_id, by=clerk)
    assert (came().state, came().school) == ("received", room.school_id)


def test_a_mistyped_code_is_found_before_anybody_is_asked(other_city: City, clerk: access.Actor) -> None:
    with pytest.raises(CannotRelocate):
        arriving.ask("AAAA-AAAA-C", None, other_city.uri, None, by=clerk)
    assert not other_city.node.heard


@pytest.mark.parametrize("answer", [{"refused": "expired-code"}, {"refused": "unknown-code"}, {}, {"relocation": "x"}])
def test_a_no_is_said_in_words(other_city: City, clerk: access.Actor, answer: dict[str, str]) -> None:
    other_city.node.answer("/relocation-code", (200, answer))
    with pytest.raises(CannotRelocate) as refused, override("en"):
        arriving.ask(paper_codes.new_code(), None, other_city.uri, None, by=clerk)
    assert refused.value.sentence.endswith(".")


def test_who_does_not_answer_is_tried_later(other_city: City, clerk: access.Actor) -> None:
    other_city.node.away = True
    with pytest.raises(CannotRelocate, match="does not answer"), override("en"):
        arriving.ask(paper_codes.new_code(), None, other_city.uri, None, by=clerk)


# --- parts of other rooms ---


class Notes:
    """A part as another room may register it."""

    name, category = "notes", "subject.identity"

    def __init__(self) -> None:
        self.taken = dict[UUID, Any]()

    def collect(self, person: UUID, last_day: date) -> Any:
        return {"of": str(person)}

    def take(self, person: UUID, content: Any, move: UUID) -> None:
        if content == "unreadable":
            raise ValueError("no notes")
        self.taken[move] = content

    def give_back(self, person: UUID, move: UUID) -> None:
        del self.taken[move]


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    made = Notes()
    monkeypatch.setattr(alongside, "_parts", {made.name: made})
    return made


def test_a_part_is_taken_in_and_given_back(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, notes: Notes
) -> None:
    bring(newcomer, parts={"notes": [1], "unheard": 2})
    take_in(room, clerk)
    assert (list(notes.taken.values()), exchange.parts_unknown({"notes": 1, "unheard": 2})) == ([[1]], ["unheard"])
    arriving.take_back(came(), by=clerk)
    assert not notes.taken


def test_a_part_that_cannot_be_read_stops_the_whole(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor, notes: Notes
) -> None:
    bring(newcomer, parts={"notes": "unreadable"})
    with pytest.raises(CannotRelocate):
        take_in(room, clerk)
    assert not Person.objects.filter(pk=newcomer.pupil.key).exists()


def test_a_part_goes_along_where_the_next_school_may_have_it(
    pupil: Person, other_city: City, clerk: access.Actor, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    assert package.kept(leaving.send(going, by=clerk).package).parts == {"notes": {"of": str(pupil.uuid)}}
    monkeypatch.setattr(Notes, "category", "subject.contact")
    recipient = access.partner_actor(other_city.uri, other_city.name, "city")
    assert exchange.parts_for(recipient, leaving.PURPOSE, pupil.uuid, LAST_DAY) == {}


def test_nothing_is_done_twice(bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor) -> None:
    bring(newcomer)
    before = came()
    take_in(room, clerk)
    with pytest.raises(CannotRelocate):
        arriving.accept(before, room, FIRST, by=clerk)
    assert Enrolment.objects.filter(person=newcomer.pupil.key).count() == 1


def test_who_is_new_gets_an_account_that_opens_with_the_first_day(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    bring(newcomer)
    take_in(room, clerk)
    people = {newcomer.pupil.key, *(one.key for one in newcomer.guardians)}
    accounts = {key: identity.account_of(key) for key in people}
    assert all(accounts.values())
    assert not any(one.is_active for one in accounts.values() if one)
    with time_machine.travel(FIRST, tick=False):
        roster_accounts.follow_roles(FIRST)
    assert all(one.is_active for key in people if (one := identity.account_of(key)))


def test_who_was_taken_in_and_is_taken_back_is_shut_out(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    bring(newcomer)
    take_in(room, clerk, LAST_DAY + timedelta(days=1))
    with time_machine.travel(FIRST, tick=False):
        roster_accounts.follow_roles(FIRST)
        arriving.take_back(came(), by=clerk)
    account = identity.account_of(newcomer.pupil.key)
    assert account is not None
    assert not account.is_active


def test_what_is_kept_of_a_move_can_be_asked_for_without_from_whom_the_address_is_hidden(
    bring: Bring, newcomer: roster.Mover, room: SchoolClass, clerk: access.Actor
) -> None:
    other = replace(newcomer.pupil, key=uuid4(), official_family="秘匿", display_family="秘匿")
    hiding = Hiding(person=newcomer.pupil.key, hidden_from=other, since=date(2026, 4, 1))
    newcomer = replace(newcomer, hidings=[hiding])
    bring(newcomer)
    take_in(room, clerk)
    held = {one.name: one for one in rights.holdings() if one.room == "register"}
    (told,) = held["relocations"].export(newcomer.pupil.key)
    assert (told["official_name"], told["direction"], told["state"]) == (
        newcomer.pupil.official_name,
        "arriving",
        "accepted",
    )
    assert [one["kind"] for one in told["steps"]] == ["received", "accepted"]
    assert held["relocations"].count(newcomer.pupil.key) == 1
    named = held["relocation-guardians"].export(newcomer.pupil.key)
    assert [one["name"] for one in named] == [one.official_name for one in newcomer.guardians]
    everything = str([told, named])
    assert str(other.key) not in everything
    assert "秘匿" not in everything
