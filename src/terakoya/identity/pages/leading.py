"""Where a page of this room leads when it is done: only to pages of this node."""

from typing import cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from terakoya.identity.models import Account


def target_of(request: HttpRequest) -> str:
    """The page that was wanted, else the first page; never another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_own(request, wanted) else reverse("home")


def is_own(request: HttpRequest, address: str) -> bool:
    """Whether an address is a page of this node."""
    own = {request.get_host()}
    return bool(address) and url_has_allowed_host_and_scheme(address, own, require_https=request.is_secure())


def signed_in(request: HttpRequest) -> Account:
    """The account behind a page that asks for a sign-in."""
    return cast(Account, request.user)
