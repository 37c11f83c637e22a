"""A log of this node with a checkpoint, and who watches over it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine

from terakoya.audit import checkpoints, standing
from terakoya.audit.checkpoints import Log
from terakoya.audit.models import Checkpoint
from terakoya.kit import clock

from .witnessing import grow, witness_signing_key


@pytest.fixture
def watchers(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes so many nodes the witnesses of this one."""

    def name(*uris: str) -> None:
        logs = [Log(uri, uri, witness_signing_key(uri).public_key()) for uri in uris]
        monkeypatch.setattr(standing, "_witnesses", [lambda: logs])

    name()
    return name


@pytest.fixture
def checkpoint(watchers: Callable[..., None]) -> Checkpoint:
    """A log of three entries, signed."""
    grow(3)
    made = checkpoints.make_checkpoint()
    assert made is not None
    return made


@pytest.fixture
def travel() -> Iterator[Callable[[timedelta], None]]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller.shift
