"""The commands about systems."""

import pytest
from click.testing import CliRunner

from terakoya.node import commands
from terakoya.node.system_commands import system
from terakoya.oneroster import systems
from terakoya.oneroster.models import System
from terakoya.roster.api import Organisation

pytestmark = pytest.mark.django_db
ADD = ("add", "ドリル", "--organisation", "校務システム社", "--ground", "委託契約", "--scope", "roster.readonly")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(commands, "_start_django", lambda: None)
    return CliRunner()


def test_add_prints_the_id_and_the_secret_of_a_new_system(run: CliRunner) -> None:
    school = Organisation.objects.create(sourced_id="s1", name="一小", kind="school")
    done = run.invoke(system, [*ADD, "--school", "s1"], catch_exceptions=False)
    client_id, _, secret = done.output.strip().partition(":")
    made = System.objects.get(pk=client_id)
    assert bytes(made.secret_digest) == systems.digest(secret)
    assert (made.scopes, made.school_keys) == (["roster.readonly"], {school.uuid})


def test_an_unknown_school_or_scope_lets_nothing_in(run: CliRunner) -> None:
    assert run.invoke(system, [*ADD, "--school", "none"]).exit_code == 1
    assert run.invoke(system, [*ADD, "--scope", "everything"]).exit_code == 1
    assert not System.objects.exists()


def test_a_system_is_listed_renewed_and_shut_out(run: CliRunner) -> None:
    client_id = run.invoke(system, list(ADD)).output.partition(":")[0]
    assert f"{client_id} open never ドリル" in run.invoke(system, ["list"]).output
    renewed = run.invoke(system, ["renew", client_id]).output
    assert bytes(System.objects.get().secret_digest) == systems.digest(renewed.strip().partition(":")[2])
    assert run.invoke(system, ["revoke", client_id]).exit_code == 0
    assert run.invoke(system, ["revoke", client_id]).exit_code == 1
    assert run.invoke(system, ["renew", client_id]).exit_code == 1
    assert f"{client_id} revoked" in run.invoke(system, ["list"]).output
