"""Checkpoints: three lines and a signature, one for each size, never one that contradicts an earlier one."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from terakoya.audit import checkpoints
from terakoya.audit.checkpoints import TreeHead
from terakoya.audit.errors import NotANote, NotSigned
from terakoya.audit.log import log_head
from terakoya.identity import api as identity
from terakoya.standards import signed_notes as notes
from tests.standards.test_signed_notes import public_part

from .witnessing import grow

# a checkpoint and the key of its log from the tests of the Go witness of the transparency-dev project
MONKEYS = "monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT"
MONKEYS_AT_5 = (
    "monkeys\n5\n41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=\n\n"
    "— monkeys 202fftzGl3LVoqjXfwCFZZXs8I+5G22+Ek2K0AOyBuSJ/8/CZawNF+6fNlTKOCd622pbzJNkkJFWuw9DbicZCkEx9AY=\n"
)
heads = st.builds(
    TreeHead,
    st.from_regex(r"[a-z.:0-9/]{1,40}", fullmatch=True),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)


def test_checkpoint_of_the_go_implementation_is_read() -> None:
    _, _, key = public_part(MONKEYS)
    head, note = checkpoints.read_checkpoint(MONKEYS_AT_5.encode(), key)
    assert (head.origin, head.size, note) == ("monkeys", 5, MONKEYS_AT_5)


def test_checkpoint_of_another_key_is_not_signed() -> None:
    with pytest.raises(NotSigned):
        checkpoints.read_checkpoint(MONKEYS_AT_5.encode(), identity.signing_key().public_key())


@given(heads)
def test_checkpoint_reads_back(head: TreeHead) -> None:
    assert checkpoints.parse_head(str(head)) == head


@given(heads, st.data())
def test_text_is_a_checkpoint_only_in_its_one_form(head: TreeHead, data: st.DataObject) -> None:
    text = str(head)
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.characters(codec="utf-8")) + text[place + 1 :]
    try:
        read = checkpoints.parse_head(changed)
    except NotANote:
        return
    assert str(read) == changed or changed.startswith(str(read))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n",
        "log\n1\n",
        f"log\n01\n{'A' * 43}=\n",
        f"log\n-1\n{'A' * 43}=\n",
        f"log\n１\n{'A' * 43}=\n",
        f"log\n{2**63}\n{'A' * 43}=\n",
        f"\n1\n{'A' * 43}=\n",
        f"log\n1\n{'A' * 43}=",
        f"log\n1\n{'A' * 43}=\n\nmore\n",
        "log\n1\nAAAA\n",
    ],
)
def test_what_is_not_quite_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        checkpoints.parse_head(text)


@pytest.mark.parametrize(
    ("origin", "is_its"),
    [
        ("city.example/log", True),
        ("city.example/log/20260401T090000Z", True),
        ("city.example/log/2", False),
        ("city.example/logs", False),
        ("other.example/log", False),
        ("city.example:8000/log", False),
        ("city.example/log/20260401T090000Z\n", False),
    ],
)
def test_log_belongs_to_the_node_of_its_address(origin: str, is_its: bool) -> None:
    assert checkpoints.is_log_of(origin, "https://city.example") is is_its


@pytest.fixture
def entries(db: None) -> Iterator[None]:
    grow(3)
    yield


def test_checkpoint_signs_size_and_root_of_the_log(entries: None) -> None:
    made = checkpoints.make_checkpoint()
    assert made is not None
    head, _ = checkpoints.read_checkpoint(made.note.encode(), identity.signing_key().public_key())
    assert (head.size, head.root) == (3, log_head().root)
    assert head.origin == checkpoints.log_name(identity.node_uri())


def test_log_that_did_not_grow_gets_no_second_checkpoint(entries: None) -> None:
    checkpoints.make_checkpoint()
    assert checkpoints.make_checkpoint() is None


def test_checkpoint_is_never_changed(entries: None) -> None:
    made = checkpoints.make_checkpoint()
    assert made is not None
    with pytest.raises(TypeError), transaction.atomic():
        made.save()


def test_newest_checkpoint_is_the_largest(entries: None) -> None:
    checkpoints.make_checkpoint()
    grow(2)
    made = checkpoints.make_checkpoint()
    assert checkpoints.newest_checkpoint() == made and made is not None and made.size == 5


def test_published_checkpoint_is_a_note(entries: None) -> None:
    made = checkpoints.make_checkpoint()
    assert made is not None
    assert str(notes.parse(checkpoints.published(made).encode())) == made.note
