"""People of the register: by name, reading, number, class, earlier name or identifier, as of any day."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from terakoya.access.api import declares
from terakoya.register.days import day_of
from terakoya.register.desk import NAMES, USE, at_the_desk, opened
from terakoya.register.people_desk import seen_by
from terakoya.register.tabs import desk_tabs
from terakoya.roster import api as roster

A_PAGE, LONGEST = 50, 60


class PeopleForm(forms.Form):
    """What is sought: words that all have to apply, as of a day."""

    q = forms.CharField(
        label=_("Name, reading, number, class or identifier"),
        help_text=_("For example: Yamada, 5-2, or an earlier name. Several words narrow the search."),
        max_length=LONGEST,
        error_messages={"max_length": _("Please search with fewer words: at most 60 letters.")},
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose a day, such as 2026-05-01.")},
    )


@require_safe
@declares(USE)
@at_the_desk
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """The search, and with words a page of those found, written into the log for exactly these."""
    day = day_of(request)
    asked = bool(request.GET.get("q", "").strip())
    form = PeopleForm(request.GET) if asked else PeopleForm(initial={"on": day})
    values = {"form": form, "day": day, "places": desk_tabs(request, "register.people")}
    if not asked:
        return render(request, "register/people.html", values)
    if not form.is_valid():
        return render(request, "register/people.html", values, status=400)
    return render(request, "register/people.html", values | _found(request, form.cleaned_data["q"], day))


def _found(request: HttpRequest, text: str, day: Any) -> dict[str, Any]:
    query = roster.who.known_as(text, day).filter(pk__in=seen_by(request, NAMES).values("pk"))
    page = Paginator(query, A_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    keys = [one.uuid for one in rows]
    decisions = opened(request, keys, "people_found")
    places = roster.who.places_on(keys, day)
    named = roster.who.names_on(rows, day)
    found = [
        {"person": one, "named": named[one.uuid], "place": places.get(one.uuid, "")}
        for one in rows
        if one.uuid in decisions
    ]
    pages = [request.GET.copy(), request.GET.copy()]
    pages[0]["page"], pages[1]["page"] = str(page.number - 1), str(page.number + 1)
    return {
        "page": page,
        "found": found,
        "decision": next(iter(decisions.values()), None),
        "earlier": f"?{pages[0].urlencode()}" if page.has_previous() else "",
        "later": f"?{pages[1].urlencode()}" if page.has_next() else "",
    }


routes: list[URLPattern] = [path("register/people/", people, name="register.people")]
