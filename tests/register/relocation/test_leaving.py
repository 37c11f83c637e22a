"""The old municipality: what is passed on, to whom, and what becomes of the pupil's place."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine

from terakoya.access import api as access
from terakoya.identity.api import public_jwk
from terakoya.kit import clock
from terakoya.register.errors import CannotRelocate
from terakoya.register.models import Relocation
from terakoya.register.relocation import leaving, package
from terakoya.roster import api as roster
from terakoya.roster.models import AddressProtection, Enrolment, Person, Role
from terakoya.roster.movers import NAMES
from tests.exchange.other_node import OtherNode

from .conftest import LAST_DAY, City, work

FIRST_THERE = date(2027, 1, 8)


@pytest.fixture
def sent(pupil: Person, other_city: City, clerk: access.Actor) -> Relocation:
    """The pupil's package, sent and arrived."""
    prepared = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    leaving.send(prepared, by=clerk)
    work()
    prepared.refresh_from_db()
    return prepared


@pytest.fixture
def by_code(pupil: Person, clerk: access.Actor) -> Relocation:
    return leaving.prepare(pupil.uuid, LAST_DAY, "code", by=clerk)


def mover_in(other_city: City, ours: dict[str, str]) -> roster.Mover:
    return package.opened(other_city.packages[-1], ours).mover


def hide(person: Person, other: Person) -> None:
    AddressProtection.objects.create(person=person, hidden_from=other, begins=date(2026, 11, 1))


def kinds(relocation: Relocation) -> list[str]:
    return list(relocation.events.values_list("kind", flat=True))


def test_a_package_carries_the_key_the_names_and_the_schools(sent: Relocation, other_city: City, pupil: Person) -> None:
    mover = mover_in(other_city, public_jwk())
    assert mover.pupil == roster.Named(**{name: getattr(pupil, name) for name in NAMES}, key=pupil.uuid)
    assert (mover.birth_date, mover.sex, mover.grade) == (pupil.birth_date, pupil.sex, "P5")
    assert [(stay.class_title, stay.begins) for stay in mover.stays] == [("5年2組", date(2026, 4, 1))]
    assert {one.key for one in mover.guardians} == {one.uuid for one in roster.guardians_of(pupil.uuid)}


def test_no_address_and_no_number_goes_along(sent: Relocation, other_city: City, pupil: Person) -> None:
    people = [pupil, *roster.guardians_of(pupil.uuid)]
    told = package.jws.extract_compact(other_city.packages[-1].encode()).payload.decode()
    contacts = {getattr(one, name) for one in people for name in ("address", "phone", "sms", "email")} - {""}
    assert contacts
    assert not [contact for contact in contacts if contact in told]


def test_it_is_delivered_and_waits_there(sent: Relocation) -> None:
    assert (sent.state, kinds(sent)) == ("received", ["prepared", "sent", "received"])


def test_the_family_reads_who_was_given_it_and_why(sent: Relocation, pupil: Person, other_city: City) -> None:
    (line,) = [one for one in access.accesses_of(pupil.uuid) if one.what == "relocation_sent"]
    assert (line.organisation, line.role, line.clause) == (other_city.name, "receiving_school", "school-rules-24")


def test_while_the_other_one_is_away_it_stays_on_its_way(pupil: Person, other_city: City, clerk: access.Actor) -> None:
    other_city.node.away = True
    prepared = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    leaving.send(prepared, by=clerk)
    work()
    prepared.refresh_from_db()
    assert prepared.state == "sent"
    other_city.node.away = False
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        work()
    prepared.refresh_from_db()
    assert (prepared.state, len(other_city.packages)) == ("received", 1)


def test_what_is_not_taken_is_shown_as_not_delivered(pupil: Person, other_city: City, clerk: access.Actor) -> None:
    other_city.node.answer("/messages/relocation$", (422, {"type": "refused", "detail": "no"}))
    prepared = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    leaving.send(prepared, by=clerk)
    work()
    prepared.refresh_from_db()
    assert prepared.state == "refused"
    assert leaving.send(prepared, by=clerk).state == "sent"


