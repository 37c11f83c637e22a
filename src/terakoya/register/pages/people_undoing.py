"""A single change about somebody is taken back, by whoever keeps their register."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from terakoya.access.api import Use, declares
from terakoya.register.desk import NAMES, OFFICIAL, PURPOSE, at_the_desk
from terakoya.register.models import RelocationEvent
from terakoya.register.people_desk import by_name, person_at_desk
from terakoya.register.words import table_name
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange, CannotUndo


@require_http_methods(["GET", "HEAD", "POST"])
@declares(Use((NAMES, OFFICIAL), PURPOSE))
@at_the_desk
@never_cache
def person_change(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """One change about somebody: what it touched, and taking it back."""
    person = person_at_desk(request, key, "register_person")
    change = next((one for one, _tables in taken_back_here(person.uuid) if one.pk == number), None)
    if change is None:
        raise Http404
    error = _taken_back(request, change) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        messages.success(request, _("The change was taken back; what it touched is as before."))
        return redirect("register.person", person.uuid)
    touched = [(table_name(one.table), one.made + one.changed + one.gone) for one in roster.life.touched(change)]
    values = {"person": person, "change": change, "touched": touched, "error": error}
    return render(request, "register/person_change.html", values, status=400 if error else 200)


def taken_back_here(person: UUID) -> list[tuple[roster.Change, list[str]]]:
    """The changes about somebody that are taken back here, each with what it touched in words.

    Those of a move between municipalities are taken back there.
    """
    arrived = RelocationEvent.objects.filter(relocation__person__in=roster.also_known_as(person), kind="accepted")
    elsewhere = {number for numbers in arrived.values_list("changes", flat=True) for number in numbers}
    found = [one for one in roster.who.changes_about(person) if one[0].pk not in elsewhere]
    return [(change, [table_name(table) for table in tables]) for change, tables in found]


def _taken_back(request: HttpRequest, change: roster.Change) -> str:
    """Take it back; the sentence that says why not, or nothing."""
    try:
        roster.life.take_back(change, by=by_name(request))
    except CannotChange as refusal:
        return refusal.sentence
    except CannotUndo as refusal:
        words = _("A later change rests on it (%(kind)s, by %(by)s). Take that back first.")
        return words % {"kind": refusal.by.get_kind_display(), "by": refusal.by.by}
    return ""


routes: list[URLPattern] = [
    path("register/people/<uuid:key>/changes/<int:number>/", person_change, name="register.person_change")
]
