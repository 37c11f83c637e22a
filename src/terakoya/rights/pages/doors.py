"""Who stands before a page of this room."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from terakoya.access import api as access
from terakoya.identity.api import Account
from terakoya.rights import requests

View = Callable[..., HttpResponse]


def for_clerks(view: View) -> View:
    """Let only the node's administrators in; others are asked to sign in, or told no."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not (isinstance(request.user, Account) and request.user.is_administrator):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def own_request(request: HttpRequest, number: UUID) -> requests.Standing:
    """The request, if the signed-in person asked for it; to everybody else, the other guardian too, there is none."""
    found = requests.request_of(number)
    if found is None or found.request.asked_by != access.actor_of(request).account:
        raise Http404
    return found
