"""The pages of a cram school's teacher."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.curriculum import api as curriculum
from terakoya.exchange import api as exchange
from terakoya.kit.paper_codes import grouped
from terakoya.roster import api as roster

from . import queries
from .actions import invite
from .forms import InvitationForm
from .models import Invitation
from .policy import NAMES, PURPOSE, SHARED, USES_NAMES, USES_SHARED


@require_safe
@access.declares(USES_NAMES)
def home(request: HttpRequest) -> HttpResponse:
    """What this place is; for a teacher, the own pupils and what their families share."""
    if not queries.is_teacher(request):
        return render(request, "juku/welcome.html")
    classes = queries.classes_with_pupils(access.actor_of(request).person)
    pupils = {line.pupil.person for _klass, lines in classes for line in lines}
    decision = None
    if pupils:
        decisions = access.open_record(request, NAMES, PURPOSE, pupils, "class_overview")
        classes = [(klass, [line for line in lines if line.pupil.person in decisions]) for klass, lines in classes]
        decision = next(iter(decisions.values()))
    shared = {line.pupil.person for _klass, lines in classes for line in lines if line.standing.state == "shared"}
    return render(request, "juku/home.html", {"classes": classes, "decision": decision, "shared": len(shared)})


@require_safe
@login_required
@access.declares(USES_SHARED)
def pupil(request: HttpRequest, person: UUID) -> HttpResponse:
    """One pupil: exactly what the family shares now, or that it shares nothing, or that it has stopped."""
    found, decision = _own_pupil(request, person)
    standings = queries.standings_of(person)
    living = [one for one in standings if one.state in ("shared", "used") and one.consent]
    if living:
        decision = access.open_record(request, SHARED, PURPOSE, [person], "shared_records")[person]
    context = {
        "pupil": found,
        "decision": decision,
        "shares": [queries.share(one) for one in living],
        "past": [queries.past(one) for one in standings if one.state in ("stopped", "ended")],
        "waiting": next((one for one in standings if one.state == "waiting"), None),
        "has_expired": any(one.state == "expired" for one in standings),
    }
    return render(request, "juku/pupil.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@access.declares(USES_NAMES)
def invitation_form(request: HttpRequest, person: UUID) -> HttpResponse:
    """Make an invitation for the family of a pupil."""
    found, decision = _own_pupil(request, person)
    form = InvitationForm(found.grade, request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = invite(person, **form.wish(), by=access.actor_of(request).person)
        return redirect("juku.slip", invitation=made.uuid)
    return render(request, "juku/invite.html", {"pupil": found, "decision": decision, "form": form})


@require_safe
@login_required
@access.declares(USES_NAMES)
def slip(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """The invitation on paper, for the family. Without its code once it was used or has expired."""
    row = get_object_or_404(Invitation, uuid=invitation)
    found, _decision = _own_pupil(request, row.pupil)
    context = {
        "pupil": found,
        "invitation": row,
        "standing": queries.standing(row),
        "code": grouped(row.code),
        "subjects": [curriculum.subject_name(subject) for subject in row.subjects],
        "stores": exchange.partners(kind="pds"),
    }
    return render(request, "juku/slip.html", context)


def _own_pupil(request: HttpRequest, person: UUID) -> tuple[roster.Person, access.Decision]:
    """The pupil, if this teacher may see the name today; the look is recorded. Raises ``NotPermitted`` or 404."""
    decision = access.open_record(request, NAMES, PURPOSE, [person], "child_page")[person]
    found = roster.person(person)
    if found is None:
        raise Http404
    return found, decision


routes: list[URLPattern] = [
    path("pupils/<uuid:person>/", pupil, name="juku.pupil"),
    path("pupils/<uuid:person>/invite/", invitation_form, name="juku.invite"),
    path("invitations/<uuid:invitation>/", slip, name="juku.slip"),
]
