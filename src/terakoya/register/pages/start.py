"""The first page of the desk: how many pupils there are today, and what waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from terakoya.access.api import declares_nothing
from terakoya.kit import clock
from terakoya.register.desk import at_the_desk, of_request
from terakoya.register.tabs import desk_tabs
from terakoya.register.waiting import waiting_at
from terakoya.roster import api as roster


@require_safe
@declares_nothing("how many pupils each school has, and how much waits; nobody is named")
@at_the_desk
def start(request: HttpRequest) -> HttpResponse:
    """Today at the schools of the reader."""
    desk = of_request(request)
    today = clock.today()
    pupils = roster.life.pupils_at_schools(today)
    rows = [(school, pupils.get(school.uuid, 0)) for school in desk.schools]
    values = {
        "desk": desk,
        "today": today,
        "rows": rows,
        "all": sum(number for _school, number in rows),
        "waiting": waiting_at(desk),
        "places": desk_tabs(request, "register.start"),
    }
    return render(request, "register/start.html", values)


routes: list[URLPattern] = [path("register/", start, name="register.start")]
