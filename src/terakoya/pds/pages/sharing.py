"""What the family agreed to: the list, the receipt, stopping, and what became of the copy."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.access.api import Consent, actor_of, declares
from terakoya.access.errors import UnknownConsent
from terakoya.pds import queries
from terakoya.pds import sharing as shares
from terakoya.pds.models import Membership
from terakoya.pds.policy import RIGHTS

from .doors import membership, signed_in


@require_safe
@declares(RIGHTS)
@login_required
def all_sharing(request: HttpRequest) -> HttpResponse:
    return choose_child(request, "pds.sharing")


@require_safe
@declares(RIGHTS)
@login_required
def sharing(request: HttpRequest, person: UUID) -> HttpResponse:
    """Living and past agreements about a child, each with its state."""
    known = membership(request, person)
    everything = shares.shared_of(person)
    context = {
        "child": known.child,
        "guardian": known.capacity == Membership.Capacity.GUARDIAN,
        "living": [shared for shared in everything if shared.open],
        "past": [shared for shared in everything if not shared.open],
    }
    return render(request, "pds/sharing.html", context)


@require_safe
@declares(RIGHTS)
@login_required
def sharing_state(request: HttpRequest, person: UUID, number: UUID) -> HttpResponse:
    """The state of one agreement as a fragment that asks again while something is on its way."""
    membership(request, person)
    return render(request, "pds/sharing_state.html", {"shared": shares.shared(_consent(person, number))})


@require_safe
@declares(RIGHTS)
@login_required
def receipt(request: HttpRequest, person: UUID, number: UUID) -> HttpResponse:
    """The receipt of an agreement, to keep or print."""
    known = membership(request, person)
    context = {
        "child": known.child,
        "guardian": known.capacity == Membership.Capacity.GUARDIAN,
        "shared": shares.shared(_consent(person, number)),
        "can": access.choices(_consent(person, number), actor_of(request)),
    }
    return render(request, "pds/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(RIGHTS)
@login_required
def stop(request: HttpRequest, person: UUID, number: UUID) -> HttpResponse:
    """Ask once more, then withdraw. A child too young to stop it says instead that it does not want it."""
    child = membership(request, person).child
    consent = _consent(person, number)
    if not access.may_withdraw(consent, actor_of(request)):
        return redirect("access.answer", uuid=number)
    if request.method == "POST":
        access.stop(consent.uuid, by=actor_of(request), reason="family")
        return redirect("pds.deletion", person=person, number=number)
    return render(request, "pds/stop.html", {"child": child, "shared": shares.shared(consent)})


@require_safe
@declares(RIGHTS)
@login_required
def deletion(request: HttpRequest, person: UUID, number: UUID) -> HttpResponse:
    """What became of the recipient's copy: not confirmed yet, or deleted, with its receipt."""
    child = membership(request, person).child
    shared = shares.shared(_consent(person, number))
    if shared.open:
        return redirect("pds.sharing", person=person)
    proof = shares.proof_of(shared.deletion) if shared.confirmed else None
    response = render(request, "pds/deletion.html", {"child": child, "shared": shared, "proof": proof})
    if shared.waiting:
        response.headers["Refresh"] = "10"  # for readers without scripts
    return response


def choose_child(request: HttpRequest, route: str) -> HttpResponse:
    """Straight on where there is one child, else which one."""
    children = queries.children_of(signed_in(request))
    if len(children) == 1:
        return redirect(route, person=children[0].person)
    return render(request, "pds/choose_child.html", {"children": children, "route": route})


def _consent(person: UUID, number: UUID) -> Consent:
    """The agreement of this number about this child; another child's does not exist here."""
    try:
        consent = access.consent(number)
    except UnknownConsent as fault:
        raise Http404 from fault
    if consent.subject != person:
        raise Http404
    return consent
