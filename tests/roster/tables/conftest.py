from pathlib import Path

import pytest
from pytest_django import Settings

from terakoya.roster import api
from terakoya.roster.models import Organisation


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def school(imported: api.ImportReport) -> Organisation:
    """An elementary school of the town."""
    found = Organisation.objects.filter(code__startswith="B1").order_by("name").first()
    assert found is not None
    return found
