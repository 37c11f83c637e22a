"""One source, one master: who may write what, and what waits."""

from importlib.resources import files
from pathlib import Path

import pytest

from terakoya.identity import api as identity
from terakoya.roster import api
from terakoya.roster.errors import CannotDecide
from terakoya.roster.models import Change, PastName, Person, Proposal
from terakoya.roster.people.owners import ENVIRONMENT

from .conftest import Desk


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A node to which every system of the file delivers."""
    text = files("terakoya.roster").joinpath("owners.toml").read_text("utf-8")
    all_of_them = 'connected = ["school_affairs", "resident_registry", "e_portal", "hr"]'
    own = tmp_path / "owners.toml"
    own.write_text(text.replace('connected = ["school_affairs"]', all_of_them), "utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(own))


def test_the_owner_writes_at_once_as_a_change(desk: Desk) -> None:
    pupil = desk.pupil()
    written = api.write(pupil, "grade", "P5", origin="school_affairs", by="import")
    assert isinstance(written, Change)
    assert Person.objects.get(pk=pupil.pk).grade == "P5"


def test_another_systems_write_waits_with_its_origin(desk: Desk) -> None:
    pupil = desk.pupil(grade="P5")
    waiting = api.write(pupil, "grade", "P6", origin="e_portal", by="portal")
    assert isinstance(waiting, Proposal)
    assert (waiting.current, waiting.proposed, waiting.origin, waiting.owner) == (
        "P5",
        "P6",
        "e_portal",
        "school_affairs",
    )
    assert Person.objects.get(pk=pupil.pk).grade == "P5"
    assert list(api.who.proposals()) == [waiting]


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("field", "owner"), [("address", "resident_registry"), ("username", "e_portal"), ("grade", "school_affairs")]
)
def test_each_field_of_a_pupil_has_its_owner(desk: Desk, field: str, owner: str) -> None:
    pupil = desk.pupil()
    assert isinstance(api.write(pupil, field, "new", origin=owner, by="x"), Change)
    others = {"resident_registry", "e_portal", "school_affairs"} - {owner}
    assert all(isinstance(api.write(pupil, field, "other", origin=one, by="x"), Proposal) for one in others)


@pytest.mark.usefixtures("connected")
def test_staff_belong_to_the_staff_system(desk: Desk) -> None:
    teacher = desk.person()
    desk.role(teacher, "teacher")
    assert isinstance(api.write(teacher, "phone", "03", origin="school_affairs", by="x"), Proposal)
    assert isinstance(api.write(teacher, "phone", "03", origin="hr", by="x"), Change)


def test_where_an_owner_does_not_deliver_school_affairs_stand_in(desk: Desk) -> None:
    assert isinstance(api.write(desk.pupil(), "address", "here", origin="school_affairs", by="x"), Change)
    assert isinstance(api.write(desk.pupil(), "address", "here", origin="resident_registry", by="x"), Proposal)


def test_what_the_field_holds_already_is_nothing(desk: Desk) -> None:
    assert api.write(desk.pupil(grade="P5"), "grade", "P5", origin="e_portal", by="x") is None


def test_the_same_proposal_waits_once_and_another_value_overtakes_it(desk: Desk) -> None:
    pupil = desk.pupil()
    first = api.write(pupil, "phone", "1", origin="e_portal", by="x")
    assert api.write(pupil, "phone", "1", origin="e_portal", by="x") == first
    second = api.write(pupil, "phone", "2", origin="e_portal", by="x")
    assert list(api.who.proposals()) == [second]
    assert list(api.who.proposals("overtaken")) == [first]


def test_accepting_writes_it_as_a_change_that_can_be_taken_back(desk: Desk) -> None:
    pupil = desk.pupil(phone="1")
    before = api.state()
    waiting = api.write(pupil, "phone", "2", origin="e_portal", by="x")
    assert isinstance(waiting, Proposal)
    change = api.who.accept(waiting, by="clerk", reason="asked the family")
    assert Person.objects.get(pk=pupil.pk).phone == "2"
    assert waiting.events.last().change == change
    api.undo(change, by="clerk")
    assert api.state() == before


def test_declining_needs_a_reason_and_keeps_it(desk: Desk) -> None:
    waiting = api.write(desk.pupil(), "phone", "2", origin="e_portal", by="x")
    assert isinstance(waiting, Proposal)
    with pytest.raises(CannotDecide) as refusal:
        api.who.decline(waiting, by="clerk", reason=" ")
    assert refusal.value.reason == "reason"
    api.who.decline(waiting, by="clerk", reason="an old number")
    assert waiting.events.last().reason == "an old number"
    assert not api.who.proposals().exists()


def test_a_proposal_is_decided_once(desk: Desk) -> None:
    waiting = api.write(desk.pupil(), "phone", "2", origin="e_portal", by="x")
    assert isinstance(waiting, Proposal)
    api.who.decline(waiting, by="clerk", reason="no")
    with pytest.raises(CannotDecide) as refusal:
        api.who.accept(waiting, by="clerk")
    assert refusal.value.reason == "decided"


def test_a_field_that_has_moved_on_is_not_overwritten(desk: Desk) -> None:
    pupil = desk.pupil(phone="1")
    waiting = api.write(pupil, "phone", "2", origin="e_portal", by="x")
    assert isinstance(waiting, Proposal)
    api.write(pupil, "phone", "3", origin="school_affairs", by="import")
    with pytest.raises(CannotDecide) as refusal:
        api.who.accept(waiting, by="clerk")
    assert refusal.value.reason == "moved"


def test_an_accepted_name_leaves_the_old_one_as_a_past_one(desk: Desk) -> None:
    pupil = desk.pupil()
    waiting = api.write(pupil, "display_family", "佐藤", origin="e_portal", by="x")
    assert isinstance(waiting, Proposal)
    api.who.accept(waiting, by="clerk")
    assert PastName.objects.filter(person=pupil).count() == 1


def test_dates_and_what_is_no_date(desk: Desk) -> None:
    pupil = desk.pupil()
    waiting = api.write(pupil, "birth_date", "2015-06-01", origin="e_portal", by="x")
    assert isinstance(waiting, Proposal)
    api.who.accept(waiting, by="clerk")
    assert str(Person.objects.get(pk=pupil.pk).birth_date) == "2015-06-01"
    with pytest.raises(CannotDecide) as refusal:
        api.write(pupil, "birth_date", "soon", origin="e_portal", by="x")
    assert refusal.value.reason == "value"


@pytest.mark.parametrize("field", ["uuid", "sourced_id", "primary_organisation", "made_by"])
def test_keys_and_references_are_not_written_alone(desk: Desk, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        api.write(desk.pupil(), field, "x", origin="school_affairs", by="x")


def test_a_proposal_about_an_entry_is_about_the_person_it_is(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    waiting = api.write(entry, "phone", "2", origin="e_portal", by="x")
    assert isinstance(waiting, Proposal)
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert list(api.who.proposals_about(kept.uuid)) == [waiting]
    api.who.accept(waiting, by="clerk")
    assert Person.objects.get(pk=kept.pk).phone == "2"


def test_a_file_that_names_an_unknown_system_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "owners.toml"
    own.write_text('stands_in = "x"\nconnected = []\nsystem = []\n[owns]\n', "utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(own))
    with pytest.raises(ValueError, match="no such system: x"):
        api.who.owners()


def test_an_accepted_login_name_is_the_accounts_unless_it_is_somebody_elses(desk: Desk) -> None:
    pupil, other = desk.pupil(), desk.pupil()
    for one in (pupil, other):
        identity.create_account(one.username, display_name=one.name, person=one.uuid)
    first = api.write(pupil, "username", "new.name", origin="e_portal", by="x")
    assert isinstance(first, Proposal)
    api.who.accept(first, by="clerk")
    assert identity.account_of(pupil.uuid) == identity.account_named("new.name")
    second = api.write(Person.objects.get(pk=other.pk), "username", "new.name", origin="e_portal", by="x")
    assert isinstance(second, Proposal)
    with pytest.raises(CannotDecide) as refusal:
        api.who.accept(second, by="clerk")
    assert refusal.value.reason == "login"
    assert Person.objects.get(pk=other.pk).username == other.username


def test_what_was_declined_may_be_proposed_again_by_itself(desk: Desk) -> None:
    pupil = desk.pupil()
    first = api.write(pupil, "phone", "2", origin="e_portal", by="x")
    assert isinstance(first, Proposal)
    api.who.decline(first, by="clerk", reason="no")
    assert api.write(pupil, "phone", "2", origin="e_portal", by="x") not in (None, first)
