"""Checkpoints (C2SP tlog-checkpoint v1): the log's size and root at a moment, signed by the node."""

import base64
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction

from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.standards import signed_notes as notes

from .errors import NotANote, NotSigned
from .log import log_head
from .witness_models import Acknowledgement, Checkpoint

SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
LARGEST_SIZE = 2**63 - 1
BEGUN_ANEW = r"(/[0-9]{8}T[0-9]{6}Z)?"


@dataclass(frozen=True)
class TreeHead:
    """What a checkpoint says: of which log, how many leaves, below which root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class Log:
    """A log that this node knows: the node whose it is, and the key that signs it."""

    uri: str
    name: str
    key: Ed25519PublicKey


def log_name(uri: str) -> str:
    """The origin line of a node's log, and the name of the key that signs it: the node's address without scheme."""
    return f"{uri.split('://', 1)[-1]}/log"


def is_log_of(origin: str, uri: str) -> bool:
    """Whether an origin is that of the node's log, the first one or one that was begun anew."""
    return re.fullmatch(re.escape(log_name(uri)) + BEGUN_ANEW, origin) is not None


def own_origin() -> str:
    """The origin of this node's log. After an acknowledged break it bears the time of the acknowledgement: what the
    witnesses hold of the log before stays true, and can be continued by nobody."""
    latest = Acknowledgement.objects.order_by("-at").first()
    begun = f"/{latest.at:%Y%m%dT%H%M%SZ}" if latest else ""
    return log_name(identity.node_uri()) + begun


def parse_head(text: str) -> TreeHead:
    """Read the text of a checkpoint, strictly. NotANote."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NotANote("A checkpoint has three lines or more, none of them empty.")
    origin, size, root = lines[:3]
    if not SIZE.fullmatch(size) or int(size) > LARGEST_SIZE:
        raise NotANote("The size of a checkpoint is a decimal number without leading zeroes.")
    head = TreeHead(origin, int(size), notes.exact_base64(root))
    if len(head.root) != 32:
        raise NotANote("The root of a checkpoint has 32 bytes.")
    return head


def read_checkpoint(note: bytes, key: Ed25519PublicKey) -> tuple[TreeHead, str]:
    """A checkpoint that the log's key signed under the name of its origin, and the note with that signature alone, as
    it is kept for evidence. NotANote, NotSigned."""
    parsed = notes.parse(note)
    head = parse_head(parsed.text)
    if not notes.is_signed(parsed, head.origin, key):
        raise NotSigned(f"The key of {head.origin} did not sign this checkpoint.")
    own = next(parsed.by(head.origin, notes.key_id(head.origin, notes.ED25519, key)))
    return head, str(notes.Note(parsed.text, (own,)))


@transaction.atomic
def make_checkpoint() -> Checkpoint | None:
    """Sign the head of the log as it stands; None when nothing was added since the last checkpoint."""
    head, origin = log_head(), own_origin()
    if Checkpoint.objects.filter(origin=origin, size__gte=head.size).exists():
        return None
    text = str(TreeHead(origin, head.size, head.root))
    note = notes.sign(text, origin, identity.signing_key())
    made, _ = Checkpoint.objects.get_or_create(
        origin=origin, size=head.size, defaults={"root": head.root, "note": str(note), "at": clock.now()}
    )
    return made


def newest_checkpoint() -> Checkpoint | None:
    """The largest checkpoint of the log as it is called now."""
    return Checkpoint.objects.filter(origin=own_origin()).order_by("-size").first()


def confirmed_checkpoint(index: int = -1) -> Checkpoint | None:
    """The largest checkpoint that another node has cosigned; the newest one while none has. With ``index``, of those
    that cover this entry."""
    covering = Checkpoint.objects.filter(origin=own_origin(), size__gt=index).order_by("-size")
    return covering.filter(cosignatures__isnull=False).first() or covering.first()


def published(checkpoint: Checkpoint) -> str:
    """The checkpoint with the newest cosignature of each witness below the log's own signature."""
    lines = {given.witness: given.line for given in sorted(checkpoint.cosignatures.all(), key=lambda given: given.at)}
    return checkpoint.note + "".join(lines[witness] for witness in sorted(lines))


def verifier_key() -> str:
    """The key that verifies this log's checkpoints, as outside monitors are configured with it (C2SP signed-note)."""
    return str(notes.VerifierKey(own_origin(), notes.ED25519, identity.signing_key().public_key()))
