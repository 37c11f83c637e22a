"""The pages about people at the desk: search, one person, duplicates, proposals, names to choose."""

from datetime import date

import pytest

from terakoya.access import api as access
from terakoya.identity.api import Account, create_account
from terakoya.roster import api as roster
from terakoya.roster.models import Alias, Enrolment, Guardianship, Organisation, Person, Role

from .conftest import Open

Schools = dict[str, Organisation]
ROUTES = ["register.people", "register.duplicates", "register.proposals", "register.names"]
HIGH = "\u9ad9"


def pupil_of(school: Organisation, number: int = 0) -> Person:
    rows = Enrolment.objects.filter(
        school_class__school=school, school_class__kind="homeroom", role="student"
    ).order_by("pk")
    return rows[number].person


@pytest.fixture
def twin(schools: Schools) -> Person:
    """A second entry of a pupil of Hibari, at the same school."""
    one = pupil_of(schools["hibari"])
    fields = ("official_family", "official_given", "display_family", "display_given", "kana_family", "kana_given")
    entry = Person.objects.create(
        sourced_id="again", username="again", birth_date=one.birth_date, sex=one.sex, grade=one.grade,
        **{name: getattr(one, name) for name in fields},
    )  # fmt: skip
    Role.objects.create(
        sourced_id="r-again", person=entry, organisation=schools["hibari"], name="student", begins=date(2026, 4, 1)
    )
    return entry


@pytest.mark.parametrize("route", ROUTES)
def test_a_teacher_has_none_of_these_pages(schools: Schools, open_page: Open, route: str) -> None:
    row = Enrolment.objects.filter(role="teacher").first()
    assert row is not None
    teacher = create_account("someone", display_name="someone", person=row.person_id)
    assert open_page(teacher, route).status_code == 403


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("route", ROUTES)
def test_each_page_opens_for_the_office(
    schools: Schools, office: Account, open_page: Open, route: str, language: str
) -> None:
    assert open_page(office, route, language=language).status_code == 200


def test_the_search_finds_own_people_alone(schools: Schools, office: Account, open_page: Open) -> None:
    own, other = pupil_of(schools["hibari"]), pupil_of(schools["keyaki"])
    found = open_page(office, "register.people", q=own.sourced_id).context["found"]
    assert [one["person"] for one in found] == [own]
    assert open_page(office, "register.people", q=other.sourced_id).context["found"] == []


def test_the_search_is_written_into_the_log_of_those_found(schools: Schools, board: Account, open_page: Open) -> None:
    own = pupil_of(schools["hibari"])
    open_page(board, "register.people", q=own.sourced_id)
    assert [line.what for line in access.accesses_of(own.uuid)] == ["people_found"]


def test_the_page_of_a_person_shows_the_periods_and_is_logged(
    schools: Schools, office: Account, open_page: Open
) -> None:
    own = pupil_of(schools["hibari"])
    answer = open_page(office, "register.person", own.uuid)
    places = [one["what"] for one in answer.context["periods"]]
    assert f"{schools['hibari'].name} 5年1組" in places or any("組" in one for one in places)
    logged = {line.what for line in access.accesses_of(own.uuid)}
    assert logged == {"register_person", "register_guardians"}


def test_the_page_of_another_schools_pupil_is_not_there(schools: Schools, office: Account, open_page: Open) -> None:
    assert open_page(office, "register.person", pupil_of(schools["keyaki"]).uuid).status_code in (403, 404)


def test_the_page_says_what_somebody_was_called_on_a_day(schools: Schools, board: Account, open_page: Open) -> None:
    own = pupil_of(schools["hibari"])
    before = own.name
    roster.who.rename(own, {"display_family": "新山"}, since=date(2026, 6, 1), by="clerk")
    assert open_page(board, "register.person", own.uuid, on="2026-05-01").context["named"].name == before
    assert open_page(board, "register.person", own.uuid).context["named"].name.startswith("新山")


def test_who_has_no_custody_is_marked(schools: Schools, board: Account, open_page: Open) -> None:
    row = Guardianship.objects.select_related("child").first()
    assert row is not None
    Guardianship.objects.filter(pk=row.pk).update(has_custody=False)
    answer = open_page(board, "register.person", row.child_id)
    assert "without custody: decides nothing" in answer.content.decode()


