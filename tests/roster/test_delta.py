"""Packages that hold changes only: what they change, what they leave, and in which order they count."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from terakoya.roster import api
from terakoya.roster.errors import Finding, PackageRefused
from terakoya.roster.models import (
    Applied,
    Enrolment,
    Guardianship,
    Person,
    Role,
    RosterImport,
    SchoolClass,
)
from terakoya.roster.undoing import state

from .packages import Package

pytestmark = pytest.mark.usefixtures("imported")
EARLY, LATE = "2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"
TODAY = date(2026, 11, 24)


class Delta(Package):
    """A package of the town that holds some of its rows, as changes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.source = dict(self.files)
        self.files = {"manifest": self.files["manifest"]}
        for row in self.files["manifest"]:
            if row[0].startswith("file."):
                row[1] = "absent"

    def add(self, file: str, key: str, at: str = LATE, **cells: str) -> None:
        """A row of the town, with other cells."""
        header, *rows = self.source[file]
        found = next((row for row in rows if row[0] == key), None) or [""] * len(header)
        told = dict(zip(header, found, strict=True)) | {"sourcedId": key, "status": "active", "dateLastModified": at}
        self._put(file, header, told | cells)

    def take_away(self, file: str, key: str, at: str = LATE) -> None:
        """A row that says that another one is gone, and nothing else."""
        header = self.source[file][0]
        nothing = dict.fromkeys(header, "")
        self._put(file, header, nothing | {"sourcedId": key, "status": "tobedeleted", "dateLastModified": at})

    def whole(self, file: str) -> None:
        """All rows of a file, in bulk."""
        self.set_manifest(f"file.{file}", "bulk")
        self.files[file] = [list(row) for row in self.source[file]]

    def _put(self, file: str, header: list[str], told: dict[str, str]) -> None:
        self.set_manifest(f"file.{file}", "delta")
        self.files.setdefault(file, [header]).append([told[name] for name in header])

    def take(self, **how: Any) -> api.ImportReport:
        return api.import_package(self.file(), by="clerk", file_name="delta.zip", **how)

    def refused(self) -> list[Finding]:
        with pytest.raises(PackageRefused) as refusal:
            self.take()
        return refusal.value.report.errors


@pytest.fixture
def delta(package_path: Path) -> Delta:
    return Delta(package_path)


@pytest.fixture
def later(package_path: Path) -> Delta:
    return Delta(package_path)


def a_pupil() -> Person:
    return Person.objects.filter(roles__name="student").order_by("sourced_id")[0]


def an_enrolment() -> Enrolment:
    return Enrolment.objects.filter(role="student").select_related("person", "school_class").order_by("sourced_id")[0]


def no_change_of(report: api.ImportReport) -> int:
    return sum(counts[name] for counts in report.counts.values() for name in ("new", "changed", "ended"))


def test_a_person_who_is_told_changes_and_nobody_else(delta: Delta) -> None:
    pupil = a_pupil()
    delta.add("users", pupil.sourced_id, email="new@example.jp")
    report = delta.take()
    assert report.counts["people"] == {"new": 0, "changed": 1, "unchanged": 0, "ended": 0}
    assert no_change_of(report) == 1
    assert Person.objects.get(pk=pupil.pk).email == "new@example.jp"
    assert Person.objects.get(pk=pupil.pk).birth_date == pupil.birth_date


def test_guardians_who_are_no_longer_named_end(delta: Delta) -> None:
    pair = Guardianship.objects.select_related("child").order_by("pk")[0]
    delta.add("users", pair.child.sourced_id, agentSourcedIds="")
    delta.take()
    assert not Guardianship.objects.living().filter(child=pair.child).exists()
    assert Guardianship.objects.living().exists()


