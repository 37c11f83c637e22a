"""``terakoya pull`` at a terminal: what was asked for, what came of it, and what to do next."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from terakoya.node import commands
from terakoya.node.roster_commands import pull
from terakoya.oneroster.pulling import origins
from terakoya.oneroster.pulling.models import Pull
from tests.oneroster.pulling.other_server import OtherServer, small_school

pytestmark = pytest.mark.django_db
Command = Callable[..., Result]


@pytest.fixture
def server(settings: Settings, tmp_path: Path, node_kind: Callable[[str], Any]) -> Iterator[OtherServer]:
    node_kind("city")
    settings.DATA_DIR = tmp_path
    origins._key.cache_clear()
    made = OtherServer()
    made.lists = small_school()
    origins.add_origin("affairs", base=made.base, token_address=f"{made.address}/token", client_id="a", secret="b")
    yield made
    made.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, server: OtherServer) -> Command:
    monkeypatch.setattr(commands, "_start_django", lambda: None)
    return lambda *words: CliRunner().invoke(pull, words)


def test_the_first_time_everything_is_taken_over(run: Command, server: OtherServer) -> None:
    done = run("affairs")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Asking {server.base} for everything.\n")
    assert "People: new 4, changed 0" in done.stdout and done.stdout.endswith("Taken over from affairs.\n")


def test_later_only_what_has_changed_is_unless_everything_is_asked_for(run: Command, server: OtherServer) -> None:
    run("affairs")
    assert run("affairs").stdout.splitlines()[1:] == ["Nothing has changed."]
    server.change("users", "p1", familyName="新姓")
    changed = run("affairs").stdout
    assert "what has changed since 20" in changed and "People: new 0, changed 1" in changed
    assert "for everything." in run("affairs", "--whole").stdout


def test_what_would_end_much_names_the_option_and_is_taken_over_with_it(run: Command, server: OtherServer) -> None:
    run("affairs")
    server.change("enrollments", "e-p3", status="tobedeleted")
    refused = run("affairs")
    assert refused.exit_code == 1 and "--confirm-removals" in refused.stderr
    assert run("affairs", "--confirm-removals").exit_code == 0


def test_a_refused_roster_is_told_with_each_finding(run: Command, server: OtherServer) -> None:
    server.lists["enrollments"][1]["class"]["sourcedId"] = "nowhere"
    refused = run("affairs")
    assert refused.exit_code == 1 and "ERROR   enrollments.csv, row 3" in refused.stderr


def test_a_server_that_is_away_ends_the_command_and_not_the_reading(run: Command, server: OtherServer) -> None:
    server.before = lambda path: (503, {}, {})
    away = run("affairs")
    assert away.exit_code == 1 and "busy (503)" in away.stderr and "asks again" in away.stderr
    assert Pull.objects.get().state == Pull.State.READING


def test_an_unknown_name_is_answered_with_the_known_ones(run: Command) -> None:
    unknown = run("other")
    assert unknown.exit_code == 1 and "known: affairs" in unknown.stderr
