"""Moves to and from other municipalities: what waits, and each one with what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.access.api import Use, declares
from terakoya.exchange import api as exchange
from terakoya.kit.paper_codes import grouped
from terakoya.register.desk import NAMES, OFFICIAL, PURPOSE, at_the_desk, of_request, opened
from terakoya.register.errors import CannotRelocate
from terakoya.register.models import Relocation
from terakoya.register.relocation import arriving, forms, leaving, package, seen, states, words
from terakoya.register.tabs import desk_tabs
from terakoya.roster import api as roster

USE = Use((NAMES, OFFICIAL, "subject.guardianship"), PURPOSE)
LATEST = 200
Step = Callable[..., Relocation]
Alike = tuple[arriving.Likeness, list[roster.Person], int]
LEAVING: dict[str, Step] = {"send": leaving.send, "hand_out": leaving.hand_out, "withdraw": leaving.withdraw}
ARRIVING: dict[str, Step] = {"take_back": arriving.take_back}


@dataclass(frozen=True)
class Line:
    """A move in the list; ``name`` is empty for those whose name the reader may not see (any more)."""

    relocation: Relocation
    name: str
    kana: str
    word: str
    tone: str
    icon: str


@require_safe
@declares(USE)
@at_the_desk
@never_cache
def relocations(request: HttpRequest) -> HttpResponse:
    """Who comes and who leaves, the latest first."""
    rows = list(seen.moves_of(of_request(request))[:LATEST])
    decisions = opened(request, sorted({one.person for one in rows if one.person}), "relocation", OFFICIAL)
    lines = [_line(one, decisions) for one in rows]
    values = {
        "arriving": [one for one in lines if one.relocation.side == "arriving"],
        "leaving": [one for one in lines if one.relocation.side == "leaving"],
        "places": desk_tabs(request, "register.relocations"),
        "decision": next(iter(decisions.values()), None),
    }
    return render(request, "register/relocations.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(USE)
@at_the_desk
@never_cache
def relocation(request: HttpRequest, number: UUID) -> HttpResponse:
    """One move: what it carries, where it stands, and what can be done."""
    found = seen.move_at(of_request(request), number)
    people = [found.person] if found.person else []
    decision = opened(request, people, "relocation", OFFICIAL).get(found.person) if found.person else None
    if found.side == "arriving":
        return _arriving(request, found, decision)
    return _leaving(request, found, decision)


def _leaving(request: HttpRequest, found: Relocation, decision: access.Decision | None) -> HttpResponse:
    if request.method == "POST":
        return _done(request, found, LEAVING)
    values = _frame(found, decision)
    if decision and found.person:
        values["mover"] = _mover(found)
    values["code"] = grouped(found.code) if found.code else ""
    values["may"] = {kind: states.may(found, kind) for kind in ("sent", "handed", "withdrawn", "withdrawing")}
    return render(request, "register/relocation_leaving.html", values)


def _arriving(request: HttpRequest, found: Relocation, decision: access.Decision | None) -> HttpResponse:
    if found.package == "" or decision is None or found.state not in ("received", "accepted"):
        return render(request, "register/relocation_arriving.html", _frame(found, decision))
    step, came = request.POST.get("step", ""), package.kept(found.package)
    if step in ARRIVING:
        return _done(request, found, ARRIVING)
    first = arriving.earliest(found)
    rooms = seen.rooms_for(of_request(request), came.mover.grade, first, found.school)
    accept = forms.AcceptForm(request.POST if step == "accept" else None, rooms=rooms, initial={"begins": first})
    decline = forms.DeclineForm(request.POST if step == "decline" else None, prefix="no")
    if _decided(request, found, rooms, accept, decline):
        return redirect("register.relocation", found.uuid)
    wrong = next((one for one in (accept, decline) if one.is_bound and one.errors), None)
    values = {**_frame(found, decision), **_shown(request, found, came), "form": accept, "declining": decline}
    values |= {"earliest": first, "wrong_form": wrong}
    return render(request, "register/relocation_arriving.html", values, status=400 if wrong else 200)


def _decided(
    request: HttpRequest,
    found: Relocation,
    rooms: list[roster.SchoolClass],
    accept: forms.AcceptForm,
    decline: forms.DeclineForm,
) -> bool:
    """Do what was pressed; False when a form says what is missing."""
    actor = of_request(request).actor
    try:
        if accept.is_bound and accept.is_valid():
            said = accept.cleaned_data
            room = next(one for one in rooms if str(one.uuid) == said["to"])
            arriving.accept(found, room, said["begins"], by=actor, number=said["number"])
            messages.success(request, _("The pupil is taken in. The old school is told."))
            return True
        if decline.is_bound and decline.is_valid():
            arriving.decline(found, decline.cleaned_data["reason"], by=actor)
            messages.info(request, _("Declined. The old school is told why."))
            return True
    except CannotRelocate as refusal:
        (accept if accept.is_bound else decline).add_error(None, refusal.sentence)
    return False


def _shown(request: HttpRequest, found: Relocation, came: package.Package) -> dict[str, Any]:
    return {
        "mover": came.mover,
        "package": came,
        "likenesses": _likenesses(request, came) if found.state == "received" else [],
        "unknown": exchange.parts_unknown(came.parts),
        "confirmed": found.told >= len(arriving.decisions(found)),
    }


def _likenesses(
    request: HttpRequest, came: package.Package
) -> list[tuple[arriving.Likeness, list[roster.Person], int]]:
    """Who is like whom here, those whom the reader may see; and how many there are whom only the board sees."""
    found = arriving.likenesses(came)
    alike = {person.uuid for each in found for person in each.alike}
    decisions = opened(request, alike, "relocation", OFFICIAL)
    shown = [[person for person in each.alike if person.uuid in decisions] for each in found]
    return [(each, some, len(each.alike) - len(some)) for each, some in zip(found, shown, strict=True)]


def _frame(found: Relocation, decision: access.Decision | None) -> dict[str, Any]:
    word, tone, icon = words.state_words(found)
    return {
        "relocation": found,
        "person": roster.person(found.person) if decision and found.person else None,
        "decision": decision,
        "word": word,
        "tone": tone,
        "icon": icon,
        "events": list(found.events.all())[::-1],
        "purpose": PURPOSE,
    }


def _mover(found: Relocation) -> roster.Mover | None:
    """What is told: as it was sent, or as it would be sent now."""
    if found.package:
        return package.kept(found.package).mover
    try:
        pupil, last_day = found.known()
        return leaving.told_of(pupil, last_day)
    except CannotRelocate:
        return None


def _done(request: HttpRequest, found: Relocation, steps: dict[str, Step]) -> HttpResponse:
    """Do what was pressed, or say why it cannot be done."""
    do = steps.get(request.POST.get("step", ""))
    if do is None:
        raise Http404
    try:
        do(found, by=of_request(request).actor)
    except CannotRelocate as refusal:
        messages.error(request, refusal.sentence)
    return redirect("register.relocation", found.uuid)


def _line(found: Relocation, decisions: dict[UUID, access.Decision]) -> Line:
    name, kana = seen.name_of(found) if found.person in decisions else ("", "")
    return Line(found, name, kana, *words.state_words(found))


routes: list[URLPattern] = [
    path("register/relocations/", relocations, name="register.relocations"),
    path("register/relocations/<uuid:number>/", relocation, name="register.relocation"),
]
