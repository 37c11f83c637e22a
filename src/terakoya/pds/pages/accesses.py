"""Who looked: this store's own log and the answers of the nodes that hold or hold copies of the child's records."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from terakoya.access.api import declares
from terakoya.pds import looked
from terakoya.pds.models import Membership
from terakoya.pds.policy import RIGHTS

from .doors import membership
from .sharing import choose_child

LINES_A_PAGE = 50


@require_safe
@declares(RIGHTS)
@login_required
def all_accesses(request: HttpRequest) -> HttpResponse:
    return choose_child(request, "pds.accesses")


# Reading one's own log is a right (APPI arts. 33 and 76); to log it would fill the list with itself.
@require_safe
@declares(RIGHTS)
@login_required
def accesses(request: HttpRequest, person: UUID) -> HttpResponse:
    known = membership(request, person)
    merged = looked.looked_at(person)
    chosen = request.GET.get("from", "")
    lines = [line for line in merged.lines if not chosen or line.organisation == chosen]
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "child": known.child,
        "own": known.capacity == Membership.Capacity.SELF,
        "lines": page.object_list,
        "newer": _address(chosen, page.previous_page_number()) if page.has_previous() else "",
        "older": _address(chosen, page.next_page_number()) if page.has_next() else "",
        "organisations": merged.organisations,
        "chosen": chosen,
        "partners": merged.partners,
    }
    return render(request, "pds/accesses.html", context)


def _address(organisation: str, page: int) -> str:
    """Another page of the list, narrowed as this one is."""
    return "?" + urlencode({"from": organisation, "page": page} if organisation else {"page": page})
