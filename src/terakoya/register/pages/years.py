"""The new school year: plan it, place everybody, begin it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terakoya.access.api import declares, declares_nothing
from terakoya.kit import clock
from terakoya.register.desk import USE, at_the_desk, of_request
from terakoya.register.plan_tables import UnreadableTable, heads, lines, rows
from terakoya.register.plans import is_whole, plan_of, seen, whole_plan_of
from terakoya.register.tables import table
from terakoya.register.tabs import desk_tabs
from terakoya.register.words import grade_name
from terakoya.register.years_forms import DraftForm, NewClassForm, TableForm
from terakoya.register.years_words import outcome_name, state_name, state_tone
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange, CannotUndo

life = roster.life
MOST_SCHOOLS = 20  # whose classes stand on one page; beyond, a school is chosen first
MOST_SHOWN = 200  # names on one page, each of which stands in the log


@require_safe
@declares_nothing("which school years are planned and how they stand; nobody is named")
@at_the_desk
def years(request: HttpRequest) -> HttpResponse:
    """The planned years of the reader's schools."""
    desk = of_request(request)
    plans = [(one, *_state(one), life.overview(one, desk.limits)) for one in life.rollovers(desk.limits)]
    values = {"plans": plans, "coming": life.coming_year(), "places": desk_tabs(request, "register.years")}
    return render(request, "register/years.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(USE)
@at_the_desk
def new_year(request: HttpRequest) -> HttpResponse:
    """Say how the coming year is to be planned."""
    desk, year = of_request(request), life.coming_year()
    form = DraftForm(request.POST if request.method == "POST" else None, own=desk.schools, year=year)
    if form.is_valid():
        chosen = [UUID(key) for key in form.cleaned_data["schools"]]
        try:
            plan = life.draft(year, chosen, by=_name(request), wishes=form.wishes())
        except CannotChange as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("register.year", plan.pk)
    values = {"form": form, "year": year, "steps": _steps(), "places": desk_tabs(request, "register.years")}
    return render(request, "register/year_new.html", values, status=400 if form.is_bound else 200)


@require_safe
@declares(USE)
@at_the_desk
@never_cache
def year(request: HttpRequest, key: UUID) -> HttpResponse:
    """How a planned year stands: the numbers, who is not placed, the classes, what comes next."""
    return _year_page(request, plan_of(request, key))


@require_safe
@declares(USE)
@at_the_desk
@never_cache
def year_file(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """Every pupil with outcome, class and number, to be filled in and sent back."""
    plan = plan_of(request, key)
    shown, _decision = seen(request, life.placements_of(plan, of_request(request).limits))
    return table(f"year-{plan.school_year}", kind, heads(), rows(shown, grade_name))


@require_POST
@declares(USE)
@at_the_desk
def year_table(request: HttpRequest, key: UUID) -> HttpResponse:
    """Read the filled-in table back: all of it, or what is wrong in it."""
    plan = plan_of(request, key)
    form = TableForm(request.POST, request.FILES)
    faults: list[Any] = []
    if form.is_valid():
        try:
            faults = life.recut(plan, lines(form.cleaned_data["table"]), of_request(request).limits)
        except (UnreadableTable, CannotChange) as refusal:
            form.add_error("table", refusal.sentence)
        else:
            if not faults:
                messages.success(request, _("The plan is as the table says."))
                return redirect("register.year", key)
    return _year_page(request, plan, table_form=form, faults=faults, status=422)


@require_POST
@declares(USE)
@at_the_desk
def add_class(request: HttpRequest, key: UUID) -> HttpResponse:
    """Plan one more class."""
    plan = plan_of(request, key)
    form = _class_form(request, plan, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            life.add_class(
                plan, UUID(said["school"]), said["title"], said["grades"], special_needs=said["special_needs"]
            )
            return redirect("register.year", key)
        except CannotChange as refusal:
            form.add_error("title", refusal.sentence)
    return _year_page(request, plan, class_form=form, status=400)


@require_POST
@declares_nothing("a plan is brought up to date, begun, taken back or put away; nobody is shown")
@at_the_desk
def year_step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Bring the plan up to date, begin it, take it back, or put it away."""
    plan, by = whole_plan_of(request, key), _name(request)
    try:
        if step == "follow":
            life.follow(plan, by=by)
            messages.success(request, _("The plan is up to date with the roster."))
        elif step == "begin":
            life.begin(plan, by=by, confirm_not_placed="confirm_not_placed" in request.POST)
            messages.success(request, _("The school year stands in the roster from its first day on."))
        elif step == "take-back":
            life.take_back_year(plan, by=by)
            messages.success(request, _("The roster is as before. The plan is open again."))
        else:
            life.put_away(plan, by=by)
            messages.info(request, _("The plan was put away; nothing has changed."))
            return redirect("register.years")
    except CannotChange as refusal:
        messages.error(request, refusal.sentence)
    except CannotUndo as refusal:
        messages.error(request, _("Something later rests on it: %(what)s.") % {"what": refusal.by.get_kind_display()})
    return redirect("register.year", key)


def _year_page(
    request: HttpRequest,
    plan: Any,
    *,
    class_form: NewClassForm | None = None,
    table_form: TableForm | None = None,
    faults: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    desk = of_request(request)
    own = [one for one in desk.schools if str(one.pk) in plan.schools]
    school = next((one for one in own if str(one.pk) == request.GET.get("school")), None)
    limits = {school.pk} if school else desk.limits
    numbers = life.overview(plan, limits)
    waiting, decision = seen(request, life.not_placed(plan, limits)[:MOST_SHOWN])
    state, words, tone = plan_state = (life.state_of_year(plan), *_state(plan))
    values = {
        "plan": plan,
        "state": plan_state,
        "open": life.is_open(plan),
        "words": words,
        "tone": tone,
        "whole": is_whole(desk, plan),
        "numbers": numbers,
        "outcomes": [(outcome_name(name), number) for name, number in numbers.outcomes.items()],
        "not_placed": waiting,
        "decision": decision,
        "drift": life.drift(plan) if life.is_open(plan) else None,
        "schools": own,
        "school": school,
        "rooms": life.planned_classes(plan, limits) if school or len(own) <= MOST_SCHOOLS else [],
        "class_form": class_form or _class_form(request, plan, None),
        "table_form": table_form or TableForm(),
        "faults": faults or [],
        "may_take_back": state == "begun" and clock.today() < plan.begins,
        "steps": _steps(),
        "current": 3 if state == "begun" else 2,
        "places": desk_tabs(request, "register.years"),
    }
    return render(request, "register/year.html", values, status=status)


def _class_form(request: HttpRequest, plan: Any, data: Any) -> NewClassForm:
    own = [one for one in of_request(request).schools if str(one.pk) in plan.schools]
    return NewClassForm(data, schools=own, grades=life.GRADES)


def _state(plan: Any) -> tuple[str, str]:
    state = life.state_of_year(plan)
    return state_name(state), state_tone(state)


def _steps() -> list[str]:
    return [_("Plan"), _("Place everybody"), _("Begin")]


def _name(request: HttpRequest) -> str:
    return request.user.get_username()[:150]


routes: list[URLPattern] = [
    path("register/years/", years, name="register.years"),
    path("register/years/new/", new_year, name="register.year_new"),
    path("register/years/<uuid:key>/", year, name="register.year"),
    path("register/years/<uuid:key>/pupils.csv", year_file, {"kind": "csv"}, name="register.year_csv"),
    path("register/years/<uuid:key>/pupils.xlsx", year_file, {"kind": "xlsx"}, name="register.year_xlsx"),
    path("register/years/<uuid:key>/table/", year_table, name="register.year_table"),
    path("register/years/<uuid:key>/classes/", add_class, name="register.year_add_class"),
    *(
        path(f"register/years/<uuid:key>/{step}/", year_step, {"step": step}, name=f"register.year_{name}")
        for step, name in (
            ("follow", "follow"),
            ("begin", "begin"),
            ("take-back", "take_back"),
            ("put-away", "put_away"),
        )
    ),
]
