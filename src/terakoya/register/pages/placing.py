"""A class of a planned year and a pupil in it, changed by hand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from terakoya.access.api import declares
from terakoya.register.desk import USE, at_the_desk, of_request, opened
from terakoya.register.plans import placement_of, room_of, seen
from terakoya.register.years_forms import ClassForm, PlacementForm
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange

life = roster.life


@require_http_methods(["GET", "HEAD", "POST"])
@declares(USE)
@at_the_desk
@never_cache
def planned_class(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Who will be in a class, its title and its teachers."""
    room = room_of(request, key, number)
    staff = _staff(request, room)
    form = ClassForm(
        request.POST if request.method == "POST" else None,
        staff=staff,
        initial={"title": room.title, "teachers": room.teachers},
    )
    if form.is_valid():
        try:
            teachers = [UUID(one) for one in form.cleaned_data["teachers"]]
            life.change_class(room, title=form.cleaned_data["title"], teachers=teachers)
            messages.success(request, _("The class was changed."))
            return redirect("register.year_class", key, number)
        except CannotChange as refusal:
            form.add_error("title", refusal.sentence)
    every = list((room.homeroom or room).placements.select_related("pupil", "old_class").order_by("number", "pk"))
    shown, decision = seen(request, every)
    values = {
        "room": room,
        "rows": shown,
        "hidden": len(every) - len(shown),
        "decision": decision,
        "form": form,
        "open": life.is_open(room.rollover),
        "others": _others(room),
    }
    return render(request, "register/year_class.html", values, status=400 if form.is_bound else 200)


@require_POST
@declares(USE)
@at_the_desk
def class_step(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Put the chosen pupils into another class, number the class anew, or take it out of the plan."""
    room = room_of(request, key, number)
    step = request.POST.get("step", "")
    try:
        if step == "move":
            moved = _move(room, request)
            messages.success(request, _("%(number)s pupils were put into the other class.") % {"number": moved})
        elif step == "drop":
            life.drop_class(room)
            return redirect("register.year", key)
        else:
            life.renumber(room, "number" if step == "number" else "kana")
            messages.success(request, _("The class has new numbers."))
    except CannotChange as refusal:
        messages.error(request, refusal.sentence)
    return redirect("register.year_class", key, number)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(USE)
@at_the_desk
@never_cache
def placement(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """What becomes of one pupil."""
    one = placement_of(request, key, number)
    decision = opened(request, [one.pupil_id], "year_plan").get(one.pupil_id)
    rooms = _rooms_for(one, of_request(request).is_board)
    form = PlacementForm(request.POST if request.method == "POST" else None, placement=one, rooms=rooms)
    if form.is_valid():
        said = form.cleaned_data
        room = next((room for room in rooms if str(room.pk) == said["planned"]), None)
        following = UUID(said["next_school"]) if said["next_school"] else None
        try:
            life.place(one, said["outcome"], planned=room, number=said["number"], next_school=following)
            messages.success(request, _("It is planned so."))
            return redirect("register.year", key)
        except CannotChange as refusal:
            form.add_error("planned", refusal.sentence)
    values = {"one": one, "form": form, "decision": decision, "open": life.is_open(one.rollover)}
    return render(request, "register/year_pupil.html", values, status=400 if form.is_bound else 200)


def _move(room: Any, request: HttpRequest) -> int:
    target = next((one for one in _others(room) if str(one.pk) == request.POST.get("to")), None)
    if target is None:
        raise CannotChange(_("Choose the class the pupils are to be put into."))
    chosen = [int(key) for key in request.POST.getlist("pupil") if key.isdigit()]
    rows = list(room.placements.select_related("rollover").filter(pk__in=chosen))
    with transaction.atomic():
        for one in rows:
            life.place(one, one.outcome, planned=target, next_school=one.next_school_id)
    return len(rows)


def _others(room: Any) -> list[Any]:
    """The classes of the school for a grade that this one is for too."""
    rows = room.rollover.classes.filter(school=room.school_id, homeroom=None).exclude(pk=room.pk).order_by("title")
    return [one for one in rows if set(one.grade_codes) & set(room.grade_codes)]


def _rooms_for(one: Any, is_board: bool) -> list[Any]:
    rows = one.rollover.classes.filter(homeroom=None).select_related("school").order_by("school__name", "title")
    schools = {one.school_id, one.next_school_id}
    return [room for room in rows if is_board or room.school_id in schools]


def _staff(request: HttpRequest, room: Any) -> list[roster.Person]:
    people = life.teaching_staff(room.school_id, room.rollover.begins)
    decisions = opened(request, [one.uuid for one in people], "year_plan")
    return [one for one in people if one.uuid in decisions]


routes: list[URLPattern] = [
    path("register/years/<uuid:key>/classes/<int:number>/", planned_class, name="register.year_class"),
    path("register/years/<uuid:key>/classes/<int:number>/step/", class_step, name="register.year_class_step"),
    path("register/years/<uuid:key>/pupils/<int:number>/", placement, name="register.year_pupil"),
]
