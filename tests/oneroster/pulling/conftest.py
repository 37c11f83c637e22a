from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from terakoya.oneroster.pulling import origins, pull
from terakoya.oneroster.pulling.models import Origin, Pull

from .other_server import OtherServer, small_school


@pytest.fixture
def server() -> Iterator[OtherServer]:
    """A server with a small school."""
    made = OtherServer()
    made.lists = small_school()
    yield made
    made.close()


@pytest.fixture
def origin(
    db: None, server: OtherServer, settings: Settings, tmp_path: Path, node_kind: Callable[[str], Any]
) -> Origin:
    node_kind("city")
    settings.DATA_DIR = tmp_path
    origins._key.cache_clear()
    return origins.add_origin(
        "校務システム", base=server.base, token_address=f"{server.address}/token", client_id="terakoya", secret="secret"
    )


def pulled(origin: Origin, *, whole: bool = False) -> Pull:
    """A pull with all its jobs done; what became of it."""
    made = pull.begin(Origin.objects.get(pk=origin.pk), by="clerk", whole=whole)
    while Pull.objects.get(pk=made.pk).state == Pull.State.READING:
        pull.go_on({"pull": str(made.uuid)})
    return Pull.objects.get(pk=made.pk)
