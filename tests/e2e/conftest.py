"""A running federation for the browser, canary and crash tests: four real processes, filled through their doors."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from terakoya.node.demo import Demo, fill, make_demo

from . import telling

PUPILS = 420
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
MARK = "Kanariya"  # in every name, user name, address and number of the town, so that a dump can be searched for it


def free_ports(count: int) -> int:
    """The first of some neighbouring ports that are all free; each worker of pytest looks in a range of its own."""
    lowest = 18100 + WORKER * 400
    for first in range(lowest, lowest + 400 - count, count):
        probes = [socket.socket() for _ in range(count)]
        try:
            for number, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + number))
            return first
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
    raise RuntimeError(f"no free ports from {lowest} on")


@contextmanager
def running(folder: Path, pupils: int, mark: str = "") -> Iterator[Demo]:
    """A demo federation as ``make run`` starts it, stopped at the end."""
    made = make_demo(folder, free_ports(4), pupils, mark=mark)
    made.federation.start()
    try:
        fill(made)
        yield made
    finally:
        made.federation.stop()
        keep_logs(made)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The federation that most tests share; its town is marked."""
    with running(tmp_path_factory.mktemp("federation"), PUPILS, MARK) as made:
        yield made


def keep_logs(made: Demo) -> None:
    """Copy the nodes' logs where TERAKOYA_E2E_LOGS says, to look into a failure."""
    if folder := os.environ.get("TERAKOYA_E2E_LOGS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for node in made.federation.nodes.values():
            shutil.copy(node.log, Path(folder) / f"{node.kind}.log")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[telling.Story]:
    """The story begins in a federation where nothing has happened yet; no browser may complain."""
    with running(tmp_path_factory.mktemp("story"), telling.PUPILS) as demo:
        told = telling.Story(demo, browser)
        yield told
        told.close()
    complaints = {name: reader.complaints for name, reader in told.readers.items() if reader.complaints}
    assert not complaints, f"the browsers complained: {complaints}"
