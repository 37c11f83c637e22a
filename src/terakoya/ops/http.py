"""Health of the node, for load balancers and for whoever starts it."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from terakoya.audit import api as audit
from terakoya.kit import clock
from terakoya.kit.declaration import nothing


@require_safe
@nothing("says only whether the node is well")
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503; with the kind of node, how its log stands, and its clock (seconds since
    1970). A log that is not witnessed is no reason to take the node off the net: teaching goes on."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    moment = clock.now().timestamp()
    return JsonResponse({"status": "well", "kind": settings.NODE_KIND, "log": _log_state(), "time": moment})


def _log_state() -> str:
    try:
        return audit.standing().state
    except DatabaseError:  # the tables are not there yet: `terakoya check` says so
        return "unknown"


routes = [path("healthz", health, name="ops.health")]
