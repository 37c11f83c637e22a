"""Find a person: pupils, and for clerks staff too, whom the reader may see today."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from terakoya.access import api as access
from terakoya.kit import clock
from terakoya.roster import api as roster

from .policy import NAMES, RECORDS

A_PAGE, LONGEST = 50, 60
STAFF_OF_THE_CITY = ("school", "establisher")
SEEKS_STAFF = ("administrator",)  # nobody else has a tie to staff
# the matrix lets these see names for guidance, and does not let them at the register
GUIDES = {"ext:nurse", "counselor"}


class SearchForm(forms.Form):
    """What is sought: words that all have to apply."""

    q = forms.CharField(
        label=gettext_lazy("Name, reading, number or class"),
        help_text=gettext_lazy("For example: Yamada, 5-2, or several words such as 5-2 12"),
        max_length=LONGEST,
        error_messages={"max_length": gettext_lazy("Please search with fewer words: at most 60 letters.")},
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True)
class Found:
    """Somebody as the list shows them: where, by which tie, and whether the page of their records opens."""

    person: roster.Person
    school: str
    class_title: str
    number: int | None
    decision: access.Decision
    opens: bool = False


def is_staff(request: HttpRequest) -> bool:
    """Whether somebody of the schools or of the board of education is signed in."""
    return access.actor_of(request).stakeholder in STAFF_OF_THE_CITY


@require_safe
@access.declares(access.Use((NAMES,), "school_administration"))
@login_required
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """How to search; with words a page of those to whom they apply, which is logged for exactly those shown."""
    if not is_staff(request):
        raise Http404
    form = SearchForm(request.GET if request.GET.get("q", "").strip() else None)
    if not form.is_bound:
        return render(request, "portal/people.html", {"form": form})
    if not form.is_valid():
        return render(request, "portal/people.html", {"form": form}, status=400)
    return render(request, "portal/people.html", {"form": form, **_results(request, form.cleaned_data["q"])})


def _results(request: HttpRequest, text: str) -> dict[str, Any]:
    actor = access.actor_of(request)
    purpose = purpose_of(actor)
    both = actor.role in SEEKS_STAFF
    who = "staff" if both and request.GET.get("who") == "staff" else "pupils"
    page = Paginator(_visible(actor, purpose, text, who), A_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    people = [row.person_id for row in rows]
    decisions = access.open_record(request, NAMES, purpose, people, "people_found") if people else {}
    open_ones = _opening(actor, list(decisions))
    return {
        "found": [_found(row, decisions, open_ones) for row in rows if row.person_id in decisions],
        "decision": next(iter(decisions.values()), None),
        "page": page,
        "who": who,
        "pages": _pages(page, text, who),
        "tabs": _tabs(text, who) if both else [],
    }


def purpose_of(actor: access.Actor) -> str:
    """What somebody's work is that lets them look up names: school affairs, or guidance."""
    roles = roster.roles_of(actor.person) if actor.person and actor.stakeholder == "school" else set()
    return "guidance" if roles & GUIDES else "school_administration"


def _visible(actor: access.Actor, purpose: str, text: str, who: str) -> "QuerySet[Any]":
    called = roster.staff_called if who == "staff" else roster.pupils_called
    return called(text, clock.today()).filter(access.visible(actor, NAMES, purpose, "person"))


def _opening(actor: access.Actor, people: list[UUID]) -> set[UUID]:
    """Those whose page of learning records opens to the reader."""
    decisions = access.may_each(actor, RECORDS, "teaching", people)
    return {person for person, decision in decisions.items() if decision.permitted}


def _found(row: Any, decisions: dict[UUID, access.Decision], open_ones: set[UUID]) -> Found:
    """A place in a class, or a role of staff, which has neither class nor number nor a page of records."""
    decision = decisions[row.person_id]
    if not hasattr(row, "school_class"):
        return Found(row.person, row.organisation.name, "", None, decision)
    taught = row.school_class
    return Found(row.person, taught.school.name, taught.title, row.number, decision, row.person_id in open_ones)


def _address(text: str, who: str, page: int = 1) -> str:
    return "?" + urlencode({"q": text, "who": who} | ({"page": page} if page > 1 else {}))


def _pages(page: Page, text: str, who: str) -> dict[str, str]:
    earlier = _address(text, who, page.previous_page_number()) if page.has_previous() else ""
    return {"earlier": earlier, "later": _address(text, who, page.next_page_number()) if page.has_next() else ""}


def _tabs(text: str, who: str) -> list[dict[str, Any]]:
    labels = {"pupils": _("Pupils"), "staff": _("Staff")}
    return [{"href": _address(text, key), "label": label, "current": key == who} for key, label in labels.items()]
