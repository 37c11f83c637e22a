"""The witness's routes for other nodes: a checkpoint to be cosigned (tlog-witness), and what was cosigned last."""

from django.http import HttpRequest, HttpResponse

from terakoya.audit import api as audit
from terakoya.exchange import witnessing
from terakoya.exchange.errors import Problem, not_found
from terakoya.exchange.guard import from_partner, partner_of, seal_of
from terakoya.kit.declaration import nothing

SIZE = "text/x.tlog.size"


@nothing("a checkpoint is a number and a digest, no people")
@from_partner("POST", witnessing.TEXT)
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """A node asks for this node's cosignature (C2SP tlog-witness, add-checkpoint)."""
    verdict = witnessing.take_checkpoint(partner_of(request), request.body, seal_of(request).created)
    is_size = verdict.status == 409 and verdict.body[0].isdigit()
    return HttpResponse(verdict.body, status=verdict.status, content_type=SIZE if is_size else witnessing.TEXT)


@nothing("a checkpoint is a number and a digest, no people")
@from_partner("GET")
def checkpoint(request: HttpRequest) -> HttpResponse:
    """What this node last cosigned of the asker's own log, with the asker's signature."""
    note = audit.witnessed_note(partner_of(request).uri, request.GET.get("origin", "")[:260])
    if not note:
        raise not_found("Nothing of this log was cosigned here.")
    return HttpResponse(note, content_type=witnessing.TEXT)


@nothing("a proof is digests, no people")
@from_partner("GET")
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof that this node's log of ``from`` leaves begins that of ``to``, in a signed answer."""
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    if not all(text.isascii() and text.isdecimal() and len(text) < 20 for text in asked):
        raise Problem(400, "wrong-size", "Expected: from and to, two sizes of the log.")
    try:
        proof = audit.consistency_proof(*map(int, asked))
    except LookupError as fault:
        raise not_found("The log has no such sizes.") from fault
    return HttpResponse(audit.proof_lines(proof), content_type=witnessing.TEXT)
