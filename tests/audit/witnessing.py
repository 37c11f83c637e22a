"""A log to be witnessed: the node's own entries, and another node whose log is kept in memory."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from terakoya.audit import api as audit
from terakoya.audit import checkpoints, cosigning
from terakoya.audit.checkpoints import Log, TreeHead
from terakoya.audit.cosigning import Request, Verdict
from terakoya.audit.models import Checkpoint, Cosignature
from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.standards import merkle
from terakoya.standards import signed_notes as notes


def grow(count: int) -> None:
    """Add entries to the log of the node under test."""
    for number in range(count):
        with transaction.atomic():
            audit.append({"what": "test", "number": number}, [])


@dataclass
class OtherLog:
    """The log of another node: its leaves, as its operator wishes them to be."""

    uri: str = "https://other.example"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    leaves: list[bytes] = field(default_factory=list)
    origin: str = ""

    @property
    def known_as(self) -> Log:
        return Log(self.uri, "The other", self.key.public_key())

    def note(self) -> bytes:
        origin = self.origin or checkpoints.log_name(self.uri)
        root = merkle.root([merkle.leaf_hash(leaf) for leaf in self.leaves])
        return str(notes.sign(str(TreeHead(origin, len(self.leaves), root)), origin, self.key)).encode()

    def request(self, old: int) -> bytes:
        size = len(self.leaves)
        proof = self._consistency(old, size) if 0 < old <= size else []
        return bytes(Request(old, tuple(proof), self.note()))

    def proof(self, first: int, second: int) -> bytes | None:
        """The lines of a consistency proof, or None when the log has no such sizes."""
        if not 0 < first <= second <= len(self.leaves):
            return None
        return cosigning.proof_lines(self._consistency(first, second)).encode()

    def _consistency(self, first: int, second: int) -> list[bytes]:
        hashes = [merkle.leaf_hash(leaf) for leaf in self.leaves]
        node = lambda level, index: merkle.root(hashes[index << level : (index + 1) << level])  # noqa: E731
        return merkle.consistency_proof(first, second, node)

    def ask(self, old: int, *, later: float = 0) -> Verdict:
        """Ask the node under test to cosign; ``later``: seconds by which the request was signed after now."""
        return cosigning.witness(self.known_as, self.request(old), clock.now() + timedelta(seconds=later))

    def add(self, count: int) -> None:
        self.leaves += [f"leaf {len(self.leaves) + number}".encode() for number in range(count)]


def encoded(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def signed(checkpoint: Checkpoint, *uris: str) -> None:
    for uri in uris:
        line = cosignature(checkpoint, uri)
        Cosignature.objects.create(checkpoint=checkpoint, witness=uri, name=uri, line=line, at=clock.now())


def cosignature(checkpoint: Checkpoint, uri: str) -> str:
    """The line of a witness under a checkpoint, now."""
    key, name, seconds = witness_signing_key(uri), cosigning.witness_name(uri), int(clock.now().timestamp())
    text = notes.parse(checkpoint.note.encode()).text
    value = seconds.to_bytes(8, "big") + key.sign(notes.cosigned(text, seconds))
    return str(notes.Signature(name, notes.key_id(name, notes.COSIGNATURE, key.public_key()), value))


def witness_signing_key(uri: str) -> Ed25519PrivateKey:
    """The key of a witness of this address."""
    return Ed25519PrivateKey.from_private_bytes(sha256(uri.encode()).digest())


def held(size: int, root: bytes) -> bytes:
    """A checkpoint that a witness holds with this node's signature."""
    origin = checkpoints.own_origin()
    return str(notes.sign(str(TreeHead(origin, size, root)), origin, identity.signing_key())).encode()
