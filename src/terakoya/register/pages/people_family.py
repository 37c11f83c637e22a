"""Who answers for a child, since when and with custody; and from whom somebody's address is hidden."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from terakoya.access.api import Use, declares
from terakoya.kit import clock
from terakoya.register import people_words as words
from terakoya.register.desk import NAMES, PURPOSE, at_the_desk, opened
from terakoya.register.family_forms import EndForm, GuardianForm, GuardianshipForm, HideForm
from terakoya.register.people_desk import GUARDIANS, by_name, names_seen, person_at_desk, seen_by
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotGuard

CONTACT = "subject.contact"
FAMILY = Use((NAMES, GUARDIANS, CONTACT), PURPOSE)
MOST_FOUND = 20


@require_http_methods(["GET", "HEAD", "POST"])
@declares(FAMILY)
@at_the_desk
@never_cache
def family(request: HttpRequest, key: UUID) -> HttpResponse:
    """The guardians of somebody and the protection of their address; more of both are entered here."""
    person = person_at_desk(request, key, "register_family", GUARDIANS)
    history = roster.who.history_of(person.uuid)
    found, step = _sought(request, person), request.POST.get("step", "")
    guardian = GuardianForm(request.POST if step == "guardian" else None, people=found)
    hide = HideForm(request.POST if step == "hide" else None, people=[*_known(request, history.guardians), *found])
    if _entered(request, person, guardian, hide):
        return redirect("register.family", person.uuid)
    wrong = next((form for form in (guardian, hide) if form.errors), None)
    values = {
        "person": person,
        "guardians": _rows(request, history.guardians, "guardian"),
        "protections": _rows(request, history.protections, "hidden_from"),
        "q": request.GET.get("q", ""),
        "found": found,
        "guardian_form": guardian,
        "hide_form": hide,
        "wrong_form": wrong,
    }
    return render(request, "register/family.html", values, status=400 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(FAMILY)
@at_the_desk
@never_cache
def guardianship(request: HttpRequest, key: UUID, row: int) -> HttpResponse:
    """One guardianship: it ends, custody changes on a day, or something was entered wrongly."""
    person = person_at_desk(request, key, "register_family", GUARDIANS)
    standing = _one(roster.who.history_of(person.uuid).guardians, row)
    now = {"relation": standing.relation, "has_custody": standing.has_custody, "begins": standing.begins}
    form = GuardianshipForm(request.POST or None, initial={**now, "day": clock.today()})
    if form.is_valid() and _changed(request, standing, form):
        messages.success(request, _("The guardianship is entered."))
        return redirect("register.family", person.uuid)
    (line,) = _rows(request, [standing], "guardian")
    values = {"person": person, "one": line, "form": form}
    return render(request, "register/guardianship.html", values, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(FAMILY)
@at_the_desk
@never_cache
def protection(request: HttpRequest, key: UUID, row: int) -> HttpResponse:
    """End the protection of an address."""
    person = person_at_desk(request, key, "register_family", GUARDIANS)
    standing = _one(roster.who.history_of(person.uuid).protections, row)
    form = EndForm(request.POST or None, initial={"day": clock.today()})
    if form.is_valid() and _ended(request, standing, form):
        messages.success(request, _("The protection ends on that day."))
        return redirect("register.family", person.uuid)
    (line,) = _rows(request, [standing], "hidden_from")
    values = {"person": person, "one": line, "form": form}
    return render(request, "register/protection.html", values, status=400 if form.is_bound else 200)


def _sought(request: HttpRequest, person: roster.Person) -> list[roster.Person]:
    """Whom the words of the search name; each is written into the log as found."""
    text = request.GET.get("q", "").strip()[:60]
    query = roster.who.known_as(text, clock.today()).filter(pk__in=seen_by(request, NAMES).values("pk"))
    rows = list(query.exclude(pk=person.pk)[:MOST_FOUND])
    return [one for one in rows if one.pk in opened(request, [each.pk for each in rows], "people_found")]


def _known(request: HttpRequest, guardians: list[Any]) -> list[roster.Person]:
    seen = names_seen(request, [row.guardian_id for row in guardians])
    return list({row.guardian_id: row.guardian for row in guardians if row.guardian_id in seen}.values())


def _rows(request: HttpRequest, rows: list[Any], side: str) -> list[dict[str, Any]]:
    seen = names_seen(request, [getattr(row, f"{side}_id") for row in rows])
    return [
        {
            "row": row,
            "person": getattr(row, side),
            "is_seen": getattr(row, f"{side}_id") in seen,
            "relation": words.relation_name(getattr(row, "relation", "")),
            "is_open": row.closed_by_id is None and row.ends is None,
            "holds": _holds(row, clock.today()),
        }
        for row in rows
    ]


def _holds(row: Any, day: date) -> bool:
    return row.begins <= day and (row.ends is None or row.ends > day)


def _one(rows: list[Any], key: int) -> Any:
    """One of somebody's rows that still goes on."""
    found = next((row for row in rows if row.pk == key and row.closed_by_id is None), None)
    if found is None:
        raise Http404
    return found


def _entered(request: HttpRequest, person: roster.Person, guardian: GuardianForm, hide: HideForm) -> bool:
    """Enter what was sent; False where nothing was, or a form says what is missing."""
    form = next((one for one in (guardian, hide) if one.is_bound), None)
    if form is None or not form.is_valid():
        return False
    said, by = form.cleaned_data, by_name(request)
    other, since, note = UUID(said["other"]), said["since"], said["note"]
    try:
        if form is hide:
            roster.who.protect(person.uuid, other, since=since, by=by, note=note)
            messages.success(request, _("The address is hidden from that day on."))
        else:
            facts = {"relation": said["relation"], "has_custody": said["has_custody"] == "yes"}
            roster.who.begin_guardianship(other, person.uuid, since=since, by=by, note=note, **facts)
            messages.success(request, _("The guardianship is entered."))
    except CannotGuard as fault:
        form.add_error(None, words.refusal(fault.reason))
    return not form.errors


def _changed(request: HttpRequest, row: Any, form: forms.Form) -> bool:
    said, by = form.cleaned_data, by_name(request)
    custody = said["has_custody"] == "yes"
    try:
        if said["kind"] == "ended":
            roster.who.end_guardianship(row, on=said["day"], by=by, note=said["note"])
        elif said["kind"] == "custody":
            roster.who.change_custody(row, custody, since=said["day"], by=by, note=said["note"])
        else:
            facts = {"relation": said["relation"], "has_custody": custody, "begins": said["begins"]}
            roster.who.correct_guardianship(row, by=by, note=said["note"], **facts)
    except CannotGuard as fault:
        form.add_error("day" if fault.reason == "dates" else None, words.refusal(fault.reason))
    return not form.errors


def _ended(request: HttpRequest, row: Any, form: forms.Form) -> bool:
    try:
        roster.who.end_guardianship(
            row, on=form.cleaned_data["day"], by=by_name(request), note=form.cleaned_data["note"]
        )
    except CannotGuard as fault:
        form.add_error("day", words.refusal(fault.reason))
    return not form.errors


routes: list[URLPattern] = [
    path("register/people/<uuid:key>/family/", family, name="register.family"),
    path("register/people/<uuid:key>/family/<int:row>/", guardianship, name="register.guardianship"),
    path("register/people/<uuid:key>/protections/<int:row>/", protection, name="register.protection"),
]
