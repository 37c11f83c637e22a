import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terakoya.audit import api as audit
from terakoya.audit.errors import UnknownEntry
from terakoya.standards import log_evidence

from .log_of import ANNA, write

pytestmark = pytest.mark.django_db


def exported() -> list[str]:
    lines: list[str] = []
    audit.export_log(lines.append)
    return lines


def test_a_proof_file_shows_that_the_entry_is_in_the_log() -> None:
    write(9)
    head = audit.log_head()
    checked = log_evidence.check_proof(json.dumps(audit.proof_of(4)))
    assert (checked.index, checked.size, checked.root, checked.faults) == (4, 9, head.root, [])


def test_a_proof_stands_below_the_newest_checkpoint_that_covers_the_entry() -> None:
    write(5)
    audit.make_checkpoint()
    write(3)
    old, new = audit.proof_of(4), audit.proof_of(5)
    assert (old["size"], new["size"]) == (5, 8)
    assert (log_evidence.check_proof(json.dumps(old)).checkpoints, new["checkpoint"]) == (1, None)
    assert log_evidence.check_proof(json.dumps(old)).faults == []


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(UnknownEntry):
        audit.proof_of(0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("index", 3),
        ("size", 8),
        ("root", "00" * 32),
        ("proof", []),
        ("body", "{}"),
        ("checkpoint", "other.example/log\n9\nAAAA\n\n"),
        ("checkpoint", 5),
        ("format", "other"),
        ("proof", ["zz"]),
        ("index", None),
    ],
)
def test_a_proof_with_anything_changed_is_refused(name: str, value: Any) -> None:
    write(9)
    audit.make_checkpoint()
    assert log_evidence.check_proof(json.dumps({**audit.proof_of(4), name: value})).faults


@given(text=st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_whatever_is_no_proof_is_called_none(text: str) -> None:
    assert log_evidence.check_proof(text).faults == ["this is no proof of an entry"]


def test_an_exported_log_checks_with_all_its_checkpoints() -> None:
    for times in (3, 1, 260):
        write(times)
        audit.make_checkpoint()
    write(2)
    checked = log_evidence.check_export(exported())
    assert (checked.entries, checked.checkpoints, checked.root) == (266, 3, audit.log_head().root)
    assert checked.faults == []


def test_an_exported_log_names_nobody() -> None:
    audit.append({"name": "Hanako"}, [ANNA])
    whole = "".join(exported())
    assert "Hanako" not in whole
    assert str(ANNA) not in whole


def test_an_empty_log_can_be_handed_over() -> None:
    checked = log_evidence.check_export(exported())
    assert (checked.entries, checked.faults) == (0, [])


@given(data=st.data())
def test_an_exported_log_with_any_line_changed_is_refused(data: st.DataObject) -> None:
    if not audit.log_head().size:
        write(4)
        audit.make_checkpoint()
        write(4)
    lines = exported()
    number = data.draw(st.integers(1, len(lines) - 1))
    is_entry = "body" in json.loads(lines[number])
    harm = data.draw(st.sampled_from(["remove", "swap", "change"] if is_entry else ["move", "change"]))
    if harm == "remove":
        del lines[number]
    elif harm in ("swap", "move"):
        other = number - 1 if number > 1 else number + 1
        lines[number], lines[other] = lines[other], lines[number]
    else:
        lines[number] = lines[number].replace("1", "2") if "1" in lines[number] else lines[number].upper()
    assert log_evidence.check_export(lines).faults


@given(lines=st.lists(st.text()))
def test_whatever_is_no_log_is_called_none(lines: list[str]) -> None:
    assert "is no log" in log_evidence.check_export(lines).faults[0]
