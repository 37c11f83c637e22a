"""The child's own page: made for the child, seen by the guardian too."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from terakoya.access import api as access
from terakoya.access.api import declares
from terakoya.exchange import api as exchange
from terakoya.pds import overview
from terakoya.pds.learned import latest, learned
from terakoya.pds.models import Membership
from terakoya.pds.policy import OWN_USE, RECORDS
from terakoya.pds.sharing import shared_of
from terakoya.records import api as records

from .connect import AT_WORK
from .doors import membership

LATEST = 8
LOOKED = 4


@declares(OWN_USE)
@login_required
def child(request: HttpRequest, person: UUID) -> HttpResponse:
    known = membership(request, person)
    itself = known.capacity == Membership.Capacity.SELF
    what = "own_page" if itself else "child_page"
    decision = access.open_record(request, RECORDS, "own_use", [person], what)[person]
    summary = records.summary_of(person)
    context = {
        "child": known.child,
        "itself": itself,
        "decision": decision,
        "summary": summary,
        "subjects": learned(person),
        "latest": latest(person, LATEST),
        "sources": [overview.name_of(uri) for uri in summary.holders],
        "lines": access.accesses_of(person)[:LOOKED],
        "shared": [each for each in shared_of(person) if each.living and each.outward],
        "coming": any(each.side == "recipient" and each.state in AT_WORK for each in exchange.transfers_of(person)),
    }
    return render(request, "pds/child.html", context)
