"""Signed notes: read strictly, written exactly, checked against the keys of other implementations."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from terakoya.standards import signed_notes as notes
from terakoya.standards.signed_notes import NotANote

# a note signed by the Go package golang.org/x/mod/sumdb/note, and its verifier key, from that package's documentation
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
names = st.text(min_size=1, max_size=20).filter(
    lambda name: "+" not in name and not any(c.isspace() or c < " " or c == "\x7f" for c in name)
)
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in [*range(10), *range(11, 32), 127]])
).map(lambda text: f"{text}\n")


def public_part(verifier_key: str) -> tuple[str, bytes, Ed25519PublicKey]:
    """Name, key id and key of a verifier key as Go writes it."""
    name, number, coded = verifier_key.split("+", 2)
    raw = base64.b64decode(coded)
    return name, bytes.fromhex(number), Ed25519PublicKey.from_public_bytes(raw[1:])


def test_key_id_is_that_of_the_go_implementation() -> None:
    name, number, key = public_part(GO_KEY)
    assert notes.key_id(name, notes.ED25519, key) == number


def test_note_of_the_go_implementation_is_signed_by_its_key() -> None:
    name, _, key = public_part(GO_KEY)
    assert notes.is_signed(notes.parse(GO_NOTE.encode()), name, key)


def test_note_is_written_as_it_was_read() -> None:
    assert str(notes.parse(GO_NOTE.encode())) == GO_NOTE


@given(texts, names)
def test_signed_note_reads_back_and_is_signed(text: str, name: str) -> None:
    note = notes.sign(text, name, KEY)
    read = notes.parse(str(note).encode())
    assert read == note and notes.is_signed(read, name, KEY.public_key())


@given(st.data())
def test_any_single_bit_changed_in_a_note_is_refused(data: st.DataObject) -> None:
    name, _, key = public_part(GO_KEY)
    raw = bytearray(GO_NOTE.encode())
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    try:
        note = notes.parse(bytes(raw))
    except NotANote:
        return
    assert not notes.is_signed(note, name, key)


@given(st.binary(max_size=400))
def test_bytes_are_a_note_or_are_refused_with_a_sentence(raw: bytes) -> None:
    try:
        note = notes.parse(raw)
    except NotANote as fault:
        assert str(fault).endswith(".")
    else:
        assert str(note).encode() == raw


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"text\n",
        b"text\n\n",
        GO_NOTE.encode()[:-1],
        GO_NOTE.encode() + b"\n",
        GO_NOTE.replace("— Peter", "- Peter").encode(),
        GO_NOTE.replace("— Peter", "— Pe+ter").encode(),
        GO_NOTE.replace("— Peter", "— Pe\u3000ter").encode(),
        GO_NOTE.replace("nAM=", "nAN=").encode(),
        GO_NOTE.replace("nAM=", "nAM").encode(),
        GO_NOTE.replace("you think", "you\tthink").encode(),
        GO_NOTE.replace("you think", "you\0think").encode(),
        GO_NOTE.encode("utf-16"),
        b"text\n\n" + "— a AAAA\n".encode(),
        b"text\n\n" + "— a AAAAAAA=\n".encode() * 65,
        b"x" * 70_000,
    ],
)
def test_what_is_not_quite_a_note_is_refused(raw: bytes) -> None:
    with pytest.raises(NotANote):
        notes.parse(raw)


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    name, _, key = public_part(GO_KEY)
    assert notes.is_signed(notes.parse(GO_NOTE.encode() + "— PeterNeumann AAAAAAAA\n".encode()), name, key)


def test_wrong_signature_of_the_known_key_spoils_the_note() -> None:
    name, number, key = public_part(GO_KEY)
    wrong = notes.Signature(name, number, bytes(64))
    assert not notes.is_signed(notes.parse((GO_NOTE + str(wrong)).encode()), name, key)


@given(name=names, kind=st.sampled_from([notes.ED25519, notes.COSIGNATURE]))
def test_a_verifier_key_reads_back_as_it_was_written(name: str, kind: int) -> None:
    key = notes.VerifierKey(name, kind, KEY.public_key())
    assert str(notes.VerifierKey.read(str(key))) == str(key)


@given(data=st.data())
def test_a_verifier_key_with_anything_changed_is_refused(data: st.DataObject) -> None:
    whole = str(notes.VerifierKey("city.example/log", notes.ED25519, KEY.public_key()))
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.characters(codec="ascii", exclude_characters=whole[place] + " \n"))
    with pytest.raises(NotANote):
        notes.VerifierKey.read(whole[:place] + other + whole[place + 1 :])


@given(text=st.text())
def test_whatever_is_no_verifier_key_is_called_none(text: str) -> None:
    with pytest.raises(NotANote):
        notes.VerifierKey.read(text)
