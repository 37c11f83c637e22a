"""The child's own page: made for the child, seen by the guardian too."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from terakoya.access import api as access
from terakoya.access.api import declares
from terakoya.exchange import api as exchange
from terakoya.pds import looked, overview
from terakoya.pds.learned import count, latest, learned
from terakoya.pds.models import Membership
from terakoya.pds.policy import OWN_USE, RECORDS, RIGHTS
from terakoya.pds.sharing import shared_of
from terakoya.records import api as records

from .connect import AT_WORK
from .doors import membership

LATEST = 8
LOOKED = 4


@require_safe
@declares(OWN_USE)
@login_required
def child(request: HttpRequest, person: UUID) -> HttpResponse:
    known = membership(request, person)
    itself = known.capacity == Membership.Capacity.SELF
    what = "own_page" if itself else "child_page"
    decision = access.open_record(request, RECORDS, "own_use", [person], what)[person]
    summary = records.summary_of(person)
    subjects, shared = learned(person), shared_of(person)
    context = {
        "child": known.child,
        "itself": itself,
        "decision": decision,
        "summary": summary,
        "subjects": subjects,
        "well": count(subjects, "well"),
        "nearly": count(subjects, "nearly"),
        "latest": latest(person, LATEST),
        "sources": [overview.name_of(uri) for uri in summary.holders],
        "lines": looked.by_people(access.accesses_of(person), LOOKED),
        "shared": [each for each in shared if each.living and each.outward],
        "asked": access.asked_of(access.actor_of(request), [person]),
        "people": {person: known.child},
        "coming": any(each.side == "recipient" and each.state in AT_WORK for each in exchange.transfers_of(person)),
    }
    return render(request, "pds/child.html", context)


@require_safe
@declares(RIGHTS)
@login_required
def newest(request: HttpRequest, person: UUID) -> HttpResponse:
    """Who looked last, at every node; a fragment, as a partner that is away must not hold up the page."""
    known = membership(request, person)
    lines = looked.by_people(looked.looked_at(person).lines, LOOKED)
    return render(request, "pds/newest.html", {"child": known.child, "lines": lines, "merged": True})
