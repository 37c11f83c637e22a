"""One person of the register: names, identifiers, periods, owners of fields, and what changed them."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access.api import Use, declares
from terakoya.kit import clock
from terakoya.register import people_words as words
from terakoya.register.days import day_of
from terakoya.register.desk import NAMES, OFFICIAL, PURPOSE, at_the_desk, of_request, opened
from terakoya.register.models import Relocation
from terakoya.register.people_desk import GUARDIANS, by_name, names_seen, person_at_desk
from terakoya.register.relocation import seen
from terakoya.register.relocation.words import state_words
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotRename

from .people_serving import SERVING
from .people_undoing import taken_back_here

SHOWN = ("grade", "birth_date", "sex", "identifier", "username", "sourced_id")
OWNED = ("official_family", "display_family", "kana_family", "birth_date", "address", "username")
PARTS = (("official_family", "official_given"), ("display_family", "display_given"), ("kana_family", "kana_given"))
PERSON = Use((NAMES, OFFICIAL, GUARDIANS), PURPOSE)


class NameForm(forms.Form):
    """The names of somebody, and since when; a mistake is corrected without a day."""

    official_family = forms.CharField(label=gettext_lazy("Official family name"), max_length=150, required=False)
    official_given = forms.CharField(label=gettext_lazy("Official given name"), max_length=150, required=False)
    display_family = forms.CharField(label=gettext_lazy("Displayed family name"), max_length=150, required=False)
    display_given = forms.CharField(label=gettext_lazy("Displayed given name"), max_length=150, required=False)
    kana_family = forms.CharField(label=gettext_lazy("Reading of the family name"), max_length=150, required=False)
    kana_given = forms.CharField(label=gettext_lazy("Reading of the given name"), max_length=150, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What has happened?"),
        choices=(
            ("changed", gettext_lazy("The name has changed: the old one is kept with its last day")),
            ("wrong", gettext_lazy("It was entered wrongly and never was the name")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the name has changed or was entered wrongly.")},
    )
    since = forms.DateField(
        label=gettext_lazy("Since when the new name holds"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Choose a day, such as 2026-05-01.")},
    )
    note = forms.CharField(
        label=gettext_lazy("On what ground"),
        help_text=gettext_lazy("For example: notice of the resident registry"),
        max_length=200,
        required=False,
    )


@require_safe
@declares(PERSON)
@at_the_desk
@never_cache
def person(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the register says of a person, as of a day."""
    found, day = person_at_desk(request, key, "register_person"), day_of(request)
    if found.uuid != key:
        return redirect("register.person", found.uuid)
    family = opened(request, [key], "register_guardians", GUARDIANS)
    history = roster.who.history_of(key)
    values = {
        "person": found,
        "day": day,
        "is_past": day != clock.today(),
        "named": roster.who.name_on(found, day),
        "place": roster.who.places_on([key], day).get(key, ""),
        "facts": [(words.field_name(name), words.value_of(name, getattr(found, name))) for name in SHOWN],
        "history": history,
        "periods": _periods(history, day, of_request(request).keeps),
        "guardians": _family(request, history.guardians, "guardian", day) if family else [],
        "children": _family(request, history.children, "child", day) if family else [],
        "owners": _owners(found),
        "changes": [(one, _before(one)) for one in roster.who.changes_of(found)],
        "proposals": [(one, words.field_name(one.field)) for one in roster.who.proposals_about(key)],
        "needed": roster.who.needed(found),
        "ways": _ways(request, found, history, bool(family)),
        "taken_back": taken_back_here(key),
        "moves": [(one, state_words(one)) for one in _moves(request, key)],
    }
    return render(request, "register/person.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(PERSON)
@at_the_desk
@never_cache
def name(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change or correct the names of a person."""
    found = person_at_desk(request, key, "register_name")
    now = {field: getattr(found, field) for part in PARTS for field in part}
    form = NameForm(request.POST if request.method == "POST" else None, initial=now | {"since": clock.today()})
    if form.is_valid() and _renamed(request, found, form):
        messages.success(request, _("The name is entered."))
        return redirect("register.person", found.uuid)
    values = {"person": found, "form": form}
    return render(request, "register/person_name.html", values, status=400 if form.is_bound else 200)


def _renamed(request: HttpRequest, found: roster.Person, form: NameForm) -> bool:
    said = form.cleaned_data
    names = {field: said[field].strip() for part in PARTS for field in part}
    try:
        if said["kind"] == "wrong":
            roster.who.correct_names(found, names, by=by_name(request), note=said["note"])
        else:
            since = said["since"] or clock.today()
            roster.who.rename(found, names, since=since, by=by_name(request), note=said["note"])
    except CannotRename as fault:
        form.add_error("since" if fault.reason in ("future", "before") else None, words.refusal(fault.reason))
        return False
    return True


def _periods(history: roster.who.History, day: date, keeps: Callable[[UUID], bool]) -> list[dict[str, Any]]:
    """Classes and roles as one line of time, the latest first."""
    rows: list[tuple[Any, str, str]] = [
        (row, f"{row.school_class.school.name} {row.school_class.title}", row.role) for row in history.enrolments
    ]
    rows += [(row, row.organisation.name, row.name) for row in history.roles]
    rows.sort(key=lambda one: (one[0].begins, one[0].pk), reverse=True)
    return [
        {
            "row": row,
            "what": what,
            "as_what": words.role_name(role),
            "holds": _holds(row, day),
            "route": _correction(row, keeps),
        }
        for row, what, role in rows
    ]


def _moves(request: HttpRequest, key: UUID) -> list[Relocation]:
    """The moves of somebody between municipalities that the desk sees, the latest first."""
    return list(seen.moves_of(of_request(request)).filter(person__in=roster.also_known_as(key)))


def _correction(row: Any, keeps: Callable[[UUID], bool]) -> str:
    """Where the days of a period are corrected; nowhere for what is closed, or at a school of another desk."""
    is_role = hasattr(row, "organisation_id")
    school = row.organisation_id if is_role else row.school_class.school_id
    if row.closed_by_id is not None or not keeps(school):
        return ""
    return "register.role_period" if is_role else "register.class_period"


def _ways(
    request: HttpRequest, found: roster.Person, history: roster.who.History, sees_family: bool
) -> list[tuple[str, str, str]]:
    """What can be done about somebody: words, address and picture."""
    roles = {row.name for row in history.roles}
    ways = [(_("Change the name"), "register.person_name", "document")]
    if sees_family:
        ways.append((_("Guardians and protection of the address"), "register.family", "people"))
    if "student" in roles:
        here = roster.life.standing_of(found.uuid, clock.today()).now
        ways.append((_("Move or leave") if here else _("Come back"), "register.move", "arrow"))
        if here:
            ways.append((_("To another municipality"), "register.relocation_leave", "sign-out"))
    if roles & set(SERVING):
        ways.append((_("Schools where somebody serves"), "register.serving", "school"))
    return [(label, reverse(route, args=[found.uuid]), picture) for label, route, picture in ways]


def _family(request: HttpRequest, rows: list[Any], side: str, day: date) -> list[dict[str, Any]]:
    seen = names_seen(request, [getattr(row, f"{side}_id") for row in rows])
    return [
        {
            "row": row,
            "person": getattr(row, side),
            "is_seen": getattr(row, f"{side}_id") in seen,
            "relation": words.relation_name(row.relation),
            "holds": _holds(row, day),
        }
        for row in rows
    ]


def _holds(row: Any, day: date) -> bool:
    return row.begins <= day and (row.ends is None or row.ends > day)


def _owners(found: roster.Person) -> list[tuple[str, list[str]]]:
    """Each system that owns something of the person, with the fields."""
    kind, known = roster.who.kind_of(found), roster.who.owners()
    fields: dict[str, list[str]] = {}
    for field in OWNED:
        fields.setdefault(known.owner(kind, field), []).append(words.field_name(field))
    return [(words.system_name(system), names) for system, names in fields.items()]


def _before(touched: roster.who.Touched) -> list[tuple[str, str]]:
    return [(words.field_name(field), words.value_of(field, value)) for field, value in touched.before.items()]


routes: list[URLPattern] = [
    path("register/people/<uuid:key>/", person, name="register.person"),
    path("register/people/<uuid:key>/name/", name, name="register.person_name"),
]
