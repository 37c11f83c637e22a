"""Entries that may be one person: side by side, put together after a look at what it does, and taken apart again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terakoya.access import api as access
from terakoya.access.api import Use, declares
from terakoya.kit import clock
from terakoya.register import people_words as words
from terakoya.register.desk import NAMES, OFFICIAL, PURPOSE, at_the_desk, opened
from terakoya.register.people_desk import by_name, person_at_desk, seen_by
from terakoya.register.tabs import desk_tabs
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotMerge, CannotUndo

LOOK = Use((NAMES, OFFICIAL), PURPOSE)
MOST, LATEST = 100, 20
COMPARED = ("official_family", "official_given", "display_family", "display_given", "kana_family", "kana_given")
COMPARED_TOO = ("birth_date", "sex", "grade", "identifier", "username", "sourced_id")


@require_safe
@declares(LOOK)
@at_the_desk
@never_cache
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs, the likeliest first, and the entries that were put together lately."""
    seen = seen_by(request)
    pairs = roster.who.duplicates(seen)
    shown = pairs[:MOST]
    merged = list(roster.who.merges().filter(person__in=seen.values("pk"))[:LATEST])
    keys = [key for pair in shown for key in (pair.one.uuid, pair.other.uuid)]
    decisions = opened(request, [*keys, *(one.person_id for one in merged)], "duplicates", OFFICIAL)
    places = roster.who.places_on(keys, clock.today())
    values = {
        "pairs": [_line(pair, places) for pair in shown if {pair.one.uuid, pair.other.uuid} <= set(decisions)],
        "more": len(pairs) - len(shown),
        "merged": [one for one in merged if one.person_id in decisions],
        "places": desk_tabs(request, "register.people"),
        "decision": next(iter(decisions.values()), None),
    }
    return render(request, "register/duplicates.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(LOOK)
@at_the_desk
@never_cache
def pair(request: HttpRequest, key: UUID, other: UUID) -> HttpResponse:
    """Two entries side by side, the first of which would stay; what putting them together does, and the decision."""
    kept, entry = _entry(request, key), _entry(request, other)
    try:
        plan = roster.who.plan(kept, entry)
    except CannotMerge as fault:
        values = {"kept": kept, "entry": entry, "refused": words.refusal(fault.reason)}
        return render(request, "register/pair.html", values, status=409)
    if request.method == "POST":
        return _decide(request, plan)
    values = {"kept": kept, "entry": entry, "plan": plan, **_compared(plan)}
    return render(request, "register/pair.html", values)


@require_POST
@declares(LOOK)
@at_the_desk
def apart(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take the merge of an entry back."""
    alias = roster.who.merges().filter(entry=key).first()
    if alias is None or alias.made_by is None:
        raise Http404
    person_at_desk(request, alias.person_id, "merge")
    try:
        roster.who.unmerge(alias.made_by, by=by_name(request))
        messages.success(request, _("They are two people again. What was entered since stays with the person."))
    except CannotUndo as fault:
        messages.error(request, words.refusal(fault.reason))
    return redirect("register.duplicates")


def _entry(request: HttpRequest, key: UUID) -> roster.Person:
    """An entry by its own key, even when it is somebody else's by now."""
    row = roster.everybody().filter(pk=key).first()
    if row is None:
        raise Http404
    access.open_record(request, OFFICIAL, PURPOSE, [row.uuid], "merge")
    return row


def _decide(request: HttpRequest, plan: roster.who.Plan) -> HttpResponse:
    kept, entry, by = plan.person.uuid, plan.entry.uuid, by_name(request)
    reason = request.POST.get("reason", "")[:200]
    if "apart" in request.POST:
        roster.who.not_the_same(kept, entry, by=by, reason=reason)
        messages.info(request, _("Remembered: they are two people."))
        return redirect("register.duplicates")
    take = {one.field for one in plan.differences} & set(request.POST.getlist("take"))
    try:
        roster.who.merge(kept, entry, take=take, by=by, note=reason)
    except CannotMerge as fault:
        messages.error(request, words.refusal(fault.reason))
        return redirect("register.pair", kept, entry)
    messages.success(request, _("Put together. Every identifier of the other entry leads here now."))
    return redirect("register.person", kept)


def _line(pair: roster.who.Pair, places: dict[UUID, str]) -> dict[str, Any]:
    return {
        "pair": pair,
        "one_place": places.get(pair.one.uuid, ""),
        "other_place": places.get(pair.other.uuid, ""),
        "grounds": [words.sign(name) for name in pair.grounds],
        "against": [words.sign(name) for name in pair.against],
    }


def _compared(plan: roster.who.Plan) -> dict[str, Any]:
    different = {one.field: one for one in plan.differences}
    fields = [*COMPARED, *COMPARED_TOO, *(name for name in different if name not in (*COMPARED, *COMPARED_TOO))]
    rows = [
        {
            "field": field,
            "label": words.field_name(field),
            "kept": words.value_of(field, getattr(plan.person, field)),
            "other": words.value_of(field, getattr(plan.entry, field)),
            "choosable": field in different,
            "gap": field in plan.gaps,
        }
        for field in fields
    ]
    return {"rows": rows, "moves": _moves(plan), "conflicts": [_conflict(one) for one in plan.conflicts]}


def _moves(plan: roster.who.Plan) -> list[tuple[str, int]]:
    names = {
        "Enrolment": _("places in classes"),
        "Role": _("roles"),
        "Guardianship": _("guardianships"),
        "AddressProtection": _("protections of an address"),
        "UserProfile": _("accounts in other applications"),
    }
    return [(names.get(table, table), number) for table, number in plan.moves.items()]


def _conflict(one: Any) -> dict[str, Any]:
    klass = getattr(one.other, "school_class", None)
    what = klass.title if klass else words.role_name(getattr(one.other, "name", ""))
    return {"kind": one.kind, "what": what, "kept": one.kept, "other": one.other}


routes: list[URLPattern] = [
    path("register/duplicates/", duplicates, name="register.duplicates"),
    path("register/duplicates/<uuid:key>/<uuid:other>/", pair, name="register.pair"),
    path("register/duplicates/<uuid:key>/apart/", apart, name="register.pair_apart"),
]
