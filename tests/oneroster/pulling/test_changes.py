"""After the first time a server is asked for what has changed."""

from datetime import timedelta
from urllib.parse import unquote

import pytest

from terakoya.kit import clock, jobs
from terakoya.oneroster.pulling import duties, pull
from terakoya.oneroster.pulling.models import Origin, Pull
from terakoya.roster import api as roster
from terakoya.roster.changing import changing

from .conftest import pulled
from .other_server import OtherServer, small_school, to

pytestmark = pytest.mark.django_db


def counts_of(done: Pull) -> dict[str, dict[str, int]]:
    """What came of a reading, without the zeros."""
    entry = roster.RosterImport.objects.get(uuid=done.entry)
    assert (done.state, done.fault) == (Pull.State.DONE, ""), entry.findings
    return {kind: {name: number for name, number in each.items() if number} for kind, each in entry.counts.items()}


def living(name: str) -> set[str]:
    """The identifiers of the rows of a table that hold."""
    return set(roster.rows_of(name).filter(closed_by=None).values_list("sourced_id", flat=True))


def test_only_what_has_changed_is_taken_over(origin: Origin, server: OtherServer) -> None:
    server.lists = small_school(pupils=12)
    pulled(origin)
    held = living("Enrolment")
    server.change("users", "p1", familyName="新姓")
    server.change("enrollments", "e-p3", status="tobedeleted")
    done = pulled(origin)
    assert {name: number for name, number in done.counts.items() if number} == {"users": 1, "enrollments": 1}
    counts = counts_of(done)
    assert (counts["people"], counts["enrolments"]) == ({"changed": 1}, {"ended": 1})
    assert roster.rows_of("Person").get(sourced_id="p1").official_family == "新姓"
    assert living("Enrolment") == held - {"e-p3"}
    assert roster.rows_of("Person").get(sourced_id="p3").ended is None


def test_a_server_is_asked_from_a_little_before_the_last_reading_began(origin: Origin, server: OtherServer) -> None:
    first = pulled(origin)
    server.asked.clear()
    pulled(origin)
    [asked] = [unquote(path) for path in server.asked if "/users" in path]
    since = f"{first.begun_at - timedelta(minutes=5):%Y-%m-%dT%H:%M:%S}"
    assert f"filter=dateLastModified>='{since}" in asked


def test_where_nothing_has_changed_the_history_stays_as_it_is(origin: Origin) -> None:
    pulled(origin)
    before = roster.RosterImport.objects.count()
    done = pulled(origin)
    assert (done.state, done.entry, done.is_whole) == (Pull.State.DONE, None, False)
    assert roster.RosterImport.objects.count() == before
    assert Origin.objects.get(pk=origin.pk).since == done.begun_at


def test_a_server_that_does_not_filter_changes_nothing_either(origin: Origin, server: OtherServer) -> None:
    pulled(origin)
    before = {name: living(name) for name in ("Enrolment", "Role")}
    server.filters = False
    counts = counts_of(pulled(origin))
    assert all(set(each) <= {"unchanged"} for each in counts.values())
    assert {name: living(name) for name in before} == before


def test_a_role_that_a_user_has_no_longer_ends(origin: Origin, server: OtherServer) -> None:
    second = {"roleType": "secondary", "role": "siteAdministrator", "org": to("s")}
    user = next(one for one in server.lists["users"] if one["sourcedId"] == "t")
    user["roles"].append(second)
    pulled(origin)
    server.change("users", "t", roles=user["roles"][:1])
    assert counts_of(pulled(origin))["roles"] == {"unchanged": 1, "ended": 1}
    names = roster.rows_of("Role").filter(closed_by=None, person__sourced_id="t").values_list("name", flat=True)
    assert list(names) == ["teacher"]


def test_a_role_that_was_entered_here_is_not_the_servers_to_end(origin: Origin, server: OtherServer) -> None:
    pulled(origin)
    teacher = roster.rows_of("Person").get(sourced_id="t")
    with changing("correction", by="clerk") as writing:
        row = roster.rows_of("Role").filter(person=teacher).get()
        own = type(row)(sourced_id="own", person=teacher, organisation=row.organisation, name="aide", begins=row.begins)
        writing.create([own])
    server.change("users", "t", familyName="新姓")
    pulled(origin)
    assert "own" in living("Role")


def test_a_reading_of_changes_goes_on_where_it_stopped(origin: Origin, server: OtherServer) -> None:
    pulled(origin)
    for key in ("p1", "p2", "p3"):
        server.change("users", key, familyName="新姓")
    server.page = 1
    stopped: list[str] = []

    def away(path: str) -> tuple[int, dict[str, str], object] | None:
        if "/users" in path and "offset=2" in path and not stopped:
            stopped.append(path)
            return 503, {}, {}
        return None

    server.before = away
    made = pull.begin(Origin.objects.get(pk=origin.pk), by="clerk")
    with pytest.raises(jobs.TryLater):
        pull.go_on({"pull": str(made.uuid)})
    asked = len(server.asked)
    pull.go_on({"pull": str(made.uuid)})
    assert not any("/orgs" in path for path in server.asked[asked:])
    counts_of(Pull.objects.get(pk=made.pk))
    assert roster.rows_of("Person").filter(official_family="新姓").count() == 3


def test_everything_is_asked_for_where_somebody_chooses_so(origin: Origin, server: OtherServer) -> None:
    pulled(origin)
    server.lists["enrollments"] = [one for one in server.lists["enrollments"] if one["sourcedId"] != "e-p3"]
    pulled(origin)
    assert "e-p3" in living("Enrolment")
    made = pull.begin(Origin.objects.get(pk=origin.pk), by="clerk", whole=True)
    assert made.is_whole
    pull.go_on({"pull": str(made.uuid)})
    assert Pull.objects.get(pk=made.pk).state == Pull.State.REFUSED  # one of four: somebody must confirm


def test_what_is_due_is_asked_for_changes_and_after_a_week_for_everything(origin: Origin) -> None:
    pulled(origin)
    Origin.objects.filter(pk=origin.pk).update(every_hours=1)
    for days, is_whole in ((1, False), (8, True)):
        Pull.objects.update(state=Pull.State.DONE, begun_at=clock.now() - timedelta(days=days))
        duties.ask_again()
        assert origin.pulls.get(state=Pull.State.READING).is_whole is is_whole
