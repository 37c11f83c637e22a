from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine

from terakoya.demo_town import api as demo_town
from terakoya.demo_town.api import Town
from terakoya.roster import api
from terakoya.roster.errors import Finding, PackageRefused
from tests.kept import kept

from .packages import Package

DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def in_november() -> Iterator[time_machine.Traveller]:
    """The day on which the tests of the roster take place."""
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def town() -> Town:
    return demo_town.make_town(7, DAY, pupils=60)


@pytest.fixture(scope="session")
def package_path(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_town.write_city_package(town, tmp_path_factory.mktemp("town"))


@pytest.fixture
def package(package_path: Path) -> Package:
    return Package(package_path)


@pytest.fixture
def imported(db: None, package_path: Path) -> api.ImportReport:
    """The town, taken over."""
    return kept("the town", lambda: api.import_package(package_path, by="clerk"))


@pytest.fixture
def refused(db: None) -> Callable[[Package], list[Finding]]:
    """A function that imports a package that must be refused; what was found."""

    def try_it(package: Package) -> list[Finding]:
        with pytest.raises(PackageRefused) as refusal:
            api.import_package(package.file(), by="clerk", file_name="test.zip")
        assert api.organisations() == []
        return refusal.value.report.errors

    return try_it
