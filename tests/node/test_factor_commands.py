"""``terakoya factor``: giving and taking away at the command line, with what is said when a name is unknown."""

from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from terakoya.identity import api as identity
from terakoya.identity import factors
from terakoya.kit import clock
from terakoya.node import cli, commands

pytestmark = pytest.mark.django_db


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, text: str | None = None) -> Result:
    monkeypatch.setattr(commands, "_start_django", lambda: None)  # it is running
    return CliRunner().invoke(cli.cli, arguments, input=text)


def test_a_factor_that_is_given_prints_what_the_app_must_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    account = identity.create_account("clerk", display_name="Clerk")
    told = urlsplit(run(monkeypatch, "factor", "give", "clerk").output.strip())
    secret = parse_qs(told.query)["secret"][0]
    assert told.scheme == "otpauth"
    factors.check(account, factors._code_at(secret, factors._step_at(clock.now())))


def test_a_reset_takes_all_factors_away(monkeypatch: pytest.MonkeyPatch) -> None:
    account = identity.create_account("clerk", display_name="Clerk")
    identity.give_codes(account, identity.new_secret())
    assert run(monkeypatch, "factor", "reset", "clerk").exit_code == 0
    assert not identity.has_factor(account)


@pytest.mark.parametrize("command", ["give", "reset"])
def test_an_unknown_name_is_refused(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    answer = run(monkeypatch, "factor", command, "nobody")
    assert answer.exit_code == 1 and "nobody" in answer.output


def test_a_weak_password_of_staff_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    identity.create_account("clerk", display_name="Clerk", is_administrator=True)
    answer = run(monkeypatch, "passwords", "-", text="clerk,kq7wz-hta93\n")
    assert answer.exit_code == 1 and "clerk" in answer.output
