"""A pupil leaves for another municipality, or comes with a code; and the papers that go with it."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.access.api import Use, declares
from terakoya.access.errors import NotKnown
from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.kit.paper_codes import grouped
from terakoya.register.desk import NAMES, OFFICIAL, PURPOSE, at_the_desk, of_request, opened
from terakoya.register.errors import CannotRelocate
from terakoya.register.models import Relocation
from terakoya.register.relocation import arriving, forms, leaving, seen
from terakoya.roster import api as roster
from terakoya.ui.api import day, pdf, without_readings

USE = Use((NAMES, OFFICIAL), PURPOSE)
SHEET = Path(__file__).parent.parent / "templates" / "register" / "relocation_sheet.typ"
MOST = 50


@require_safe
@declares(USE)
@at_the_desk
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Who leaves: sought by name, class or number, among one's own pupils."""
    form = forms.SearchForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    places = roster.pupils_called(text, clock.today())
    mine = places.filter(access.visible(of_request(request).actor, NAMES, PURPOSE, "person"))
    found = list(mine[: MOST + 1])
    decisions = opened(request, [one.person_id for one in found], "relocation")
    values = {
        "form": form,
        "text": text,
        "found": [one for one in found[:MOST] if one.person_id in decisions],
        "more": len(found) > MOST,
        "decision": next(iter(decisions.values()), None),
    }
    return render(request, "register/relocation_choose.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(USE)
@at_the_desk
@never_cache
def leave(request: HttpRequest, person: UUID) -> HttpResponse:
    """The last day of a pupil, and where to."""
    decision = opened(request, [person], "relocation", OFFICIAL).get(person)
    found = roster.person(person)
    if found is None or decision is None:
        raise NotKnown(_("There is nobody to show here."))
    form = forms.LeaveForm(request.POST or None, cities=leaving.destinations())
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            by = of_request(request).actor
            prepared = leaving.prepare(found.uuid, said["last_day"], said["way"], to=said["to"], by=by)
            return redirect("register.relocation", prepared.uuid)
        except CannotRelocate as refusal:
            form.add_error(None, refusal.sentence)
    wrong = form if form.is_bound and form.errors else None
    values = {"person": found, "form": form, "wrong_form": wrong, "decision": decision}
    return render(request, "register/relocation_leave.html", values, status=400 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(USE)
@at_the_desk
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """A family brings a transfer code: the old municipality is asked with it."""
    desk = of_request(request)
    form = forms.CodeForm(request.POST or None, cities=leaving.destinations(), schools=desk.schools)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            asked = arriving.ask(said["code"], said["born"], said["partner"], UUID(said["school"]), by=desk.actor)
            messages.success(request, _("Found. The data arrive within a minute."))
            return redirect("register.relocation", asked.uuid)
        except CannotRelocate as refusal:
            form.add_error(None, refusal.sentence)
    wrong = form if form.is_bound and form.errors else None
    return render(
        request, "register/relocation_code.html", {"form": form, "wrong_form": wrong}, status=400 if wrong else 200
    )


@require_safe
@declares(USE)
@at_the_desk
@never_cache
def sheet(request: HttpRequest, number: UUID) -> HttpResponse:
    """The sheet that the family takes along: who was at which school, with the code or the mark of the file."""
    found, person = _own(request, number)
    if found.way == Relocation.Way.PARTNER:
        raise Http404
    homeroom = roster.homeroom_of(person.uuid, found.last_day)
    rows = [
        (_("Name"), person.official_name),
        (_("Reading"), person.kana),
        (_("Date of birth"), day(person.birth_date) if person.birth_date else ""),
        (_("School"), f"{homeroom.school.name}　{homeroom.title}" if homeroom else ""),
        (_("Last day at this school"), day(found.known()[1])),
    ]
    data = {
        "lang": "ja" if (get_language() or "ja").startswith("ja") else "en",
        "title": _("Certificate of attendance"),
        "rows": [[label, without_readings(text)] for label, text in rows if text],
        "statement": _("It is certified that this pupil is enrolled at this school until the last day above."),
        **_mark(found),
        "issuer": [settings.NODE_NAME, without_readings(day(clock.today()))],
        "number": str(found.uuid),
    }
    answer = HttpResponse(pdf(SHEET, data, found.created_at), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="certificate.pdf"'
    return answer


@require_safe
@declares(Use((NAMES, OFFICIAL, "subject.guardianship"), PURPOSE))
@at_the_desk
@never_cache
def file(request: HttpRequest, number: UUID) -> HttpResponse:
    """The signed file, for a municipality outside the federation."""
    found, _person = _own(request, number)
    if found.state != "handed":
        raise Http404
    answer = HttpResponse(found.package, content_type="application/jose")
    answer["Content-Disposition"] = f'attachment; filename="relocation-{found.uuid}.jws"'
    return answer


def _own(request: HttpRequest, number: UUID) -> tuple[Relocation, roster.Person]:
    """A move of one's own pupil, opened with its line in the log."""
    found = seen.move_at(of_request(request), number)
    person = roster.person(found.person) if found.person else None
    if found.side != "leaving" or person is None:
        raise Http404
    access.open_record(request, OFFICIAL, PURPOSE, [person.uuid], "relocation")
    return found, person


def _mark(found: Relocation) -> dict[str, Any]:
    if found.code and found.code_until:
        until = without_readings(day(found.code_until))
        hint = _("Hand this to the new school. It is good until %(day)s and opens nothing without the date of birth.")
        return {"mark": [_("Transfer code"), grouped(found.code)], "hint": hint % {"day": until}}
    mark = [_("Digest of the file (SHA-256)"), found.digest] if found.digest else []
    hint = _("The file is signed with the key %(key)s.") % {"key": identity.public_jwk()["kid"]}
    return {"mark": mark, "hint": hint if mark else ""}


routes: list[URLPattern] = [
    path("register/relocations/leave/", choose, name="register.relocation_choose"),
    path("register/relocations/leave/<uuid:person>/", leave, name="register.relocation_leave"),
    path("register/relocations/code/", code, name="register.relocation_code"),
    path("register/relocations/<uuid:number>/certificate.pdf", sheet, name="register.relocation_sheet"),
    path("register/relocations/<uuid:number>/package.jws", file, name="register.relocation_file"),
]
