"""A form that was sent before a door was passed: it waits in the page of the door, and is sent on afterwards."""

from urllib.parse import parse_qsl

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .leading import is_own

NAMES = ("kept_path", "kept_body", "kept_for")
LARGEST = 100_000  # letters of a form that waits in a page
SALT = "identity.keeping"
Kept = dict[str, str]


def keep(request: HttpRequest, account: int) -> Kept | None:
    """The form of a request as hidden fields of a page; None when it is too large, or holds files."""
    form = request.POST.copy()
    form.pop("csrfmiddlewaretoken", None)
    body = form.urlencode()
    if request.FILES or len(body) > LARGEST:
        return None
    return {
        "kept_path": request.get_full_path(),
        "kept_body": body,
        "kept_for": signing.dumps(account, salt=SALT),
    }


def kept_in(request: HttpRequest) -> Kept:
    """The hidden fields that came back with the door's own form."""
    return {name: request.POST.get(name, "") for name in NAMES} if "kept_path" in request.POST else {}


def send_on(request: HttpRequest, account: int) -> HttpResponse | None:
    """The page that sends the waiting form; None without one, or when somebody else had filled it in."""
    kept = kept_in(request)
    if not is_own(request, kept.get("kept_path", "")) or not _is_for(kept["kept_for"], account):
        return None
    fields = parse_qsl(kept["kept_body"], keep_blank_values=True)
    return render(request, "identity/send_on.html", {"path": kept["kept_path"], "fields": fields})


def _is_for(signed: str, account: int) -> bool:
    try:
        return bool(signing.loads(signed, salt=SALT) == account)
    except signing.BadSignature:
        return False
