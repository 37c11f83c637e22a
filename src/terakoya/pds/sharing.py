"""What a family has agreed to, in one list: what comes in from schools and what goes out to others."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from terakoya.access import api as access
from terakoya.access.api import Consent
from terakoya.exchange import api as exchange
from terakoya.identity.api import node_uri

TOLD = ("withdrawn", "lapsed_at_majority")  # the ends that the recipient answers with a receipt


@dataclass(frozen=True)
class Shared:
    """A consent with its state, how far its transfer is, and after a withdrawal how far the deletion is.

    outward: this store is the holder (records go out); else they come in
    """

    consent: Consent
    state: str
    outward: bool
    transfer: exchange.Transfer | None
    deletion: exchange.Deletion | None

    @property
    def living(self) -> bool:
        return self.state == "given"

    @property
    def open(self) -> bool:
        """It has not ended: in force, or waiting for somebody's word or for a day."""
        return self.state in ("given", "awaiting_assent", "paused", "scheduled")

    @property
    def partner(self) -> str:
        return self.consent.recipient_name if self.outward else self.consent.holder_name

    @property
    def delivered(self) -> bool:
        return self.transfer is not None and self.transfer.state == "COMPLETED"

    @property
    def waiting(self) -> bool:
        """Something is still on its way: the first delivery, or the confirmation of a deletion."""
        if self.living:
            return not self.delivered
        return self.outward and self.state in TOLD and not self.confirmed

    @property
    def confirmed(self) -> bool:
        """The recipient has said what became of its copy."""
        return self.deletion is not None and self.deletion.state != "waiting"

    @property
    def words(self) -> dict[str, Any]:
        """The terms in the reader's words."""
        return access.readable(self.consent)


def shared_of(person: UUID) -> list[Shared]:
    """All consents about a child, the newest first."""
    return [shared(consent) for consent in access.consents_about(person)]


def shared(consent: Consent) -> Shared:
    """One consent with what became of it."""
    state = access.state_of(consent)
    transfers = [each for each in exchange.transfers_of(consent.subject) if each.grant.consent == consent.uuid]
    deletion = exchange.deletion_of(consent) if state in TOLD else None
    return Shared(consent, state, consent.holder == node_uri(), next(iter(transfers), None), deletion)


@dataclass(frozen=True)
class Proof:
    """The recipient's word that its copy is gone: how many records, their digest, and the place in its log."""

    count: int
    digest: str
    index: int
    size: int
    root: str
    verified: bool


def proof_of(deletion: exchange.Deletion | None) -> Proof | None:
    """The deletion receipt as the page shows it; None where there is none."""
    if deletion is None or not deletion.receipt:
        return None
    receipt = deletion.receipt
    return Proof(
        receipt["count"],
        receipt["digest"],
        receipt["index"],
        receipt["size"],
        receipt["root"],
        deletion.verified,
    )