def test_somebody_new_comes_with_a_role_and_a_class(delta: Delta) -> None:
    one = an_enrolment()
    role = Role.objects.get(person=one.person, name="student")
    delta.add("users", one.person.sourced_id, sourcedId="new", username="new", userMasterIdentifier="")
    delta.add("roles", role.sourced_id, sourcedId="new-role", userSourcedId="new")
    delta.add("enrollments", one.sourced_id, sourcedId="new-enrolment", userSourcedId="new")
    report = delta.take()
    assert [report.counts[kind]["new"] for kind in ("people", "roles", "enrolments")] == [1, 1, 1]
    assert Enrolment.objects.get(sourced_id="new-enrolment").person.sourced_id == "new"


def test_an_enrolment_that_is_to_be_deleted_ends_today(delta: Delta) -> None:
    one = an_enrolment()
    delta.take_away("enrollments", one.sourced_id)
    assert delta.take().counts["enrolments"]["ended"] == 1
    one.refresh_from_db()
    assert (one.ends, one.closed_by_id is None) == (TODAY, False)


def test_who_is_to_be_deleted_has_no_role_and_no_class(delta: Delta) -> None:
    pupil = a_pupil()
    delta.take_away("users", pupil.sourced_id)
    report = delta.take()
    assert report.counts["people"]["ended"] == 1
    assert Person.objects.get(pk=pupil.pk).ended == TODAY
    assert not Role.objects.on(TODAY).filter(person=pupil).exists()
    assert not Enrolment.objects.on(TODAY).filter(person=pupil).exists()


def test_nobody_is_in_a_class_that_is_to_be_deleted(delta: Delta) -> None:
    one = an_enrolment()
    delta.take_away("classes", one.school_class.sourced_id)
    delta.take(confirm_removals=True)
    assert SchoolClass.objects.get(pk=one.school_class_id).ended == TODAY
    assert not Enrolment.objects.living().filter(school_class=one.school_class).exists()


def test_a_class_moves_with_its_session(delta: Delta) -> None:
    session = an_enrolment().school_class.terms.get()
    delta.add("academicSessions", session.sourced_id, endDate="2027-03-25")
    delta.take()
    assert an_enrolment().school_class.ends == date(2027, 3, 26)


def test_enrolments_that_last_as_long_as_their_class_move_with_it_and_others_do_not(delta: Delta, later: Delta) -> None:
    one = an_enrolment()
    other = Enrolment.objects.filter(school_class=one.school_class).exclude(pk=one.pk).order_by("sourced_id")[0]
    delta.add("enrollments", other.sourced_id, endDate="2027-02-28")
    delta.take()
    later.add("academicSessions", one.school_class.terms.get().sourced_id, endDate="2027-03-25")
    later.take()
    assert Enrolment.objects.get(pk=one.pk).ends == date(2027, 3, 26)
    assert Enrolment.objects.get(pk=other.pk).ends == date(2027, 3, 1)


def test_an_enrolment_that_comes_with_its_session_lasts_as_long(delta: Delta) -> None:
    one = an_enrolment()
    delta.add("academicSessions", one.school_class.terms.get().sourced_id, endDate="2027-03-25")
    delta.add("enrollments", one.sourced_id, **{"metadata.jp.shussekiNo": "99"})
    delta.take()
    assert Enrolment.objects.living().get(sourced_id=one.sourced_id).ends == date(2027, 3, 26)


def test_a_birth_date_comes_without_the_person(delta: Delta) -> None:
    pupil = a_pupil()
    assert pupil.birth_date is not None
    birth = pupil.birth_date.replace(day=pupil.birth_date.day % 28 + 1)
    delta.add("demographics", pupil.sourced_id, birthDate=str(birth))
    delta.take()
    assert Person.objects.get(pk=pupil.pk).birth_date == birth


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("status", "", "cell.required"),
        ("status", "deleted", "cell.status"),
        ("dateLastModified", "", "cell.required"),
        ("dateLastModified", "2026-11-20", "cell.moment"),
        ("dateLastModified", "2026-13-20T00:00:00Z", "cell.moment"),
        ("username", "", "cell.required"),
    ],
)
def test_what_a_row_of_a_delta_must_say_is_found_where_it_is_missing(
    delta: Delta, column: str, value: str, code: str
) -> None:
    delta.add("users", a_pupil().sourced_id, **{column: value})
    (finding,) = delta.refused()
    assert (finding.code, finding.file, finding.row, finding.header) == (code, "users.csv", 2, column)


