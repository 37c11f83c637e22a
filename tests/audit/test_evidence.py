import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terakoya.audit import api as audit
from terakoya.audit import cosigning
from terakoya.audit.errors import UnknownEntry
from terakoya.audit.models import Checkpoint
from terakoya.standards import log_evidence
from terakoya.standards.signed_notes import ED25519, VerifierKey

from .log_of import ANNA, write
from .witnessing import signed, witness_signing_key

pytestmark = pytest.mark.django_db
Watchers = Callable[..., None]


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
        ("keys", ["city.example/log+00000000+AAAA"]),
        ("keys", 5),
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


def checked_by(*keys: str) -> log_evidence.Checked:
    return log_evidence.check_export(exported(), [VerifierKey.read(key) for key in keys])


def key_of_witness(uri: str) -> str:
    return cosigning.witness_key(uri, witness_signing_key(uri).public_key())


def test_signatures_are_checked_with_the_keys_that_the_file_names(checkpoint: Checkpoint, watchers: Watchers) -> None:
    watchers("a", "b")
    signed(checkpoint, "a")
    checked = checked_by()
    assert [(one.key.name, one.trusted, one.count) for one in checked.signers] == [
        (checkpoint.origin, False, 1),
        ("a/witness", False, 1),
        ("b/witness", False, 0),
    ]
    assert checked.faults == []


def test_keys_that_came_by_another_way_are_told_from_those_in_the_file(
    checkpoint: Checkpoint, watchers: Watchers
) -> None:
    signed(checkpoint, "a")
    checked = checked_by(audit.verifier_key(), key_of_witness("a"))
    assert [(one.trusted, one.count, one.size) for one in checked.signers] == [(True, 1, 3), (True, 1, 3)]
    assert checked.faults == []


def test_a_log_that_the_trusted_key_did_not_sign_is_refused(checkpoint: Checkpoint) -> None:
    other = VerifierKey(checkpoint.origin, ED25519, witness_signing_key("x").public_key())
    assert checked_by(str(other)).faults == [
        f"the checkpoint at 3 entries has no good signature of {checkpoint.origin}"
    ]


def test_a_log_that_no_trusted_witness_cosigned_is_refused(checkpoint: Checkpoint) -> None:
    assert checked_by(key_of_witness("a")).faults == ["no checkpoint has a good signature of a/witness"]


def test_a_log_without_a_checkpoint_does_not_satisfy_a_trusted_key() -> None:
    write(2)
    assert checked_by(audit.verifier_key()).faults == [f"no checkpoint has a good signature of {audit.own_origin()}"]


@given(data=st.data())
def test_a_checkpoint_with_a_letter_of_a_signature_changed_is_refused(data: st.DataObject) -> None:
    if not audit.log_head().size:
        write(3)
        made = audit.make_checkpoint()
        assert made is not None
        signed(made, "a")
    lines = exported()
    note = json.loads(lines[-1])["checkpoint"]
    place = data.draw(st.sampled_from(range(note.index("\u2014"), len(note))))
    other = data.draw(st.sampled_from("AZaz09+/=\u2014 \n").filter(lambda letter: letter != note[place]))
    lines[-1] = json.dumps({"checkpoint": note[:place] + other + note[place + 1 :]})
    keys = [VerifierKey.read(key) for key in (audit.verifier_key(), key_of_witness("a"))]
    assert log_evidence.check_export(lines, keys).faults


def test_a_proof_is_below_a_checkpoint_that_others_confirmed_rather_than_a_newer_one(checkpoint: Checkpoint) -> None:
    signed(checkpoint, "a")
    write(2)
    audit.make_checkpoint()
    assert [audit.proof_of(index)["size"] for index in (2, 3)] == [3, 5]
    keys = [VerifierKey.read(key) for key in (audit.verifier_key(), key_of_witness("a"))]
    assert log_evidence.check_proof(json.dumps(audit.proof_of(2)), keys).faults == []
    assert log_evidence.check_proof(json.dumps(audit.proof_of(3)), keys).faults == [
        "no checkpoint has a good signature of a/witness"
    ]


@given(lines=st.lists(st.text()))
def test_whatever_is_no_log_is_called_none(lines: list[str]) -> None:
    assert "is no log" in log_evidence.check_export(lines).faults[0]
