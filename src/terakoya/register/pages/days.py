"""Days that were written down: freeze one, read it, and see how the roster of that day differs since."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access.api import declares
from terakoya.kit import clock
from terakoya.register.counts import Counts, count_rows
from terakoya.register.desk import USE, at_the_desk, of_request, opened
from terakoya.register.tables import table
from terakoya.register.tabs import desk_tabs
from terakoya.register.words import grade_name, sex_name
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange

life = roster.life
MOST_SHOWN = 200  # names on one page, each of which stands in the log


class FreezeForm(forms.Form):
    """Which day is written down, of which school."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        help_text=gettext_lazy("The basic survey of schools asks for the 1st of May."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)

    def __init__(self, *args: Any, desk: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("all schools"))] if desk.is_board else []
        school: Any = self.fields["school"]
        school.choices = [*every, *((str(one.uuid), one.name) for one in desk.schools)]
        school.required = not desk.is_board


@require_http_methods(["GET", "HEAD", "POST"])
@declares(USE)
@at_the_desk
def days(request: HttpRequest) -> HttpResponse:
    """The days that were written down; write down another."""
    desk = of_request(request)
    form = FreezeForm(
        request.POST if request.method == "POST" else None, desk=desk, initial={"day": survey_day().isoformat()}
    )
    if form.is_valid():
        school = form.cleaned_data["school"]
        try:
            made = life.freeze(form.cleaned_data["day"], UUID(school) if school else None, by=_name(request))
        except CannotChange as refusal:
            form.add_error("day", refusal.sentence)
        else:
            messages.success(request, _("The day was written down."))
            return redirect("register.day", made.pk)
    values = {"form": form, "days": life.snapshots(desk.limits), "places": desk_tabs(request, "register.days")}
    return render(request, "register/days.html", values, status=400 if form.is_bound else 200)


@require_safe
@declares(USE)
@at_the_desk
@never_cache
def day(request: HttpRequest, key: UUID) -> HttpResponse:
    """A day as it was written down, in numbers, and how it differs from what the roster says of it now."""
    kept = _day_of(request, key)
    frozen = life.thawed(kept)
    values = {
        "kept": kept,
        "counts": Counts(frozen.places, frozen.schools, frozen.classes),
        **_differing(request, life.difference(kept, frozen), frozen),
        "places": desk_tabs(request, "register.days"),
    }
    return render(request, "register/day.html", values)


@require_safe
@declares(USE)
@at_the_desk
def day_file(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """The numbers of a day by school, grade, class and sex; nobody is named."""
    kept = _day_of(request, key)
    frozen = life.thawed(kept)
    heads = [_("School"), _("Grade"), pgettext("of a school", "Class"), _("Special needs"), _("Sex"), _("Pupils")]
    rows = [
        [school, grade_name(grade), title, _("yes") if special else "", sex_name(sex), number]
        for school, grade, title, special, sex, number in count_rows(frozen.places, frozen.schools, frozen.classes)
    ]
    return table(f"pupils-{kept.day:%Y%m%d}", kind, heads, rows)


def survey_day() -> date:
    """The latest 1 May that has come (basic survey of schools)."""
    today = clock.today()
    may = date(today.year, 5, 1)
    return may if may <= today else date(today.year - 1, 5, 1)


def _day_of(request: HttpRequest, key: UUID) -> Any:
    kept = life.snapshot_of(key)
    desk = of_request(request)
    if kept is None or not (desk.is_board or (kept.school_id and desk.keeps(kept.school_id))):
        raise Http404
    return kept


def _differing(request: HttpRequest, found: Any, frozen: Any) -> dict[str, Any]:
    """The lines of the difference, as far as the reader may see whom they are about."""
    lines = [
        *((_("is in it now and was not"), None, one) for one in found.come),
        *((_("was in it and is not now"), one, None) for one in found.gone),
        *((_("is written otherwise now"), then, now) for then, now in found.changed),
    ]
    people = [(then or now).person for _words, then, now in lines[:MOST_SHOWN]]
    decisions = opened(request, people, "frozen_day")
    known = roster.people(decisions)
    titles = life.titles_of({now.school_class for _words, _then, now in lines if now and now.school_class})
    shown = [
        (words, known[(then or now).person], _words(then, frozen.classes), _words(now, titles))
        for words, then, now in lines[:MOST_SHOWN]
        if (then or now).person in known
    ]
    return {"lines": shown, "all": len(lines), "decision": next(iter(decisions.values()), None)}


def _words(place: Any, titles: dict[UUID, str]) -> str:
    if place is None:
        return ""
    title = titles.get(place.school_class, "") if place.school_class else _("without a class")
    number = str(place.number) if place.number else ""
    return " ".join(part for part in (title, number, grade_name(place.grade), sex_name(place.sex)) if part)


def _name(request: HttpRequest) -> str:
    return request.user.get_username()[:150]


routes: list[URLPattern] = [
    path("register/days/", days, name="register.days"),
    path("register/days/<uuid:key>/", day, name="register.day"),
    path("register/days/<uuid:key>/pupils.csv", day_file, {"kind": "csv"}, name="register.day_csv"),
    path("register/days/<uuid:key>/pupils.xlsx", day_file, {"kind": "xlsx"}, name="register.day_xlsx"),
]
