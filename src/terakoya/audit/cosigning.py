"""Cosigning (C2SP tlog-cosignature v1 and tlog-witness): what a witness checks before it signs another's checkpoint.

A witness signs a log's checkpoint only when the largest one it signed before is shown to be its beginning. So each log
has one history before all its witnesses, and one that was bent finds nobody to sign it.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction

from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.standards import signed_notes as notes
from terakoya.standards.merkle import verify_consistency

from . import checkpoints
from .checkpoints import Log, TreeHead
from .errors import NotANote, NotSigned
from .witness_faults import keep_fault
from .witness_models import Checkpoint, Cosignature, LogFault, Witnessed

OLD = re.compile(r"old (0|[1-9][0-9]{0,18})", re.ASCII)
MOST_PROOF_LINES = 63
AHEAD_SECONDS = 300  # how far a witness's clock may go before this node's


@dataclass(frozen=True)
class Request:
    """What a log asks of a witness: the size it last signed, the proof from there, and the new checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def __bytes__(self) -> bytes:
        return f"old {self.old}\n{proof_lines(self.proof)}\n".encode() + self.note


@dataclass(frozen=True)
class Verdict:
    """The witness's answer (status and body of tlog-witness), and the fault that came to light, if one did."""

    status: int
    body: str
    fault: LogFault | None = None


def witness_name(uri: str) -> str:
    """The name of a node's key as a witness: its address without scheme."""
    return f"{uri.split('://', 1)[-1]}/witness"


def witness_key(uri: str, key: Ed25519PublicKey) -> str:
    """The key that verifies a node's cosignatures, as outside monitors are configured with it (C2SP signed-note)."""
    return str(notes.VerifierKey(witness_name(uri), notes.COSIGNATURE, key))


def own_witness_key() -> str:
    """The key that verifies this node's own cosignatures."""
    return witness_key(identity.node_uri(), identity.signing_key().public_key())


def parse_request(body: bytes) -> Request:
    """Read the body of add-checkpoint, strictly. NotANote."""
    head, blank, note = body.partition(b"\n\n")
    try:
        first, *rest = head.decode("ascii").split("\n")
    except UnicodeDecodeError as fault:
        raise NotANote("The lines before the checkpoint are ASCII.") from fault
    old = OLD.fullmatch(first)
    if not blank or not old or len(rest) > MOST_PROOF_LINES:
        raise NotANote("Expected: old and a size, at most 63 lines of proof, a blank line, a checkpoint.")
    proof = tuple(notes.exact_base64(line) for line in rest)
    if any(len(step) != 32 for step in proof):
        raise NotANote("A line of proof has 32 bytes.")
    return Request(int(old[1]), proof, note)


@transaction.atomic
def witness(log: Log, body: bytes, asked_at: datetime) -> Verdict:
    """Check a checkpoint of another node and cosign it; refused are a fork, a rollback, an unproved growth, a wrong
    signature and a foreign log. The record of what was signed is kept in the same transaction.

    asked_at: when the log's node signed its request; an older request that comes late is no rollback
    """
    try:
        request = parse_request(body)
        head = checkpoints.parse_head(notes.parse(request.note).text)
        if not checkpoints.is_log_of(head.origin, log.uri):
            return Verdict(404, "This log is not known here.\n")
        head, shown = checkpoints.read_checkpoint(request.note, log.key)
    except NotANote as fault:
        return Verdict(400, f"{fault}\n")
    except NotSigned as fault:
        return Verdict(403, f"{fault}\n")
    if request.old > head.size:
        return Verdict(400, "The old size is larger than the new one.\n")
    known = Witnessed.objects.select_for_update().filter(origin=head.origin).first()
    if known is None:
        return _unknown_yet(log, request, head, shown, asked_at)
    return _judge(log, known, request, head, shown, asked_at)


def _judge(log: Log, known: Witnessed, request: Request, head: TreeHead, shown: str, asked_at: datetime) -> Verdict:
    if head.size == known.size and head.root != bytes(known.root):
        return Verdict(
            409, "Another root of this size was signed before.\n", keep_fault(log, "fork", known.note, shown)
        )
    if request.old != known.size:
        went_back = head.size < known.size and asked_at > known.asked_at
        fault = keep_fault(log, "rollback", known.note, shown) if went_back else None
        return Verdict(409, f"{known.size}\n", fault)
    if not _grows(known, request, head):
        return Verdict(422, "The proof does not show it.\n", keep_fault(log, "unproved", known.note, shown))
    return _sign(log, head, shown, asked_at)


