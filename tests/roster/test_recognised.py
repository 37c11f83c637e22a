"""A package that comes in is recognised as one of the profiles; the history names it."""

import io

import pytest

from terakoya.roster import api
from terakoya.roster.errors import PackageRefused
from terakoya.roster.models import RosterImport
from terakoya.standards.oneroster_profiles import PROFILES, alike

from .exporting_tools import empty_the_node, exported, taken_over
from .packages import Package


@pytest.mark.parametrize("name", PROFILES)
def test_what_was_written_in_a_profile_is_recognised_as_it(imported: api.ImportReport, name: str) -> None:
    data = exported(name)
    empty_the_node()
    report = taken_over(data)
    assert PROFILES[report.profile] in (PROFILES[name], *alike(PROFILES[name]))
    entry = RosterImport.objects.get(pk=report.entry)
    assert entry.profile_title == PROFILES[report.profile].title


def test_a_package_with_errors_is_recognised_too(db: None, package: Package) -> None:
    package.set("users", 3, "enabledUser", "yes")
    with pytest.raises(PackageRefused) as refusal:
        api.import_package(package.file(), by="clerk")
    assert refusal.value.report.profile == "k12-schools-1.0"


def test_what_is_no_package_has_no_profile(db: None) -> None:
    with pytest.raises(PackageRefused) as refusal:
        api.import_package(io.BytesIO(b"no package"), by="clerk")
    assert refusal.value.report.profile == ""
