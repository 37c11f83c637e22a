"""A system that still has two entries for one person brings no duplicate back."""

from pathlib import Path

import pytest
import time_machine

from terakoya.demo_town.api import Town
from terakoya.roster import api
from terakoya.roster.models import Enrolment, Guardianship, Person

from ..conftest import DAY
from ..packages import Package


@pytest.fixture
def doubled(package_path: Path, town: Town) -> Package:
    """The package of the town, in which the first pupil stands twice: the second time as ``twice``."""
    package = Package(package_path)
    pupil = str(town.pupils[0].sourced_id)
    for file, header in (
        ("users", "sourcedId"),
        ("roles", "userSourcedId"),
        ("enrollments", "userSourcedId"),
    ):
        heads = package.files[file][0]
        for number, row in enumerate([row for row in package.files[file][1:] if row[heads.index(header)] == pupil]):
            copy = list(row)
            copy[heads.index("sourcedId")] = "twice" if file == "users" else f"twice-{file}-{number}"
            copy[heads.index(header)] = "twice"
            for name in ("username", "userMasterIdentifier"):
                if name in heads:
                    copy[heads.index(name)] = "twice" if name == "username" else ""
            package.files[file].append(copy)
    return package


@pytest.fixture
def pair(db: None, doubled: Package, town: Town) -> tuple[Person, Person]:
    api.import_package(doubled.file(), by="clerk")
    one = Person.objects.get(sourced_id=town.pupils[0].sourced_id)
    return one, Person.objects.get(sourced_id="twice")


def _classes(person: Person) -> int:
    return Enrolment.objects.on(api.imports()[0].at.date()).filter(person=person).count()


def test_the_same_package_again_leaves_the_merge_as_it_is(pair: tuple[Person, Person], doubled: Package) -> None:
    kept, entry = pair
    before = _classes(kept)
    assert _classes(entry) == before
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    merged = api.state()
    report = api.import_package(doubled.file(), by="clerk")
    assert report.errors == []
    assert api.state() == merged
    assert (_classes(kept), _classes(entry)) == (before, 0)


def test_when_the_system_drops_the_kept_entry_the_person_stays(pair: tuple[Person, Person], doubled: Package) -> None:
    kept, entry = pair
    before = _classes(kept)
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    doubled.without_people(kept.sourced_id)
    report = api.import_package(doubled.file(), by="clerk", confirm_removals=True)
    assert report.errors == []
    now = Person.objects.get(pk=kept.pk)
    assert (now.ended, now.username) == (None, kept.username)
    assert (_classes(kept), _classes(entry)) == (before, 0)


def test_when_the_system_drops_the_other_entry_nothing_changes(pair: tuple[Person, Person], doubled: Package) -> None:
    kept, entry = pair
    before = _classes(kept)
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    doubled.without_people("twice")
    api.import_package(doubled.file(), by="clerk")
    assert (_classes(kept), _classes(entry)) == (before, 0)


def test_taken_apart_the_two_are_delivered_as_two(pair: tuple[Person, Person], doubled: Package) -> None:
    kept, entry = pair
    before = api.state()
    api.who.unmerge(api.who.merge(kept.uuid, entry.uuid, by="clerk"), by="clerk")
    api.import_package(doubled.file(), by="clerk")
    assert api.state() == before


@pytest.mark.django_db
def test_a_guardian_without_custody_who_was_left_out_once_comes_back_without_it(
    package_path: Path, in_november: time_machine.Traveller
) -> None:
    api.import_package(package_path, by="clerk")
    row = Guardianship.objects.select_related("guardian").first()
    assert row is not None
    api.who.change_custody(row, has_custody=False, since=DAY, by="clerk")
    shorter = Package(package_path)
    at = shorter.column("users", "agentSourcedIds")
    for line in shorter.files["users"][1:]:
        line[at] = ",".join(one for one in line[at].split(",") if one != row.guardian.sourced_id)
    in_november.shift(86400)
    api.import_package(shorter.file(), by="clerk", confirm_removals=True)
    assert not Guardianship.objects.living().filter(guardian=row.guardian).exists()
    in_november.shift(86400)
    api.import_package(package_path, by="clerk")
    back = Guardianship.objects.living().get(guardian=row.guardian, child=row.child)
    assert back.has_custody is False
    assert not api.is_guardian(row.guardian_id, row.child_id)