def test_the_place_ends_on_the_first_day_at_the_new_school(sent: Relocation, other_city: City, pupil: Person) -> None:
    other_city.accepts(sent.digest, FIRST_THERE)
    assert other_city.tell(sent.uuid).status_code == 200
    ends = Enrolment.objects.filter(person=pupil, role="student", begins__lt=FIRST_THERE).values_list("ends", flat=True)
    assert set(ends) == {FIRST_THERE}
    assert set(Role.objects.filter(person=pupil).values_list("ends", flat=True)) == {FIRST_THERE}


def test_a_decision_told_twice_is_carried_out_once(sent: Relocation, other_city: City) -> None:
    other_city.accepts(sent.digest, FIRST_THERE)
    answers = [other_city.tell(sent.uuid).content for _ in range(2)]
    assert answers[0] == answers[1]
    assert kinds(sent) == ["prepared", "sent", "received", "accepted"]


def test_a_decision_lost_on_the_way_comes_with_the_next(sent: Relocation, other_city: City, pupil: Person) -> None:
    other_city.accepts(sent.digest, FIRST_THERE)
    before = roster.state()
    other_city.decides("taken_back")
    other_city.tell(sent.uuid)
    assert kinds(sent)[-2:] == ["accepted", "taken_back"]
    assert roster.state() == before
    sent.refresh_from_db()
    assert sent.state == "received"


@pytest.mark.parametrize("fault", ["digest", "root", "day"])
def test_a_wrong_receipt_ends_nothing(sent: Relocation, other_city: City, fault: str) -> None:
    decision = other_city.accepts(sent.digest, FIRST_THERE)
    if fault == "day":
        decision["day"] = LAST_DAY.isoformat()
    else:
        decision["receipt"][fault] = "0" * 64
    before = roster.state()
    assert other_city.tell(sent.uuid).status_code == 422
    assert (roster.state(), kinds(sent)[-1]) == (before, "received")


def test_only_the_one_it_was_sent_to_decides(sent: Relocation, other_city: City) -> None:
    node = OtherNode("city", "A third city")
    node.enrolled()
    other_city.accepts(sent.digest, FIRST_THERE)
    body = {"relocation": str(sent.uuid), "decisions": other_city.decisions}
    assert node.post("/exchange/messages/relocation-decision", body).status_code == 422
    node.close()


def test_a_decline_tells_why_and_leaves_the_pupil_here(sent: Relocation, other_city: City) -> None:
    before = roster.state()
    other_city.decides("declined", "They moved to the next town.")
    other_city.tell(sent.uuid)
    event = sent.events.last()
    assert event is not None
    assert (event.kind, event.note, roster.state()) == ("declined", "They moved to the next town.", before)


def test_withdrawn_before_it_was_accepted(sent: Relocation, other_city: City, clerk: access.Actor) -> None:
    other_city.state = "withdrawn"
    assert leaving.withdraw(sent, by=clerk).state == "withdrawing"
    work()
    sent.refresh_from_db()
    assert sent.state == "withdrawn"


def test_accepted_before_the_withdrawal_arrived(sent: Relocation, other_city: City, clerk: access.Actor) -> None:
    other_city.state = "accepted"
    other_city.accepts(sent.digest, FIRST_THERE)
    leaving.withdraw(sent, by=clerk)
    work()
    sent.refresh_from_db()
    assert sent.state == "accepted"


def test_the_school_is_not_told_where_the_family_is_hidden(
    pupil: Person, other_city: City, clerk: access.Actor
) -> None:
    mother, father = roster.guardians_of(pupil.uuid)
    hide(pupil, father)
    hide(mother, father)
    prepared = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    leaving.send(prepared, by=clerk)
    work()
    other_city.accepts(leaving.Relocation.objects.get().digest, FIRST_THERE)
    other_city.tell(prepared.uuid)
    accepted = prepared.events.get(kind="accepted")
    assert accepted.school_name == ""
    mover = mover_in(other_city, public_jwk())
    assert [one.key for one in mover.guardians] == [mother.uuid]
    assert {(one.person, one.hidden_from.key) for one in mover.hidings} == {
        (pupil.uuid, father.uuid),
        (mother.uuid, father.uuid),
    }


def test_whoever_is_hidden_from_a_guardian_does_not_read_where_the_child_went(
    pupil: Person, other_city: City, clerk: access.Actor
) -> None:
    mother, father = roster.guardians_of(pupil.uuid)
    hide(mother, father)
    prepared = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    leaving.send(prepared, by=clerk)
    assert not [one for one in access.accesses_of(pupil.uuid) if one.organisation == other_city.name]
    assert AddressProtection.objects.filter(person=pupil).count() == 0


