import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from terakoya.access.errors import NotPermitted
from terakoya.audit import api as audit
from terakoya.audit.models import LogEntry
from terakoya.demo_town import api as demo_town
from terakoya.identity.api import create_account
from terakoya.kit import clock
from terakoya.roster import api as roster
from terakoya.roster.errors import PackageRefused

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    town = demo_town.make_town(7, clock.today(), pupils=60)
    return demo_town.write_city_package(town, tmp_path_factory.mktemp("town"))


def test_an_import_is_one_entry_about_nobody_in_particular(package: Path) -> None:
    create_account("clerk", display_name="The Clerk", is_administrator=True)
    report = roster.import_package(package, by="clerk")
    [entry] = LogEntry.objects.all()
    assert json.loads(entry.body)["subjects"] == []
    body = audit.entry_at(entry.index).facts
    assert (body["what"], body["reference"]) == ("roster_import", str(report.entry))
    assert (body["actor"]["name"], body["actor"]["stakeholder"], body["count"]) == (
        "The Clerk",
        "establisher",
        report.counts["people"]["new"],
    )
    assert audit.verify_log() == []


def test_at_the_command_line_the_clerk_acts(package: Path, node_kind: Callable[[str], object]) -> None:
    for kind, stakeholder in (("city", "establisher"), ("juku", "cram_school")):
        node_kind(kind)
        roster.import_package(package, by="terakoya import")
        actor = audit.entry_at(LogEntry.objects.latest("index").index).facts["actor"]
        assert (actor["name"], actor["stakeholder"]) == ("terakoya import", stakeholder)


def test_a_roster_that_was_written_out_is_an_entry_for_each_category(package: Path, tmp_path: Path) -> None:
    create_account("clerk", display_name="The Clerk", is_administrator=True)
    roster.import_package(package, by="clerk")
    before = LogEntry.objects.count()
    export = roster.export_package(tmp_path / "out.zip", profile="k12-schools-1.0", by="clerk")
    entries = [audit.entry_at(one.index).facts for one in LogEntry.objects.order_by("index")[before:]]
    assert [one["category"] for one in entries] == [
        *("subject.identity", "subject.official", "subject.contact", "subject.guardianship")
    ]
    assert {(one["what"], one["count"], one["reference"]) for one in entries} == {
        ("roster_export", export.people, str(export.uuid))
    }


def test_without_its_entry_no_package_is_released(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster.import_package(package, by="terakoya import")

    def refuse(*arguments: object, **named: object) -> None:
        raise NotPermitted("no")

    monkeypatch.setattr("terakoya.access.imports.record_access", refuse)
    with pytest.raises(NotPermitted):
        roster.export_package(tmp_path / "out.zip", profile="k12-schools-1.0", by="clerk")
    assert list(tmp_path.iterdir()) == []


def test_a_check_and_a_refusal_leave_no_entry(package: Path) -> None:
    roster.import_package(package, by="clerk", dry_run=True)
    with pytest.raises(PackageRefused):
        roster.import_package(BytesIO(b"no package"), by="clerk")
    assert not LogEntry.objects.exists()
