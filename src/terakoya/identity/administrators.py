"""Pages that are the node's administrators' alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def is_administrator(request: HttpRequest) -> bool:
    """Whether an administrator of the node makes the request."""
    return bool(getattr(request.user, "is_administrator", False))


def for_administrators(view: View) -> View:
    """Let only the node's administrators in; others are asked to sign in, or told no."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_administrator(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
