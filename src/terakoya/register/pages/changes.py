"""The changes of the roster: what each touched, and taking it back as a whole."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access.api import declares_nothing
from terakoya.register.desk import for_the_board
from terakoya.register.tabs import desk_tabs
from terakoya.register.words import table_name
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange, CannotUndo

A_PAGE = 50
NOBODY = "which changes there were and how many rows of which table each touched; nobody is named"


@require_safe
@declares_nothing(NOBODY)
@for_the_board
def changes(request: HttpRequest) -> HttpResponse:
    """The latest changes, page by page."""
    before = request.GET.get("before", "")
    found = roster.life.changes(A_PAGE + 1, int(before) if before.isascii() and before.isdigit() else None)
    values = {
        "changes": found[:A_PAGE],
        "earlier": found[A_PAGE - 1].pk if len(found) > A_PAGE else None,
        "places": desk_tabs(request, "register.changes"),
    }
    return render(request, "register/changes.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@declares_nothing(NOBODY)
@for_the_board
def change(request: HttpRequest, number: int) -> HttpResponse:
    """A change: what it touched, and what taking it back would restore."""
    found = roster.life.change_of(number)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _take_back(request, found)
    values = {
        "change": found,
        "touched": [(table_name(one.table), one) for one in roster.life.touched(found)],
        "undone": hasattr(found, "undone_by"),
        "places": desk_tabs(request, "register.changes"),
    }
    return render(request, "register/change.html", values)


def _take_back(request: HttpRequest, found: roster.Change) -> HttpResponse:
    try:
        roster.life.take_back(found, by=request.user.get_username()[:150])
        messages.success(request, _("The change was taken back; what it touched is as before."))
    except CannotChange as refusal:
        messages.error(request, refusal.sentence)
    except CannotUndo as refusal:
        messages.error(request, _refusal(refusal))
    return redirect("register.change", found.pk)


def _refusal(refusal: CannotUndo) -> str:
    if refusal.reason == "done":
        return _("This was taken back before.")
    words = _("Number %(number)s (%(kind)s, by %(by)s) rests on it. Take that back first.")
    return words % {"number": refusal.by.pk, "kind": refusal.by.get_kind_display(), "by": refusal.by.by}


routes: list[URLPattern] = [
    path("register/changes/", changes, name="register.changes"),
    path("register/changes/<int:number>/", change, name="register.change"),
]