def test_marks_do_not_come_as_changes(delta: Delta) -> None:
    delta.files["results"] = [["sourcedId"]]
    delta.set_manifest("file.results", "delta")
    assert ("manifest.mode", "manifest.csv") in {(one.code, one.file) for one in delta.refused()}


def test_a_reference_to_what_nobody_has_is_found(delta: Delta) -> None:
    delta.add("enrollments", an_enrolment().sourced_id, classSourcedId="nowhere")
    found = {(one.code, one.header) for one in delta.refused()}
    assert ("reference.missing", "classSourcedId") in found


def test_a_reference_to_what_the_package_takes_away_is_found(delta: Delta) -> None:
    one = an_enrolment()
    delta.add("enrollments", one.sourced_id)
    delta.take_away("users", one.person.sourced_id)
    assert [(each.code, each.header) for each in delta.refused()] == [("reference.missing", "userSourcedId")]


def test_a_reference_to_an_entry_that_was_put_together_with_another_is_one_to_the_person(delta: Delta) -> None:
    one = an_enrolment()
    kept = Person.objects.filter(roles__name="student").exclude(pk=one.person_id).order_by("sourced_id")[0]
    api.who.merge(kept.pk, one.person.pk, by="clerk")
    delta.add("enrollments", "new", classSourcedId=one.school_class.sourced_id, userSourcedId=one.person.sourced_id)
    delta.files["enrollments"][1] = [
        {"schoolSourcedId": one.school_class.school.sourced_id, "role": "student", "primary": "false"}.get(head, cell)
        for head, cell in zip(*delta.files["enrollments"], strict=True)
    ]
    delta.take()
    assert Enrolment.objects.get(sourced_id="new").person_id == kept.pk


def test_what_changes_while_a_delta_is_read_counts(delta: Delta, later: Delta) -> None:
    one = an_enrolment()
    delta.add("enrollments", one.sourced_id)
    later.take_away("users", one.person.sourced_id)
    came: list[str] = []

    def meanwhile(stage: str, *_: int) -> None:
        if stage == "check" and not came:
            came.append(stage)
            later.take()

    with api.told_to(meanwhile):
        assert [(each.code, each.header) for each in delta.refused()] == [("reference.missing", "userSourcedId")]


def test_a_row_that_lives_and_is_gone_is_found(delta: Delta) -> None:
    one = an_enrolment()
    delta.add("enrollments", one.sourced_id)
    delta.take_away("enrollments", one.sourced_id)
    assert [(each.code, each.row) for each in delta.refused()] == [("id.twice", 3)]


def test_an_older_row_loses(delta: Delta, later: Delta) -> None:
    pupil = a_pupil()
    later.add("users", pupil.sourced_id, LATE, email="late@example.jp")
    later.take()
    delta.add("users", pupil.sourced_id, EARLY, email="early@example.jp")
    assert no_change_of(delta.take()) == 0
    assert Person.objects.get(pk=pupil.pk).email == "late@example.jp"


def test_an_older_row_does_not_bring_back_what_is_gone(delta: Delta, later: Delta) -> None:
    one = an_enrolment()
    later.take_away("enrollments", one.sourced_id, LATE)
    later.take()
    delta.add("enrollments", one.sourced_id, EARLY)
    delta.take()
    assert not Enrolment.objects.living().filter(sourced_id=one.sourced_id).exists()


def test_a_row_of_the_same_moment_wins(delta: Delta, later: Delta) -> None:
    pupil = a_pupil()
    delta.add("users", pupil.sourced_id, LATE, email="one@example.jp")
    delta.take()
    later.add("users", pupil.sourced_id, "2026-11-21T09:00:00+09:00", email="other@example.jp")
    later.take()
    assert Person.objects.get(pk=pupil.pk).email == "other@example.jp"