def _unknown_yet(log: Log, request: Request, head: TreeHead, shown: str, asked_at: datetime) -> Verdict:
    """The first checkpoint of a log; when the node had another log before, that it begins anew is on record."""
    if request.old:
        return Verdict(409, "0\n")
    if request.proof:
        return Verdict(422, "There is nothing to prove from an empty log.\n")
    before = Witnessed.objects.filter(uri=log.uri).order_by("-cosigned_at").first()
    fault = keep_fault(log, "restarted", before.note, shown) if before else None
    signed = _sign(log, head, shown, asked_at)
    return Verdict(signed.status, signed.body, fault)


def _grows(known: Witnessed, request: Request, head: TreeHead) -> bool:
    if known.size == 0:
        return not request.proof
    return verify_consistency(known.size, head.size, bytes(known.root), head.root, request.proof)


def _sign(log: Log, head: TreeHead, note: str, asked_at: datetime) -> Verdict:
    moment = clock.now()
    kept = {"size": head.size, "root": head.root, "note": note, "asked_at": asked_at, "cosigned_at": moment}
    Witnessed.objects.update_or_create(origin=head.origin, defaults={"uri": log.uri, "name": log.name, **kept})
    return Verdict(200, str(cosign(notes.parse(note.encode()).text, moment)))


def cosign(text: str, moment: datetime) -> notes.Signature:
    """This node's cosignature over the text of a checkpoint, with the time in whole seconds."""
    key, name, seconds = identity.signing_key(), witness_name(identity.node_uri()), int(moment.timestamp())
    value = seconds.to_bytes(8, "big") + key.sign(notes.cosigned(text, seconds))
    return notes.Signature(name, notes.key_id(name, notes.COSIGNATURE, key.public_key()), value)


def cosigned_at(line: notes.Signature, text: str, name: str, key: Ed25519PublicKey) -> datetime | None:
    """When the witness cosigned the text; None when the line is not the witness's, or its signature is not good."""
    expected = notes.key_id(name, notes.COSIGNATURE, key)
    if (line.name, line.key_id) != (name, expected) or len(line.value) != 72:
        return None
    seconds = int.from_bytes(line.value[:8], "big")
    if (
        not notes.fits(line.value[8:], notes.cosigned(text, seconds), key)
        or seconds > clock.now().timestamp() + AHEAD_SECONDS
    ):
        return None
    return datetime.fromtimestamp(seconds, UTC)


def keep_cosignature(checkpoint: Checkpoint, witness: Log, body: bytes) -> Cosignature:
    """Keep what a witness answered. NotANote, NotSigned when it is no cosignature of this witness."""
    try:
        lines = notes.signature_lines(body.decode())
    except UnicodeDecodeError as fault:
        raise NotANote("Signature lines are UTF-8.") from fault
    text, name = notes.parse(checkpoint.note.encode()).text, witness_name(witness.uri)
    for line in lines:
        if moment := cosigned_at(line, text, name, witness.key):
            given = {"witness": witness.uri, "name": witness.name, "line": str(line), "at": moment}
            return Cosignature.objects.create(checkpoint=checkpoint, **given)
    raise NotSigned(f"{witness.uri} answered without a cosignature of its own.")


def size_known_by(uri: str, origin: str) -> int:
    """The size that a witness last cosigned of a log of this node, as far as this node knows."""
    given = Cosignature.objects.filter(witness=uri, checkpoint__origin=origin).order_by("-checkpoint__size").first()
    return given.checkpoint.size if given else 0


def logs_watched() -> list[str]:
    """The addresses of the nodes whose logs this node has cosigned."""
    return list(Witnessed.objects.order_by("uri").values_list("uri", flat=True).distinct())


def proof_lines(proof: Iterable[bytes]) -> str:
    """A proof as it is sent: one digest in base64 a line."""
    return "".join(base64.b64encode(step).decode() + "\n" for step in proof)


def witnessed_note(uri: str, origin: str) -> str:
    """The largest checkpoint that this node cosigned of a node's log, or nothing."""
    known = Witnessed.objects.filter(uri=uri, origin=origin).first()
    return known.note if known else ""
