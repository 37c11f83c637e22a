"""The standing of the node's log before others, and whether the node may release records while it stands so.

A log that nobody watches can be bent by whoever holds the database. So a node whose checkpoints are not cosigned any
more says so after some hours, and after some days stops releasing to other organisations; teaching, stops and
withdrawals go on. One that is shown to differ from what it signed before stops at once, until an operator has looked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from terakoya.identity import api as identity
from terakoya.kit import clock

from . import checkpoints
from .appending import append
from .checkpoints import Log
from .errors import NothingToAcknowledge
from .log import log_head, root_at
from .verifying import verify_log
from .witness_models import Acknowledgement, Checkpoint, Contradiction, Cosignature

WANTED = 2  # so many other nodes must have signed, where there are so many
State = Literal["alone", "new", "witnessed", "late", "stopped", "broken"]
_witnesses: list[Callable[[], list[Log]]] = []


@dataclass(frozen=True)
class Standing:
    """How the log stands: which of the witnesses confirm it at present, and until when all of these do.

    Where none confirms it at present, ``confirmed_until`` is when the last one did, or None.
    """

    state: State
    witnesses: int
    confirmed_by: tuple[str, ...]
    confirmed_until: datetime | None
    breaks: tuple[Contradiction, ...] = ()

    @property
    def may_release(self) -> bool:
        return self.state not in ("stopped", "broken")


def register_witnesses(logs: Callable[[], list[Log]]) -> None:
    """Register what names the nodes that are asked to cosign; the exchange knows them. One a node."""
    _witnesses[:] = [logs]


def witnesses() -> list[Log]:
    """The nodes that are asked to cosign."""
    return _witnesses[0]() if _witnesses else []


def may_release() -> bool:
    """Whether records may leave for another organisation, as far as the log is concerned."""
    return standing().may_release


def standing() -> Standing:
    """How the log stands now."""
    asked, origin = [log.uri for log in witnesses()], checkpoints.own_origin()
    breaks = tuple(Contradiction.objects.filter(origin=origin).order_by("at"))
    given = Cosignature.objects.filter(witness__in=asked, checkpoint__origin=origin)
    signed = _newest_of_each(given)
    newest, wanted = sorted(signed.values(), reverse=True), min(WANTED, len(asked))
    state: State = "broken" if breaks else _state(origin, newest, wanted)
    lately = clock.now() - timedelta(seconds=settings.WITNESS_WARN_SECONDS)
    fresh = {uri: moment for uri, moment in signed.items() if moment >= lately}
    until = min(fresh.values()) if fresh else _last_of_any(given)
    return Standing(state, len(asked), tuple(fresh), until, breaks)


def _newest_of_each(given: QuerySet[Cosignature]) -> dict[str, datetime]:
    """When each witness last signed the log as it is called now; those only who did within the time that counts."""
    counts = clock.now() - timedelta(seconds=max(settings.WITNESS_STOP_SECONDS, settings.WITNESS_WARN_SECONDS))
    lately = given.filter(at__gte=counts).values("witness").annotate(newest=Max("at"))
    return {row["witness"]: row["newest"] for row in lately}


def _last_of_any(given: QuerySet[Cosignature]) -> datetime | None:
    return given.aggregate(newest=Max("at"))["newest"]


def _state(origin: str, signed: list[datetime], wanted: int) -> State:
    """From when each witness last signed, newest first, and how many are wanted."""
    if not wanted:
        return "alone"
    until = signed[wanted - 1] if len(signed) >= wanted else None
    first = Checkpoint.objects.filter(origin=origin).order_by("at").first()
    since = until or (first.at if first else None)
    if since is None:
        return "new"
    silence = (clock.now() - since).total_seconds()
    if silence > settings.WITNESS_STOP_SECONDS:
        return "stopped"
    if silence > settings.WITNESS_WARN_SECONDS:
        return "late"
    return "witnessed" if until else "new"


def check_against(note: bytes, witness: str) -> Contradiction | None:
    """Compare what a witness holds, with this node's signature, with the log; the contradiction, or None.

    NotANote, NotSigned: a note that this node did not sign proves nothing.
    """
    head, signed = checkpoints.read_checkpoint(note, identity.signing_key().public_key())
    if head.origin != checkpoints.own_origin():
        return None
    size = log_head().size
    if head.size > size:
        return contradict("rolled_back", size, witness, signed)
    if _root_at(head.size) != head.root:
        return contradict("rewritten", size, witness, signed)
    return None


def _root_at(size: int) -> bytes | None:
    """The root of the log at a size; None when its tree is not whole any more."""
    try:
        return root_at(size)
    except LookupError:
        return None


def check_own_checkpoint() -> Contradiction | None:
    """Whether the log still continues the newest checkpoint that this node itself has kept."""
    newest = checkpoints.newest_checkpoint()
    return check_against(newest.note.encode(), "") if newest else None


def check_whole_log() -> Contradiction | None:
    """Compute the log anew from its entries; what is not as it was, and not acknowledged before, is a break."""
    seen = "; ".join(verify_log()[:10])
    if not seen or Contradiction.objects.filter(kind="damaged", seen=seen).exclude(origin=checkpoints.own_origin()):
        return None
    return contradict("damaged", log_head().size, seen=seen)


def contradict(kind: str, size: int, witness: str = "", note: str = "", seen: str = "") -> Contradiction:
    """Keep that the log is not what it was; once for each kind and witness."""
    kept, _ = Contradiction.objects.get_or_create(
        origin=checkpoints.own_origin(),
        kind=kind,
        witness=witness,
        defaults={"note": note, "size": size, "seen": seen, "at": clock.now()},
    )
    return kept


@transaction.atomic
def acknowledge(reason: str, by: str) -> Acknowledgement:
    """An operator lets the node go on after a break. It is written in the log, which is called anew from here on, so
    that witnesses begin afresh and everybody can see that there was a break. NothingToAcknowledge."""
    breaks = standing().breaks
    if not breaks:
        raise NothingToAcknowledge("The log is whole: there is nothing to acknowledge.")
    found = sorted({one.kind for one in breaks})
    append({"what": "log_acknowledged", "by": by, "reason": reason, "breaks": found}, [])
    return Acknowledgement.objects.create(reason=reason, by=by, at=clock.now())
