"""Who holds what: organisation by organisation, until when, and on which ground."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from terakoya.access import api as access
from terakoya.access.api import declares
from terakoya.rights import family
from terakoya.rights.holders import holders
from terakoya.rights.policy import OWN


# Kinds of data and organisations stand here, no record: it is the map of one's data, and leaves no entry.
@require_safe
@login_required
@declares(OWN)
def page(request: HttpRequest, person: UUID) -> HttpResponse:
    """The page for the learner and the guardians; to everybody else there is none."""
    actor = access.actor_of(request)
    subject = next((one for one in family.spoken_for(actor) if one.person == person), None)
    if subject is None:
        raise Http404
    values = {"subject": subject, "holders": holders(actor, person), "own": actor.person == person}
    return render(request, "rights/holders.html", values)
