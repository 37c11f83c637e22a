"""The page about guardians and the protection of an address: who may, what is written, and that it is taken back."""

from datetime import date

import pytest
from django.test import Client

from terakoya.access import api as access
from terakoya.identity.api import Account
from terakoya.roster import api as roster
from terakoya.roster.models import AddressProtection, Guardianship, Organisation, Person

from .conftest import DAY, Open
from .test_people import pupil_of

Schools = dict[str, Organisation]


@pytest.fixture
def child(schools: Schools) -> Person:
    """A pupil of Hibari who has a guardian."""
    key = Guardianship.objects.filter(
        child__enrolments__school_class__school=schools["hibari"], guardian__roles__organisation=schools["hibari"]
    )
    row = key.order_by("pk").first()
    assert row is not None
    return row.child


def standing(child: Person) -> Guardianship:
    row = Guardianship.objects.living().filter(child=child).order_by("pk").first()
    assert row is not None
    return row


def said(kind: str, **more: object) -> dict[str, object]:
    facts = {"kind": kind, "day": "2026-11-24", "has_custody": "yes", "begins": "2026-04-01", "relation": ""}
    return facts | {"note": "戸籍"} | more


def test_the_page_shows_the_guardians_and_is_written_into_the_log(
    child: Person, office: Account, open_page: Open
) -> None:
    answer = open_page(office, "register.family", child.uuid)
    assert [one["row"] for one in answer.context["guardians"]] == roster.who.history_of(child.uuid).guardians
    assert "register_family" in {line.what for line in access.accesses_of(child.uuid)}


def test_a_child_of_another_school_is_not_there(schools: Schools, office: Account, open_page: Open, send: Open) -> None:
    other = pupil_of(schools["keyaki"])
    row = roster.who.begin_guardianship(pupil_of(schools["keyaki"], 1).uuid, other.uuid, since=DAY, by="board")
    before = roster.state()
    assert open_page(office, "register.family", other.uuid).status_code == 404
    assert send(office, "register.guardianship", other.uuid, row.pk, **said("ended")).status_code == 404
    assert roster.state() == before


def test_a_guardianship_of_somebody_else_is_not_changed_through_the_page(
    schools: Schools, child: Person, office: Account, send: Open
) -> None:
    other = Guardianship.objects.exclude(child=child).order_by("pk").first()
    assert other is not None
    assert send(office, "register.guardianship", child.uuid, other.pk, **said("ended")).status_code == 404


def test_a_guardian_is_searched_and_entered_with_custody_and_day(
    schools: Schools, child: Person, office: Account, open_page: Open, client: Client
) -> None:
    other = pupil_of(schools["hibari"], 3)
    assert other != child
    assert open_page(office, "register.family", child.uuid, q=other.sourced_id).context["found"] == [other]
    form = {"other": str(other.uuid), "relation": "sibling", "has_custody": "no", "since": "2026-11-01", "note": ""}
    address = f"/register/people/{child.uuid}/family/?q={other.sourced_id}"
    client.force_login(office)
    assert client.post(address, {**form, "step": "guardian"}).status_code == 302
    row = Guardianship.objects.get(guardian=other, child=child)
    assert (row.relation, row.has_custody, row.begins) == ("sibling", False, date(2026, 11, 1))


def test_somebody_who_was_not_found_is_not_entered(
    schools: Schools, child: Person, office: Account, send: Open
) -> None:
    other = pupil_of(schools["keyaki"])
    form = {"other": str(other.uuid), "has_custody": "yes", "since": "2026-11-01", "step": "guardian"}
    assert send(office, "register.family", child.uuid, **form).status_code == 400
    assert not Guardianship.objects.filter(guardian=other).exists()


def test_custody_changes_on_a_day_and_is_taken_back(
    child: Person, office: Account, send: Open, open_page: Open
) -> None:
    before, row = roster.state(), standing(child)
    assert (
        send(office, "register.guardianship", child.uuid, row.pk, **said("custody", has_custody="no")).status_code
        == 302
    )
    row.refresh_from_db()
    after = Guardianship.objects.living().get(guardian=row.guardian, child=child)
    assert (row.ends, after.begins, after.has_custody) == (date(2026, 11, 24), date(2026, 11, 24), False)
    ((change, _touched), *_rest) = open_page(office, "register.person", child.uuid).context["taken_back"]
    assert open_page(office, "register.person_change", child.uuid, change.pk).status_code == 200
    assert send(office, "register.person_change", child.uuid, change.pk).status_code == 302
    assert roster.state() == before
    assert open_page(office, "register.person_change", child.uuid, change.pk).status_code == 404


def test_a_guardianship_ends_and_one_that_would_end_before_it_begins_does_not(
    child: Person, office: Account, send: Open
) -> None:
    row = standing(child)
    wrong = send(office, "register.guardianship", child.uuid, row.pk, **said("ended", day="2000-01-01"))
    assert wrong.status_code == 400
    assert "day" in wrong.context["form"].errors
    assert send(office, "register.guardianship", child.uuid, row.pk, **said("ended")).status_code == 302
    row.refresh_from_db()
    assert row.ends == date(2026, 11, 24)


def test_an_address_is_hidden_from_a_guardian_and_shown_again(child: Person, office: Account, send: Open) -> None:
    guardian = standing(child).guardian
    form = {"hide-other": str(guardian.uuid), "hide-since": "2026-11-01", "hide-note": "", "step": "hide"}
    assert send(office, "register.family", child.uuid, **form).status_code == 302
    row = AddressProtection.objects.living().get(person=child, hidden_from=guardian)
    assert row.begins == date(2026, 11, 1)
    assert send(office, "register.family", child.uuid, **form).status_code == 400
    ended = {"day": "2026-11-24", "note": "措置の終了"}
    assert send(office, "register.protection", child.uuid, row.pk, **ended).status_code == 302
    row.refresh_from_db()
    assert row.ends == date(2026, 11, 24)


def test_a_change_about_somebody_else_is_not_taken_back_through_the_page(
    schools: Schools, child: Person, office: Account, send: Open
) -> None:
    other = pupil_of(schools["keyaki"])
    change = roster.who.rename(other, {"display_given": "別"}, since=date(2026, 11, 24), by="board")
    assert send(office, "register.person_change", child.uuid, change.pk).status_code == 404
    assert send(office, "register.person_change", other.uuid, change.pk).status_code == 404
    assert Person.objects.get(pk=other.pk).display_given == "別"