def test_one_move_at_a_time(sent: Relocation, pupil: Person, clerk: access.Actor) -> None:
    with pytest.raises(CannotRelocate):
        leaving.prepare(pupil.uuid, LAST_DAY, "code", by=clerk)


def test_nobody_leaves_who_is_not_here(schools: object, clerk: access.Actor) -> None:
    with pytest.raises(CannotRelocate):
        leaving.prepare(uuid4(), LAST_DAY, "code", by=clerk)


# --- by a code ---


def ask(other_city: City, code: str | None, born: date | None) -> dict[str, str]:
    body = {"code": code, "born": born.isoformat() if born else None}
    answer: dict[str, str] = other_city.post("relocation-code", body).json()
    return answer


def test_a_right_code_brings_the_package(by_code: Relocation, pupil: Person, other_city: City) -> None:
    assert ask(other_city, by_code.code, pupil.birth_date) == {"relocation": str(by_code.uuid)}
    work()
    by_code.refresh_from_db()
    assert (by_code.state, by_code.partner, len(other_city.packages)) == ("received", other_city.uri, 1)


def test_asked_twice_it_is_sent_once(by_code: Relocation, pupil: Person, other_city: City) -> None:
    for _ in range(2):
        assert ask(other_city, by_code.code, pupil.birth_date) == {"relocation": str(by_code.uuid)}
        work()
    assert kinds(by_code) == ["prepared", "sent", "received"]


def test_a_code_without_the_date_of_birth_opens_nothing(by_code: Relocation, other_city: City) -> None:
    assert ask(other_city, by_code.code, date(2000, 1, 1)) == {"refused": "unknown-code"}
    assert ask(other_city, by_code.code, None) == {"refused": "unknown-code"}


def test_a_code_used_by_one_city_opens_nothing_to_another(by_code: Relocation, pupil: Person, other_city: City) -> None:
    ask(other_city, by_code.code, pupil.birth_date)
    third = OtherNode("city", "A third city")
    third.enrolled()
    assert ask(City(third), by_code.code, pupil.birth_date) == {"refused": "unknown-code"}
    third.close()


def test_a_code_lasts_thirty_days(by_code: Relocation, pupil: Person, other_city: City) -> None:
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        assert by_code.code_until == clock.today()
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert ask(other_city, by_code.code, pupil.birth_date) == {"refused": "expired-code"}


def test_who_tries_many_codes_has_to_wait(by_code: Relocation, pupil: Person, other_city: City) -> None:
    for _ in range(30):
        last = ask(other_city, "K7QM4XTPH", pupil.birth_date)
    assert last == {"refused": "too-many-tries"}


@pytest.mark.parametrize("kind", ["juku", "pds", "nation"])
def test_codes_are_for_municipalities(by_code: Relocation, pupil: Person, kind: str) -> None:
    node = OtherNode(kind, "not a city")
    node.enrolled()
    body = {"code": by_code.code, "born": pupil.birth_date and pupil.birth_date.isoformat()}
    assert node.post("/exchange/messages/relocation-code", body).status_code == 422
    node.close()


def test_a_withdrawn_code_opens_nothing(
    by_code: Relocation, pupil: Person, other_city: City, clerk: access.Actor
) -> None:
    code = by_code.code
    leaving.withdraw(by_code, by=clerk)
    assert ask(other_city, code, pupil.birth_date) == {"refused": "unknown-code"}


# --- outside the federation ---


def test_a_file_is_signed_and_the_pupil_has_left(pupil: Person, clerk: access.Actor) -> None:
    prepared = leaving.prepare(pupil.uuid, LAST_DAY, "file", by=clerk)
    before = roster.state()
    handed = leaving.hand_out(prepared, by=clerk)
    assert package.opened(handed.package, public_jwk()).mover.pupil.key == pupil.uuid
    assert Enrolment.objects.filter(person=pupil, ends=LAST_DAY + timedelta(days=1)).exists()
    assert leaving.withdraw(handed, by=clerk).state == "withdrawn"
    assert roster.state() == before
