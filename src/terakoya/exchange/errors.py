"""What goes wrong between nodes: exceptions for other rooms, and problems (RFC 9457) as answers to partners."""

from typing import Any


class ExchangeError(Exception):
    """The root of what this room raises for others."""


class UnknownPartner(ExchangeError):
    """No node of this address is in the registry."""


class UnknownDataset(ExchangeError):
    """No room of this node, or no partner, has a data set of this id."""


class PartnerAway(ExchangeError):
    """The partner did not answer, or not in a way that can be trusted; it may be tried again later."""


class PartnerRefused(ExchangeError):
    """The partner answered no. ``type`` is the problem's stable name, ``detail`` its sentence in English."""

    def __init__(self, status: int, type: str, detail: str) -> None:
        super().__init__(f"{status} {type}: {detail}")
        self.status, self.type, self.detail = status, type, detail


class StatementRefused(ExchangeError):
    """A node's statement about itself, or a registry, is not signed by whom it should be, or is out of date."""


class AuthorisationUnknown(ExchangeError):
    """No such request for authorisation is pending here: never asked, or asked by another."""


class AuthorisationExpired(ExchangeError):
    """The request for authorisation is too old; the asker has to begin again."""


class AuthorisationRefused(ExchangeError):
    """The holder, or the person asked, said no."""


class AuthorisationDecided(ExchangeError):
    """The request was answered before, in another way."""


class InvitationUnknown(ExchangeError):
    """No such invitation code was given out."""


class InvitationUsed(ExchangeError):
    """The invitation code was used before."""


class InvitationExpired(ExchangeError):
    """The invitation code is too old."""


class Refused(ExchangeError):
    """Raised by a registered receiver: the message cannot be taken as it is; ``detail`` says why in English."""


class WrongState(ExchangeError):
    """The process is in a state from which this step does not lead (Dataspace Protocol 2025-1)."""


class Problem(Exception):
    """The refusal of a partner's message, answered as application/problem+json (RFC 9457)."""

    def __init__(self, status: int, type: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.type, self.detail, self.more = status, type, detail, more

    def body(self) -> dict[str, Any]:
        return {"type": self.type, "status": self.status, "detail": self.detail, **self.more}


def not_found(detail: str = "There is nothing here for you.") -> Problem:
    """What is not there, and what is another's: the same answer (404, not 403)."""
    return Problem(404, "not-found", detail)