def test_after_a_bulk_moments_begin_anew(delta: Delta, later: Delta, package_path: Path) -> None:
    pupil = a_pupil()
    later.add("users", pupil.sourced_id, LATE, email="late@example.jp")
    later.take()
    api.import_package(package_path, by="clerk")
    assert not Applied.objects.exists()
    delta.add("users", pupil.sourced_id, EARLY, email="early@example.jp")
    delta.take()
    assert Person.objects.get(pk=pupil.pk).email == "early@example.jp"


def test_a_bulk_after_a_delta_compares_with_what_is_there(delta: Delta, package_path: Path) -> None:
    one = an_enrolment()
    delta.add("users", one.person.sourced_id, email="new@example.jp")
    delta.take_away("enrollments", one.sourced_id)
    delta.take()
    report = api.import_package(package_path, by="clerk")
    assert report.counts["people"]["changed"] == 1
    assert report.counts["enrolments"]["new"] == 1
    assert no_change_of(report) == 2


def test_a_delta_taken_back_leaves_everything_as_it_was_moments_too(delta: Delta, later: Delta) -> None:
    one = an_enrolment()
    later.add("users", one.person.sourced_id, EARLY, email="early@example.jp")
    later.take()
    before = state()
    delta.add("users", one.person.sourced_id, LATE, email="late@example.jp")
    delta.take_away("enrollments", one.sourced_id)
    report = delta.take()
    change = RosterImport.objects.get(pk=report.entry).change
    assert change is not None
    api.undo(change, by="clerk")
    assert state() == before


def test_a_look_writes_nothing_and_counts_the_same(delta: Delta) -> None:
    one = an_enrolment()
    delta.add("users", one.person.sourced_id, email="new@example.jp")
    delta.take_away("enrollments", one.sourced_id)
    before = state()
    looked_at = delta.take(dry_run=True)
    assert state() == before
    assert looked_at.counts == delta.take().counts


def test_many_removals_wait_for_a_deliberate_yes(delta: Delta) -> None:
    school = an_enrolment().school_class.school
    every = list(Enrolment.objects.filter(school_class__school=school).order_by("sourced_id"))
    for one in every[: len(every) // 10 + 1]:
        delta.take_away("enrollments", one.sourced_id)
    with pytest.raises(PackageRefused) as refusal:
        delta.take()
    assert [one.code for one in refusal.value.report.findings if one.severity == "confirm"] == ["removals.many"]
    assert delta.take(confirm_removals=True).counts["enrolments"]["ended"] == len(every) // 10 + 1


def test_a_file_that_is_whole_ends_what_it_leaves_out_beside_one_of_changes(delta: Delta) -> None:
    one = an_enrolment()
    for file in ("orgs", "academicSessions", "courses", "classes", "enrollments"):
        delta.whole(file)
    delta.files["enrollments"] = [row for row in delta.files["enrollments"] if row[0] != one.sourced_id]
    delta.add("users", one.person.sourced_id, email="new@example.jp")
    report = delta.take()
    assert report.counts["enrolments"]["ended"] == 1
    assert report.counts["people"]["changed"] == 1
    assert no_change_of(report) == 2


def test_the_history_says_which_profile_a_delta_was_of(delta: Delta, package_path: Path) -> None:
    delta.add("users", a_pupil().sourced_id, email="new@example.jp")
    entry = RosterImport.objects.get(pk=delta.take().entry)
    whole = RosterImport.objects.exclude(pk=entry.pk).get()
    assert (entry.profile, entry.outcome) == (whole.profile, "imported")


def test_what_is_deleted_twice_is_gone_once(delta: Delta, later: Delta) -> None:
    one = an_enrolment()
    delta.take_away("enrollments", one.sourced_id)
    delta.take()
    later.take_away("enrollments", one.sourced_id)
    assert no_change_of(later.take()) == 0
