"""``terakoya log``: what an operator and an outside checker see."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from terakoya.audit import api as audit
from terakoya.audit.models import LogEntry
from terakoya.node import cli, commands

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def this_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands act on the test's node, which runs already."""
    monkeypatch.setattr(commands, "_start_django", lambda: None)
    for number in range(5):
        audit.append({"what": str(number)}, [])


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.cli, ["log", *words])


def test_a_whole_log_is_told_as_such() -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert f"5 entries, root {audit.log_head().root.hex()}" in result.output


@pytest.mark.parametrize("options", [["verify"], ["verify", "--quick"]])
def test_a_fault_is_told_with_its_place_and_ends_with_1(options: list[str]) -> None:
    LogEntry.objects.filter(index=3).update(body="{}")
    result = run(*options)
    assert result.exit_code == 1
    assert "WRONG entry 3 was changed" in result.output


def test_a_proof_is_checked_without_a_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "proof.json"
    file.write_text(run("proof", "2").output, encoding="utf-8")
    monkeypatch.setattr(commands, "_start_django", lambda: pytest.fail("no node is needed"))
    result = run("verify", "--proof", str(file))
    assert (result.exit_code, "entry 2 of" in result.output) == (0, True)
    file.write_text(json.dumps({**json.loads(file.read_text()), "index": 1}))
    result = run("verify", "--proof", str(file))
    assert result.exit_code == 1
    assert "WRONG the proof does not lead from entry 1 to the root" in result.output


def test_a_proof_of_what_is_not_there_is_refused() -> None:
    result = run("proof", "99")
    assert (result.exit_code, "the log has no entry 99" in result.output) == (1, True)


def test_an_exported_log_is_checked_without_a_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "log.jsonl"
    assert run("export", str(file)).exit_code == 0
    monkeypatch.setattr(commands, "_start_django", lambda: pytest.fail("no node is needed"))
    assert run("verify", "--file", str(file)).exit_code == 0
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:2] + lines[3:]))
    result = run("verify", "--file", str(file))
    assert (result.exit_code, "WRONG line 3: entry 1 is missing" in result.output) == (1, True)


def test_signatures_are_checked_with_the_keys_that_are_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit.make_checkpoint()
    file, [key, own_witness] = tmp_path / "log.jsonl", run("keys").output.split()
    run("export", str(file))
    monkeypatch.setattr(commands, "_start_django", lambda: pytest.fail("no node is needed"))
    result = run("verify", "--file", str(file), "--key", key)
    assert (result.exit_code, "1 signatures good by the key that you gave" in result.output) == (0, True)
    result = run("verify", "--file", str(file), "--witness", own_witness)
    assert (result.exit_code, "WRONG no checkpoint has a good signature of" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"), [(["--key", "x", "--file", "-"], "A verifier key is"), (["--key", "KEY"], "add --file")]
)
def test_a_key_that_is_none_or_for_nothing_is_refused(words: list[str], said: str) -> None:
    key = run("keys").output.split()[0]
    result = run("verify", *(key if word == "KEY" else word for word in words))
    assert (result.exit_code, said in result.output) == (2, True)
