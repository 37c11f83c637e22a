from uuid import UUID

import pytest

from terakoya.roster import api
from terakoya.roster.changing import changing, latest
from terakoya.roster.models import Change, Enrolment, Guardianship, Organisation, Person, Role

from .exporting_tools import exported, tables_of
from .packages import Package

pytestmark = pytest.mark.usefixtures("imported")
PROFILE = "k12-schools-1.0"


def delta(since: int, **asked: object) -> dict[str, list[dict[str, str]]]:
    return tables_of(exported(PROFILE, since=since, **asked))


def modes(since: int) -> dict[str, str]:
    rows = delta(since)["manifest"]
    return {row["propertyName"][5:]: row["value"] for row in rows if row["propertyName"].startswith("file.")}


def a_pupil() -> Person:
    return Person.objects.filter(roles__name="student").order_by("sourced_id")[0]


def test_a_delta_after_the_latest_change_tells_nothing() -> None:
    assert set(modes(latest()).values()) == {"absent"}


def test_a_corrected_row_is_told_with_the_moment_of_its_change() -> None:
    since, pupil = latest(), a_pupil()
    with changing(Change.Kind.CORRECTION, by="clerk") as writing:
        writing.update([(pupil, {"email": "new@example.jp"})])
    told = delta(since)
    assert set(told) == {"manifest", "users"}
    (row,) = told["users"]
    assert (row["sourcedId"], row["status"], row["email"]) == (pupil.sourced_id, "active", "new@example.jp")
    assert row["dateLastModified"] == "2026-11-24T03:00:00.000Z"
    assert modes(since)["users"] == "delta"


def test_who_is_missing_from_the_next_package_is_to_be_deleted(package: Package) -> None:
    since, pupil = latest(), a_pupil()
    package.without_people(pupil.sourced_id)
    api.import_package(package.file(), by="clerk")
    told = delta(since)
    assert [(row["sourcedId"], row["status"]) for row in told["users"] if row["sourcedId"] == pupil.sourced_id] == [
        (pupil.sourced_id, "tobedeleted")
    ]
    enrolments = {row["status"] for row in told["enrollments"] if row["userSourcedId"] == pupil.sourced_id}
    assert enrolments == {"tobedeleted"}
    assert {row["status"] for row in told["roles"] if row["userSourcedId"] == pupil.sourced_id} == {"tobedeleted"}


def test_what_ended_and_began_again_under_its_identifier_is_told_once_as_active() -> None:
    since = latest()
    one = Enrolment.objects.filter(role="student").order_by("sourced_id")[0]
    with changing(Change.Kind.MOVE, by="clerk") as writing:
        fresh = Enrolment(
            sourced_id=one.sourced_id,
            person_id=one.person_id,
            school_class_id=one.school_class_id,
            role="student",
            number=99,
            begins=one.begins.replace(month=12),
            ends=one.ends,
        )
        writing.close([one], fresh.begins)
        writing.create([fresh])
    (row,) = delta(since)["enrollments"]
    assert (row["status"], row["metadata.jp.shussekiNo"]) == ("active", "99")


def test_a_pupil_is_told_when_only_a_guardian_is_another() -> None:
    since, row = latest(), Guardianship.objects.select_related("child").order_by("pk")[0]
    with changing(Change.Kind.CORRECTION, by="clerk") as writing:
        writing.close([row], row.begins)
    told = delta(since)["users"]
    assert [one["sourcedId"] for one in told] == [row.child.sourced_id]
    assert row.guardian.sourced_id not in told[0]["agentSourcedIds"].split(",")


def test_what_was_taken_back_is_to_be_deleted() -> None:
    school = Organisation.objects.filter(kind="school").order_by("sourced_id")[0]
    with changing(Change.Kind.CORRECTION, by="clerk") as writing:
        person = Person(sourced_id="mistake", username="mistake")
        writing.create([person])
        writing.create(
            [Role(sourced_id="mistaken-role", person=person, organisation=school, name="student", begins="2026-04-01")]
        )
    since = latest()
    api.undo(writing.change, by="clerk")
    told = delta(since)
    assert [(row["sourcedId"], row["status"]) for row in told["users"]] == [("mistake", "tobedeleted")]
    assert [(row["sourcedId"], row["status"]) for row in told["roles"]] == [("mistaken-role", "tobedeleted")]


@pytest.mark.parametrize("place", ["its own", "another"])
def test_a_school_is_told_only_of_its_own_people(package: Package, place: str) -> None:
    since, pupil = latest(), a_pupil()
    school = Role.objects.get(person=pupil, name="student").organisation
    others = Organisation.objects.filter(kind="school").exclude(pk=school.pk)
    asked: UUID = school.pk if place == "its own" else others.order_by("sourced_id")[0].pk
    package.without_people(pupil.sourced_id)
    api.import_package(package.file(), by="clerk")
    told = {row["sourcedId"] for row in delta(since, organisations=[asked]).get("users", [])}
    assert (pupil.sourced_id in told) == (place == "its own")


def test_a_delta_has_no_day() -> None:
    with pytest.raises(ValueError, match="no day"):
        exported(PROFILE, since=0, on=a_pupil().birth_date)
