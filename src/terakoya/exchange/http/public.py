"""What everybody may read: this node's statement, the registry, the version of the Dataspace Protocol."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from terakoya.exchange import registry
from terakoya.exchange.errors import not_found
from terakoya.kit.declaration import nothing


@nothing("names the node, not people")
@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """This node about itself, signed."""
    return HttpResponse(registry.own_statement(), content_type="application/entity-statement+jwt")


@nothing("names nodes, not people")
@require_safe
def nodes(request: HttpRequest) -> HttpResponse:
    """The nodes of the federation, signed; only the trust anchor has the list."""
    if settings.TRUST_ANCHOR_URL:
        problem = not_found("The registry is kept by the trust anchor.")
        return JsonResponse(problem.body(), status=404, content_type="application/problem+json")
    return HttpResponse(registry.own_registry(), content_type="application/registry+jwt")


@nothing("names versions of a protocol")
@require_safe
def dspace_version(request: HttpRequest) -> HttpResponse:
    """Which version of the Dataspace Protocol is spoken, and where."""
    version = {
        "version": "2025-1",
        "path": "/dsp",
        "binding": "HTTPS",
        "auth": {"protocol": "RFC9421", "version": "1", "profile": ["ed25519"]},
    }
    return JsonResponse({"protocolVersions": [version]})
