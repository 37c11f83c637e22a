"""What every request of a signed-in reader passes: the session's length, then the second factor where a page asks."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from terakoya.kit.declaration import Use

from . import asking, parts, sessions
from .policy import asks_for_factor, is_strong

Answer = Callable[[HttpRequest], HttpResponseBase]


class SessionLengthMiddleware:
    """Ends a session that is too old, or was unused for too long."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "_auth_user_id" in request.session:
            if sessions.is_over(request):
                request.was_signed_in = request.user.pk  # type: ignore[attr-defined]
                logout(request)
                # family
                messages.info(request, _("You were signed out because nothing was done for a while. Sign in again."))
            else:
                sessions.note_use(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """A form that comes too late is not lost: it waits in the page that asks for the sign-in."""
        account = getattr(request, "was_signed_in", None)
        if account is None or request.method != "POST" or not isinstance(getattr(view, "declared_use", None), Use):
            return None
        from .pages.sign_in import ask_and_keep

        return ask_and_keep(request, account)


class SecondFactorMiddleware:
    """Leads to the second factor where a page asks for it and the session has none that is fresh."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated or sessions.is_strong(request) or not _asks(request, view):
            return None
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(
                f"{reverse('identity.second_factor')}?{urlencode({'next': request.get_full_path()})}"
            )
        from .pages.second_factor import ask_and_keep

        return ask_and_keep(request)


def _asks(request: HttpRequest, view: Callable[..., Any]) -> bool:
    has_factor = bool(request.session.get(sessions.HAS_FACTOR))
    mark = getattr(view, asking.MARK, "")
    if mark:
        return has_factor or (mark == asking.OF_STAFF_ALWAYS and parts.part_of(request) == parts.STAFF)
    use = getattr(view, "declared_use", None)
    if is_first_page(request) or not (has_factor or is_strong(use)):
        return False  # most requests: nobody's part is looked up for them
    return asks_for_factor(parts.part_of(request), has_factor, use)


def is_first_page(request: HttpRequest) -> bool:
    """The first page is free: it names only what the reader is (one's own classes, one's own children)."""
    return bool(request.resolver_match and request.resolver_match.url_name == "home")
