"""What comes to light about the logs of other nodes: compared, reported, and kept as evidence."""

from collections.abc import Callable
from datetime import datetime

from terakoya.kit import clock
from terakoya.standards import signed_notes as notes
from terakoya.standards.merkle import verify_consistency

from . import checkpoints
from .checkpoints import Log, TreeHead
from .errors import NotANote, NotSigned
from .witness_models import LogFault, Witnessed


def faults_of_others(since: datetime | None = None) -> list[LogFault]:
    """What this node knows of logs that were changed, newest first."""
    known = LogFault.objects.order_by("-at")
    return list((known.filter(at__gte=since) if since else known)[:100])


def keep_report(log: Log, kind: str, known: bytes, shown: bytes, reporter: str) -> LogFault | None:
    """Keep what another witness reports of a log: both checkpoints must bear the log's own signature. None when it
    was reported before. NotANote, NotSigned."""
    read = [checkpoints.read_checkpoint(note, log.key) for note in (known, shown)]
    if not all(checkpoints.is_log_of(head.origin, log.uri) for head, _ in read):
        raise NotSigned(f"These are not checkpoints of {log.uri}.")
    (first, _), (second, _) = read
    if kind == "fork" and (first.size != second.size or first.root == second.root):
        raise NotSigned("These two checkpoints are no fork.")
    return keep_fault(log, kind, read[0][1], read[1][1], reporter)


def compare(log: Log, note: bytes, prove: Callable[[int, int], bytes]) -> LogFault | None:
    """Compare what a node shows to everybody with what it had this node cosign: a log that shows each its own tree is
    found so. The evidence, when it is new. NotANote, NotSigned.

    prove: asks the node for the lines of a consistency proof between two sizes
    """
    head, shown = checkpoints.read_checkpoint(note, log.key)
    known = Witnessed.objects.filter(origin=head.origin, uri=log.uri).first()
    if known is None:
        return None
    mine = TreeHead(known.origin, known.size, bytes(known.root))
    if mine.size == head.size:
        return keep_fault(log, "fork", known.note, shown) if mine.root != head.root else None
    first, second = sorted((mine, head), key=lambda one: one.size)
    if first.size == 0 or _is_proved(first, second, prove(first.size, second.size)):
        return None
    return keep_fault(log, "unproved", known.note, shown)


def _is_proved(first: TreeHead, second: TreeHead, lines: bytes) -> bool:
    try:
        proof = [notes.exact_base64(line) for line in lines.decode("ascii", "replace").splitlines()]
    except NotANote:
        return False
    return verify_consistency(first.size, second.size, first.root, second.root, proof)


def keep_fault(log: Log, kind: str, known: str, shown: str, reporter: str = "") -> LogFault | None:
    """Keep the evidence; None when the same was kept before."""
    origin = checkpoints.parse_head(notes.parse(shown.encode()).text).origin
    same = {"origin": origin, "kind": kind, "known": known, "shown": shown, "reported_by": reporter}
    fault, is_new = LogFault.objects.get_or_create(
        **same, defaults={"uri": log.uri, "name": log.name, "at": clock.now()}
    )
    return fault if is_new else None
