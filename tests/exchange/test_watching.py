"""A witness reads what everybody is shown, and finds a node that shows each its own tree."""

import dataclasses
import re
from typing import Any

import pytest

from terakoya.audit import api as audit
from terakoya.audit.models import LogFault, Witnessed
from terakoya.exchange import watching
from tests.audit.witnessing import OtherLog, grow

from .conftest import work
from .other_node import Heard, OtherNode
from .test_witnessing import brought

PUBLIC, PROOF = "/log/checkpoint", "/exchange/witness/consistency"


@pytest.fixture
def log(pds: OtherNode) -> OtherLog:
    """The log of another node, which had five entries of it cosigned here."""
    made = OtherLog(pds.uri, pds.key)
    made.add(5)
    brought(pds, made, 0)
    return made


def shows(node: OtherNode, log: OtherLog, longer: OtherLog | None = None) -> None:
    """What the node publishes; its proofs are of the log ``longer``."""

    def proof(heard: Heard) -> tuple[int, Any]:
        first, second = map(int, re.findall(r"\d+", heard.path.partition("?")[2]))
        lines = (longer or log).proof(first, second)
        return (200, lines) if lines is not None else (404, {})

    node.public[PUBLIC] = log.note()
    node.answer(PROOF, proof)


def kinds_found() -> list[str]:
    watching.watch()
    work()
    return [fault.kind for fault in LogFault.objects.all()]


def test_same_log_is_no_fault(pds: OtherNode, log: OtherLog) -> None:
    shows(pds, log)
    assert kinds_found() == []


def test_log_that_grew_since_is_no_fault(pds: OtherNode, log: OtherLog) -> None:
    log.add(4)
    shows(pds, log)
    assert kinds_found() == [] and Witnessed.objects.get().size == 5


def test_log_published_before_is_no_fault(pds: OtherNode, log: OtherLog) -> None:
    """What is published may be a little older than what was cosigned here last."""
    shows(pds, dataclasses.replace(log, leaves=log.leaves[:3]), longer=log)
    assert kinds_found() == []


def test_other_tree_of_the_same_size_is_a_fork(pds: OtherNode, log: OtherLog) -> None:
    shows(pds, dataclasses.replace(log, leaves=[*log.leaves[:4], b"for everybody else"]))
    assert kinds_found() == ["fork"]


@pytest.mark.parametrize("size", [3, 4, 7])
def test_other_tree_of_another_size_is_found(pds: OtherNode, log: OtherLog, size: int) -> None:
    other = dataclasses.replace(log, leaves=[f"other {number}".encode() for number in range(size)])
    shows(pds, other, longer=log if size < 5 else other)
    assert kinds_found() == ["unproved"]


def test_what_was_found_is_told(pds: OtherNode, log: OtherLog) -> None:
    shows(pds, dataclasses.replace(log, leaves=[*log.leaves[:4], b"for everybody else"]))
    kinds_found()
    assert pds.last("/messages/log-fault").json["kind"] == "fork"


def test_checkpoint_that_the_node_did_not_sign_accuses_nobody(pds: OtherNode, log: OtherLog) -> None:
    shows(pds, OtherLog(uri=pds.uri, leaves=[b"x"] * 5))
    assert kinds_found() == []


def test_node_that_is_away_is_no_fault(pds: OtherNode, log: OtherLog) -> None:
    pds.away = True
    assert kinds_found() == []


def test_proof_of_this_nodes_log_is_given_to_partners(pds: OtherNode) -> None:
    grow(5)
    lines = pds.get(f"{PROOF}?from=3&to=5").content.decode().split()
    assert lines == audit.proof_lines(audit.consistency_proof(3, 5)).split()


@pytest.mark.parametrize(
    ("query", "status"), [("from=1", 400), ("from=a&to=2", 400), ("from=1&to=9", 404), ("from=0&to=1", 404)]
)
def test_proof_of_sizes_that_are_not_there_is_refused(pds: OtherNode, query: str, status: int) -> None:
    assert pds.get(f"{PROOF}?{query}").status_code == status
