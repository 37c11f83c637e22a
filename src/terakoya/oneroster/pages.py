"""The administrators' pages of the systems: who is let in, what each may do, when it last came; let in, shut out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.audit import api as audit
from terakoya.identity.api import for_administrators
from terakoya.kit.declaration import nothing
from terakoya.roster import api as roster

from . import systems
from .forms import SystemForm
from .models import System
from .pulling.pages import routes as pulling
from .scopes import SCOPES

ABOUT_PROGRAMS = "shows which programs are let in, and nobody's data"


@require_safe
@for_administrators
@nothing(ABOUT_PROGRAMS)
def every(request: HttpRequest) -> HttpResponse:
    """All systems."""
    known = systems.systems()
    living = [one for one in known if one.revoked_at is None]
    return render(request, "oneroster/systems.html", {"living": living, "gone": known[len(living) :]})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@nothing(ABOUT_PROGRAMS)
def new(request: HttpRequest) -> HttpResponse:
    """Let a system in; its secret is shown on the answer and never again."""
    form = SystemForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "oneroster/system_new.html", {"form": form}, status=400 if form.errors else 200)
    given = {**form.cleaned_data, "schools": [UUID(key) for key in form.cleaned_data["schools"]]}
    system, secret = systems.register(given.pop("name"), **given, by=_name(request))
    return _secret(request, system, secret)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@nothing(ABOUT_PROGRAMS)
def one(request: HttpRequest, client_id: str) -> HttpResponse:
    """One system; a new secret for it, or the end of it."""
    system = System.objects.filter(pk=client_id).first()
    if system is None:
        raise Http404
    step = request.POST.get("step") if request.method == "POST" else None
    if step == "renew" and (secret := systems.renew_secret(client_id, by=_name(request))):
        return _secret(request, system, secret)
    if step == "revoke" and systems.revoke(client_id, by=_name(request)):
        messages.success(request, _("Shut out. Its secret and its tokens open nothing any more."))
    if step:
        return HttpResponseRedirect(reverse("oneroster.system", args=[client_id]))
    return render(request, "oneroster/system.html", _words(system))


def _secret(request: HttpRequest, system: System, secret: str) -> HttpResponse:
    address = request.build_absolute_uri("/ims/oneroster/")
    answer = render(request, "oneroster/system_secret.html", {"system": system, "secret": secret, "address": address})
    answer["Cache-Control"] = "no-store"
    return answer


def _name(request: HttpRequest) -> str:
    return request.user.get_username()


def _words(system: System) -> dict[str, Any]:
    names = {str(school.uuid): school.name for school in roster.organisations()}
    return {
        "system": system,
        "stakeholder": access.stakeholder_name(system.stakeholder),
        "purpose": access.purpose_name(system.purpose),
        "scopes": [SCOPES[scope] for scope in system.scopes],
        "schools": [names.get(key, key) for key in system.schools],
        "lines": [_line(entry) for entry in systems.lines(system)],
    }


def _line(entry: audit.Entry) -> dict[str, Any]:
    """A line of the log about a system: when, who, what, and the scopes that were opened with it."""
    _client_id, *scopes = entry.facts["reference"].split(" ")
    what = access.what_name(entry.facts["what"])
    return {"at": entry.at, "by": entry.facts["actor"]["name"], "what": what, "scopes": scopes, "index": entry.index}


routes = [
    *pulling,
    path("systems/", every, name="oneroster.systems"),
    path("systems/new/", new, name="oneroster.system_new"),
    path("systems/<str:client_id>/", one, name="oneroster.system"),
]
