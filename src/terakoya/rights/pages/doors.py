"""Who stands before a page of this room."""

from uuid import UUID

from django.http import Http404, HttpRequest

from terakoya.access import api as access
from terakoya.rights import requests


def own_request(request: HttpRequest, number: UUID) -> requests.Standing:
    """The request, if the signed-in person asked for it; to everybody else, the other guardian too, there is none."""
    found = requests.request_of(number)
    if found is None or found.request.asked_by != access.actor_of(request).account:
        raise Http404
    return found
