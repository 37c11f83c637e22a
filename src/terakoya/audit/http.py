"""What everybody may read of the log: its newest checkpoint with all cosignatures, and proofs that it only grew."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from terakoya.kit.declaration import nothing

from . import checkpoints
from .cosigning import proof_lines
from .log import consistency_proof

TEXT = "text/plain; charset=utf-8"
SIZE = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)


@require_safe
@nothing("a checkpoint is a number and a digest, no people")
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint that others confirm, with the newest cosignature of each (C2SP tlog-checkpoint).

    While nobody has confirmed one, it is the newest one alone; 404 before the first.
    """
    found = checkpoints.confirmed_checkpoint()
    if found is None:
        return HttpResponse("There is no checkpoint yet.\n", status=404, content_type=TEXT)
    return HttpResponse(checkpoints.published(found), content_type=TEXT)


@require_safe
@nothing("a proof is digests, no people")
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof that the log of ``from`` leaves begins that of ``to`` (RFC 9162, 2.1.4), one base64 digest a line.

    Only up to the newest checkpoint: what is not signed yet is not shown.
    """
    newest = checkpoints.newest_checkpoint()
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    if newest is None or not all(map(SIZE.fullmatch, asked)):
        return HttpResponse("Expected: from and to, two sizes of the log.\n", status=400, content_type=TEXT)
    first, second = map(int, asked)
    if not first <= second <= newest.size:
        return HttpResponse("The log has no such sizes.\n", status=404, content_type=TEXT)
    return HttpResponse(proof_lines(consistency_proof(first, second)), content_type=TEXT)


routes = [
    path("log/checkpoint", checkpoint, name="audit.checkpoint"),
    path("log/consistency", consistency, name="audit.consistency"),
]
