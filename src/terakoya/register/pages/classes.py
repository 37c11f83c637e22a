"""The classes of a school on any day, and the list of each: to read, to print, to take along."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from terakoya.access import api as access
from terakoya.access.api import declares, declares_nothing
from terakoya.register.days import day_of
from terakoya.register.desk import USE, at_the_desk, of_request, opened
from terakoya.register.tables import table
from terakoya.register.tabs import desk_tabs
from terakoya.register.words import grade_name, sex_name
from terakoya.roster import api as roster


@dataclass(frozen=True)
class Listed:
    """A list as the reader may see it; ``hidden`` are those who were in it and are none of theirs any more."""

    lines: list[roster.life.Line]
    teachers: list[roster.Person]
    hidden: int
    decision: access.Decision | None


@require_safe
@declares_nothing("the classes of a school and how many are in each; nobody is named")
@at_the_desk
def classes(request: HttpRequest) -> HttpResponse:
    """The classes of a school on a day."""
    desk, day = of_request(request), day_of(request)
    school = desk.school(request.GET.get("school"))
    rows = roster.life.classes_on(school.uuid, day) if school else []
    values = {
        "desk": desk,
        "school": school,
        "day": day,
        "homerooms": [row for row in rows if row[0].is_homeroom],
        "lessons": [row for row in rows if not row[0].is_homeroom],
        "places": desk_tabs(request, "register.classes"),
    }
    return render(request, "register/classes.html", values)


@require_safe
@declares(USE)
@at_the_desk
@never_cache
def class_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """The list of a class on a day."""
    taught, day = _class_of(request, key), day_of(request)
    listed = _listed(request, taught, day, "class_list")
    values = {
        "taught": taught,
        "day": day,
        "listed": listed,
        "rows": [(line, grade_name(line.grade), sex_name(line.person.sex)) for line in listed.lines],
        "teachers": listed.teachers,
        "places": desk_tabs(request, "register.classes"),
    }
    return render(request, "register/class.html", values)


@require_safe
@declares(USE)
@at_the_desk
@never_cache
def class_file(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """The same list as a table for a spreadsheet."""
    taught, day = _class_of(request, key), day_of(request)
    heads = [_("Number"), _("Name"), _("Reading"), _("Grade"), _("Sex"), _("In the class since")]
    rows = [
        [
            line.number,
            line.person.name,
            line.person.kana,
            grade_name(line.grade),
            sex_name(line.person.sex),
            line.begins.isoformat(),
        ]
        for line in _listed(request, taught, day, "class_file").lines
    ]
    return table(f"class-{day:%Y%m%d}", kind, heads, rows)


def _class_of(request: HttpRequest, key: UUID) -> roster.SchoolClass:
    taught = roster.school_class(key)
    if taught is None or not of_request(request).keeps(taught.school_id):
        raise Http404
    return taught


def _listed(request: HttpRequest, taught: roster.SchoolClass, day: date, what: str) -> Listed:
    lines = roster.life.class_list(taught, day)
    teachers = roster.life.teachers_of([taught], day).get(taught.pk, []) if what == "class_list" else []
    people = [*(line.person.uuid for line in lines), *(one.uuid for one in teachers)]
    decisions = opened(request, people, what)
    shown = [line for line in lines if line.person.uuid in decisions]
    teaching = [one for one in teachers if one.uuid in decisions]
    return Listed(shown, teaching, len(lines) - len(shown), next(iter(decisions.values()), None))


routes: list[URLPattern] = [
    path("register/classes/", classes, name="register.classes"),
    path("register/classes/<uuid:key>/", class_page, name="register.class"),
    path("register/classes/<uuid:key>/list.csv", class_file, {"kind": "csv"}, name="register.class_csv"),
    path("register/classes/<uuid:key>/list.xlsx", class_file, {"kind": "xlsx"}, name="register.class_xlsx"),
]