def test_a_name_is_changed_at_the_desk(schools: Schools, office: Account, send: Open) -> None:
    own = pupil_of(schools["hibari"])
    said = {"official_family": "新山", "official_given": own.official_given, "kind": "changed", "since": "2026-06-01"}
    kept = {name: getattr(own, name) for name in ("display_family", "display_given", "kana_family", "kana_given")}
    assert send(office, "register.person_name", own.uuid, **kept, **said).status_code == 302
    assert roster.who.past_names_of(own.uuid).count() == 1


def test_a_name_without_a_word_on_what_happened_is_asked_again(schools: Schools, office: Account, send: Open) -> None:
    own = pupil_of(schools["hibari"])
    answer = send(office, "register.person_name", own.uuid, official_family="新山")
    assert answer.status_code == 400
    assert "kind" in answer.context["form"].errors


def test_a_pair_is_compared_put_together_and_taken_apart(
    schools: Schools, office: Account, open_page: Open, send: Open, twin: Person
) -> None:
    own = pupil_of(schools["hibari"])
    (line,) = open_page(office, "register.duplicates").context["pairs"]
    assert {line["pair"].one, line["pair"].other} == {own, twin}
    assert open_page(office, "register.pair", own.uuid, twin.uuid).status_code == 200
    assert not Alias.objects.exists()
    assert send(office, "register.pair", own.uuid, twin.uuid, merge="yes", reason="same family").status_code == 302
    assert open_page(office, "register.person", twin.uuid).url.endswith(f"{own.uuid}/")
    assert send(office, "register.pair_apart", twin.uuid).status_code == 302
    assert not Alias.objects.exists()


def test_two_people_are_remembered_as_two(
    schools: Schools, office: Account, open_page: Open, send: Open, twin: Person
) -> None:
    own = pupil_of(schools["hibari"])
    send(office, "register.pair", own.uuid, twin.uuid, apart="yes")
    assert open_page(office, "register.duplicates").context["pairs"] == []
    assert not Alias.objects.exists()


def test_a_pair_of_which_one_is_not_the_readers_is_not_there(
    schools: Schools, office: Account, open_page: Open
) -> None:
    own, other = pupil_of(schools["hibari"]), pupil_of(schools["keyaki"])
    assert open_page(office, "register.pair", own.uuid, other.uuid).status_code in (403, 404)


def test_a_proposal_waits_on_the_first_page_and_is_accepted(
    schools: Schools, office: Account, open_page: Open, send: Open
) -> None:
    own = pupil_of(schools["hibari"])
    waiting = roster.write(own, "phone", "050-1111-2222", origin="e_portal", by="portal")
    assert isinstance(waiting, roster.who.Proposal)
    assert any("1 value proposed" in one.words for one in open_page(office, "register.start").context["waiting"])
    assert "050-1111-2222" in open_page(office, "register.proposals").content.decode()
    assert send(office, "register.proposal", waiting.pk, accept="yes").status_code == 302
    assert Person.objects.get(pk=own.pk).phone == "050-1111-2222"


def test_declining_without_a_reason_is_asked_again(schools: Schools, office: Account, send: Open) -> None:
    waiting = roster.write(pupil_of(schools["hibari"]), "phone", "1", origin="e_portal", by="portal")
    assert isinstance(waiting, roster.who.Proposal)
    answer = send(office, "register.proposal", waiting.pk, decline="yes")
    assert answer.status_code == 400
    assert "Say in a few words why." in answer.content.decode()


def test_proposals_about_others_are_not_shown(schools: Schools, office: Account, open_page: Open) -> None:
    waiting = roster.write(pupil_of(schools["keyaki"]), "phone", "1", origin="e_portal", by="portal")
    assert isinstance(waiting, roster.who.Proposal)
    assert open_page(office, "register.proposals").context["rows"] == []
    assert open_page(office, "register.proposal", waiting.pk).status_code == 404


def test_forms_are_chosen_for_a_name_that_cannot_be_shown(
    schools: Schools, office: Account, open_page: Open, send: Open
) -> None:
    own = pupil_of(schools["hibari"])
    roster.who.correct_names(own, {"display_family": HIGH + "田"}, by="clerk")
    assert [one for one, _needed in open_page(office, "register.names").context["rows"]] == [own]
    assert send(office, "register.names_of", own.uuid, note="mother").status_code == 400
    said = {"display_family-0": "高", "note": "mother, by telephone"}
    assert send(office, "register.names_of", own.uuid, **said).status_code == 302
    assert Person.objects.get(pk=own.pk).display_family == "高田"
    assert open_page(office, "register.names").context["rows"] == []
