"""A roster that is fetched: whole, page by page, resumed, and later only what has changed."""

from datetime import date

import pytest

from terakoya.kit import jobs
from terakoya.oneroster.pulling import origins, pull
from terakoya.oneroster.pulling.errors import Away, CannotRead
from terakoya.oneroster.pulling.models import Origin, Pull
from terakoya.roster import api as roster

from .conftest import pulled
from .other_server import OtherServer, to

pytestmark = pytest.mark.django_db


def test_a_whole_roster_is_taken_over_like_a_package(origin: Origin) -> None:
    done = pulled(origin)
    assert (done.state, done.fault) == (Pull.State.DONE, "")
    pupil = roster.rows_of("Person").get(sourced_id="p1")
    assert (pupil.name, pupil.kana, pupil.birth_date, pupil.sex) == ("姓1 名", "セイ メイ", date(2015, 5, 1), "female")
    homeroom = roster.homeroom_of(pupil.uuid)
    assert homeroom is not None and homeroom.title == "5年1組"
    assert [one.number for one in roster.pupils_in(homeroom)] == [1, 2, 3]
    entry = roster.RosterImport.objects.get(uuid=done.entry)
    assert entry.change is not None and (entry.change.kind, entry.file_name) == ("pull", "校務システム")


def test_the_same_roster_again_changes_nothing(origin: Origin) -> None:
    pulled(origin)
    before = roster.state()
    assert pulled(origin, whole=True).state == Pull.State.DONE
    assert roster.state() == before


@pytest.mark.parametrize("tells", [{"link", "total"}, {"link"}, {"total"}, set()])
def test_every_page_is_read_whatever_a_server_tells_of_the_next(
    origin: Origin, server: OtherServer, monkeypatch: pytest.MonkeyPatch, tells: set[str]
) -> None:
    server.page, server.tells = 2, tells
    monkeypatch.setattr("terakoya.oneroster.pulling.reading.A_PAGE", 2)
    done = pulled(origin)
    assert done.state == Pull.State.DONE
    assert roster.rows_of("Enrolment").count() == 4


def test_reading_goes_on_at_the_page_where_it_stopped(origin: Origin, server: OtherServer) -> None:
    server.page = 1
    stopped: list[str] = []

    def away(path: str) -> tuple[int, dict[str, str], object] | None:
        if "/users" in path and "offset=2" in path and not stopped:
            stopped.append(path)
            return 503, {"Retry-After": "7"}, {}
        return None

    server.before = away
    made = pull.begin(origin, by="clerk")
    with pytest.raises(jobs.TryLater):
        pull.go_on({"pull": str(made.uuid)})
    asked = len(server.asked)
    pull.go_on({"pull": str(made.uuid)})
    assert Pull.objects.get(pk=made.pk).state == Pull.State.DONE
    assert not any("/orgs" in path for path in server.asked[asked:])
    assert roster.rows_of("Person").count() == 4


def test_a_page_whose_rows_were_kept_before_a_crash_is_not_kept_twice(origin: Origin) -> None:
    made = pull.begin(origin, by="clerk")
    pull.read(made)
    folder = pull.folder_of(made)
    with (folder / "users.csv").open("ab") as file:  # as if the node fell between the rows and the note of them
        file.write((folder / "users.csv").read_bytes())
    again = Pull.objects.select_related("origin").get(pk=made.pk)
    assert pull.read(again)
    pull.take_over(again)
    assert Pull.objects.get(pk=made.pk).state == Pull.State.DONE


def test_an_object_that_came_twice_counts_once_as_it_was_last(origin: Origin, server: OtherServer) -> None:
    server.lists["users"].append({**server.lists["users"][1], "familyName": "新姓"})
    pulled(origin)
    assert roster.rows_of("Person").get(sourced_id="p1").official_family == "新姓"


def test_what_is_to_be_deleted_is_not_part_of_a_whole_roster(origin: Origin, server: OtherServer) -> None:
    for name, key in (("users", "p3"), ("enrollments", "e-p3")):
        next(one for one in server.lists[name] if one["sourcedId"] == key)["status"] = "tobedeleted"
    pulled(origin)
    assert not roster.rows_of("Person").filter(sourced_id="p3").exists()


def test_a_list_that_gives_less_than_it_says_is_not_taken_for_the_whole(origin: Origin, server: OtherServer) -> None:
    server.before = lambda path: (
        (200, {"X-Total-Count": "4", "Link": '</>; rel="first"'}, {"users": server.lists["users"][:2]})
        if "/users" in path and server.tokens
        else None
    )
    stopped = pulled(origin)
    assert stopped.state == Pull.State.STOPPED
    assert "4" in stopped.fault and roster.organisations() == []


def test_a_refused_roster_is_told_with_its_findings(origin: Origin, server: OtherServer) -> None:
    server.lists["enrollments"][1]["class"] = to("nowhere")
    refused = pulled(origin)
    assert refused.state == Pull.State.REFUSED
    entry = roster.RosterImport.objects.get(uuid=refused.entry)
    assert [(one["code"], one["file"]) for one in entry.findings if one["severity"] == "error"] == [
        ("reference.missing", "enrollments.csv")
    ]
    assert Origin.objects.get(pk=origin.pk).since is None


def test_two_pulls_of_a_server_are_one(origin: Origin) -> None:
    assert pull.begin(origin, by="a").pk == pull.begin(origin, by="b").pk


def test_nothing_is_left_in_the_work_folder(origin: Origin) -> None:
    done = pulled(origin)
    assert not pull.folder_of(done).exists()


def test_a_server_of_1_1_is_read_with_its_one_role_a_user(origin: Origin, server: OtherServer) -> None:
    for user in server.lists["users"]:
        [role] = user.pop("roles")
        user["role"], user["orgs"] = role["role"], [role["org"]]
    Origin.objects.filter(pk=origin.pk).update(version="1.1")
    assert pulled(origin).state == Pull.State.DONE
    assert set(roster.rows_of("Role").values_list("name", flat=True)) == {"teacher", "student"}


def test_the_secret_is_not_in_the_database(origin: Origin) -> None:
    assert b"secret" not in bytes(Origin.objects.get().secret)
    assert origins.secret_of(Origin.objects.get()) == "secret"


@pytest.mark.parametrize("address", ["ftp://a/", "http:///x", "javascript:1", "http://u:p@a/", "http://a/?x=1", ""])
def test_an_address_that_is_none_is_refused(origin: Origin, address: str) -> None:
    with pytest.raises(CannotRead):
        origins.add_origin("b", base=address, token_address="http://a/token", client_id="c", secret="s")
    assert Origin.objects.count() == 1


def test_a_server_that_is_away_is_asked_later(origin: Origin, server: OtherServer) -> None:
    server.close()
    made = pull.begin(origin, by="clerk")
    with pytest.raises(Away):
        pull.read(made)
    with pytest.raises(jobs.TryLater):
        pull.go_on({"pull": str(made.uuid)})
    assert Pull.objects.get(pk=made.pk).state == Pull.State.READING
