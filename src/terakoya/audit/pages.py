"""The page about the log: whose it is, how long, and which others have confirmed that nothing in it was changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from terakoya.kit.declaration import nothing

from . import checkpoints
from .log import log_head
from .standing import standing
from .witness_faults import faults_of_others
from .witness_models import Acknowledgement, Cosignature

TONES = {"witnessed": "success", "new": "info", "alone": "info", "late": "warning"}


@require_safe
@nothing("names organisations and numbers, not people")
def log(request: HttpRequest) -> HttpResponse:
    """How the log stands, for everybody."""
    found = standing()
    context = {
        "standing": found,
        "tone": TONES.get(found.state, "error"),
        "head": log_head(),
        "checkpoint": checkpoints.newest_checkpoint(),
        "signed": _newest_of_each(),
        "acknowledged": Acknowledgement.objects.order_by("-at"),
        "faults": faults_of_others(),
        "verifier_key": checkpoints.verifier_key(),
    }
    return render(request, "audit/log.html", context)


def _newest_of_each() -> list[Cosignature]:
    """The newest cosignature of each node under the log as it is called now, newest first."""
    newest: dict[str, Cosignature] = {}
    for one in Cosignature.objects.filter(checkpoint__origin=checkpoints.own_origin()).order_by("-at")[:500]:
        newest.setdefault(one.witness, one)
    return list(newest.values())


routes: list[URLPattern] = [path("log/", log, name="audit.log")]
