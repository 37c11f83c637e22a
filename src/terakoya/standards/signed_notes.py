"""Signed notes (C2SP signed-note v1): a text with signature lines below it, as logs and witnesses exchange them."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 1  # a plain signature over the text
COSIGNATURE = 4  # a witness's signature with a time in it (C2SP tlog-cosignature)
LARGEST_NOTE = 65_536
MOST_SIGNATURES = 64
DASH = "— "
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class NotANote(ValueError):
    """The bytes are no signed note, checkpoint or request to a witness (C2SP); the sentence says why."""


@dataclass(frozen=True)
class Signature:
    """One signature line: whose it claims to be (name and four-byte key id), and its bytes."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def by(self, name: str, key_id: bytes) -> Iterator[Signature]:
        """The signatures of one key; those of keys that nobody asked for are passed over."""
        return (line for line in self.signatures if (line.name, line.key_id) == (name, key_id))


@dataclass(frozen=True)
class VerifierKey:
    """A key that signs notes under a name (C2SP signed-note): a log's own (ED25519), or a witness's (COSIGNATURE)."""

    name: str
    kind: int
    key: Ed25519PublicKey

    def __str__(self) -> str:
        coded = base64.b64encode(bytes([self.kind]) + self.key.public_bytes_raw()).decode()
        return f"{self.name}+{self.id.hex()}+{coded}"

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.kind, self.key)

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """The key that is written ``name+id+base64``. NotANote."""
        name, plus, rest = text.strip().partition("+")
        coded = exact_base64(rest.partition("+")[2])
        if not name or not plus or len(coded) != 33 or coded[0] not in (ED25519, COSIGNATURE):
            raise NotANote("A verifier key is a name, eight hexadecimal digits and an Ed25519 key, joined by +.")
        found = cls(name, coded[0], Ed25519PublicKey.from_public_bytes(coded[1:]))
        if str(found) != text.strip():
            raise NotANote("The digits of a verifier key do not belong to its name and key.")
        return found

    def signed(self, note: Note) -> bool | None:
        """Whether the key signed the note; None when no line claims to be its."""
        lines = list(note.by(self.name, self.id))
        return all(self._fits(line.value, note.text) for line in lines) if lines else None

    def _fits(self, value: bytes, text: str) -> bool:
        if self.kind == COSIGNATURE:
            message, value = cosigned(text, int.from_bytes(value[:8], "big")), value[8:]
        else:
            message = text.encode()
        return fits(value, message, self.key)


def parse(note: bytes) -> Note:
    """Read a note, strictly. NotANote says what is wrong with it; nothing in it is believed yet."""
    if len(note) > LARGEST_NOTE:
        raise NotANote(f"A note has at most {LARGEST_NOTE} bytes.")
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise NotANote("A note is UTF-8.") from fault
    if CONTROL.search(whole):
        raise NotANote("A note holds no control characters but newlines.")
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines:
        raise NotANote("A blank line and signatures must stand below the text.")
    return Note(text + "\n", signature_lines(lines))


def signature_lines(lines: str) -> tuple[Signature, ...]:
    """One or more signature lines, each ended by a newline. NotANote."""
    if not lines.endswith("\n") or lines.count("\n") > MOST_SIGNATURES:
        raise NotANote(f"Signature lines end in a newline, and there are at most {MOST_SIGNATURES} of them.")
    return tuple(_signature(line) for line in lines[:-1].split("\n"))


def key_id(name: str, kind: int, key: Ed25519PublicKey) -> bytes:
    """The four bytes that name a key of a kind in a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key.public_bytes_raw()).digest()[:4]


def sign(text: str, name: str, key: Ed25519PrivateKey) -> Note:
    """A note with one plain Ed25519 signature (RFC 8032)."""
    line = Signature(name, key_id(name, ED25519, key.public_key()), key.sign(text.encode()))
    return Note(text, (line,))


def is_signed(note: Note, name: str, key: Ed25519PublicKey) -> bool:
    """Whether the key signed the note under this name; a wrong signature of the key spoils the whole note."""
    lines = list(note.by(name, key_id(name, ED25519, key)))
    return bool(lines) and all(fits(line.value, note.text.encode(), key) for line in lines)


def cosigned(text: str, seconds: int) -> bytes:
    """What a witness signs: the text of a checkpoint, and when it saw it, in seconds since 1970 (tlog-cosignature)."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def fits(signature: bytes, message: bytes, key: Ed25519PublicKey) -> bool:
    """Whether an Ed25519 signature is that of the key over the message."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def exact_base64(text: str) -> bytes:
    """The bytes of a base64 text in its one canonical form (RFC 4648, section 4). NotANote."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise NotANote("A part of the note is no base64.") from fault
    if base64.b64encode(value).decode() != text:
        raise NotANote("A part of the note is base64 in another than its canonical form.")
    return value


def _signature(line: str) -> Signature:
    name, blank, coded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not blank or not name or "+" in name or any(map(str.isspace, name)):
        raise NotANote("A signature line is a dash, the name of the key, and the signature.")
    value = exact_base64(coded)
    if len(value) < 5:
        raise NotANote("A signature is too short.")
    return Signature(name, value[:4], value[4:])
