"""The federation's own messages: authorisations, grants, pages of records, withdrawals, who looked."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from terakoya.exchange import accesses as looked
from terakoya.exchange import authorisations, grants, releases, wire, withdrawals
from terakoya.exchange.asking import FORM
from terakoya.exchange.datasets import receiver_of
from terakoya.exchange.errors import Problem, Refused, not_found
from terakoya.exchange.guard import decoded, from_partner, partner_of, reply, signature_hash
from terakoya.kit import clock
from terakoya.kit.declaration import Use, declares, nothing

RECORDS = Use(("activity.learning_school", "activity.learning_private"), "own_use")
CONSENT = Use(("rights.consent",), "rights")


@declares(RECORDS)
@from_partner("GET")
def page(request: HttpRequest, pid: str) -> HttpResponse:
    """One page of the records of a grant."""
    cursor = request.GET.get("cursor", "")[:200]
    return reply(releases.release(partner_of(request), pid, cursor, signature_hash(request)))


@declares(CONSENT)
@from_partner("POST", FORM)
def pushed_request(request: HttpRequest) -> HttpResponse:
    """A partner prepares to ask a person of this node (RFC 9126)."""
    kept = authorisations.take_request(partner_of(request), _form(request))
    seconds = int((kept.expires_at - clock.now()).total_seconds())
    return reply({"request_uri": kept.request_uri, "expires_in": seconds}, 201)


@declares(CONSENT)
@from_partner("POST", FORM)
def token(request: HttpRequest) -> HttpResponse:
    """What a code stands for."""
    return reply(authorisations.redeem(partner_of(request), _form(request)))


@nothing("an invitation names the cram school and its wish, not the pupil")
@from_partner("GET")
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """What stands behind an invitation code."""
    return reply(grants.look_up(code))


@declares(CONSENT)
@from_partner("POST")
def grant_offer(request: HttpRequest) -> HttpResponse:
    """A holder brings the consent that answers an invitation."""
    grant = grants.take_offer(partner_of(request), decoded(request, wire.GrantOffer))
    return reply({"consent": grant.consent}, 201)


@declares(CONSENT)
@from_partner("POST")
def withdrawal(request: HttpRequest, consent: UUID) -> HttpResponse:
    """The other node says that a consent has ended."""
    return reply({"state": withdrawals.take_notice(partner_of(request), consent, decoded(request, wire.Notice))})


@declares(CONSENT)
@from_partner("POST")
def deletion(request: HttpRequest, consent: UUID) -> HttpResponse:
    """The recipient's receipt of what became of its copy."""
    found = withdrawals.take_receipt(partner_of(request), consent, decoded(request, wire.DeletionReceipt))
    return reply({"state": found.state})


@declares(Use(("rights.access_log",), "rights"))
@from_partner("GET")
def accesses(request: HttpRequest, pairwise: UUID) -> HttpResponse:
    """Who looked here at the data of a person whom the partner's store belongs to."""
    return reply({"lines": looked.lines_for(partner_of(request), pairwise)})


@nothing("a room that takes messages of partners declares, decides and logs what is in them")
@from_partner("POST")
def message(request: HttpRequest, topic: str) -> HttpResponse:
    """A message of a topic that a room of this node takes."""
    receive = receiver_of(topic)
    if receive is None:
        raise not_found("No messages of this topic are taken here.")
    try:
        return reply(receive(partner_of(request), decoded(request, dict)) or {})
    except Refused as fault:
        raise Problem(422, "refused", str(fault)) from fault


def _form(request: HttpRequest) -> dict[str, str]:
    """The fields of a form; one that comes twice is refused (RFC 6749, section 3.1)."""
    if any(len(values) > 1 for _, values in request.POST.lists()):
        raise Problem(400, "invalid-request", "A field comes twice.", error="invalid_request")
    return request.POST.dict()
