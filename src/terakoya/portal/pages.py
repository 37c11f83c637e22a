"""Pages of the portal: the first page of the city, a class by units, a pupil's records, a child's page."""

import csv
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from terakoya.access import api as access
from terakoya.access.errors import NotPermitted
from terakoya.kit.spreadsheets import harmless
from terakoya.rights import api as rights
from terakoya.roster import api as roster

from . import cards, contacts, homes, people, queries
from .policy import NAMES, RECORDS

ORDERS = ("need", "number")


@require_safe
@access.declares(access.Use((NAMES, "subject.guardianship"), "own_use"))
def home(request: HttpRequest) -> HttpResponse:
    """The first page, by who is signed in. It names one's own classes and children and releases nothing else."""
    actor = access.actor_of(request)
    if actor.account is None:
        return render(request, "portal/welcome.html")
    if actor.role == "administrator":
        return render(request, "portal/home_clerk.html", homes.of_clerk())
    values = homes.of_person(actor.person) if actor.person else {}
    if actor.stakeholder == "school":
        return render(request, "portal/home_staff.html", values)
    values |= {"asked": access.asked_of(actor, values.get("people", {}))}
    return render(request, "portal/home_family.html", values)


# --- staff ---
@require_safe
@login_required
@access.declares(access.Use((NAMES, RECORDS), "teaching"))
def school_class(request: HttpRequest, school_class: UUID) -> HttpResponse:
    """Pupils by units of one subject."""
    try:
        values = _class_values(request, school_class, "class_overview")
    except NotPermitted:
        if (without_pupils := _own_class_without_pupils(request, school_class)) is None:
            raise
        return render(request, "portal/class_without_pupils.html", {"taught": without_pupils})
    return render(request, "portal/school_class.html", values)


@require_safe
@login_required
@access.declares(access.Use((NAMES, RECORDS), "teaching"))
def class_file(request: HttpRequest, school_class: UUID) -> HttpResponse:
    """The same as a file for a spreadsheet; the download is an entry of its own in the log."""
    values = _class_values(request, school_class, "download")
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="class-{values["subject"]}.csv"'
    answer.write("\ufeff")  # tells spreadsheets that this is UTF-8
    rows = csv.writer(answer)
    rows.writerow([_("Number"), _("Name"), *(unit.name for unit in values["overview"].units)])
    for row in values["overview"].rows:
        cells = ["" if percent is None else percent for percent in row.cells]
        rows.writerow([row.pupil.number or "", harmless(row.pupil.name), *cells])
    return answer


def _own_class_without_pupils(request: HttpRequest, key: UUID) -> roster.SchoolClass | None:
    """The class, when it is the reader's own and nobody is in it today; there is nobody's record to open then."""
    person = access.actor_of(request).person
    own = roster.classes_of_teacher(person) if person else []
    taught = next((one for one in own if one.uuid == key), None)
    return taught if taught and not roster.pupils_in(taught) else None


def _class_values(request: HttpRequest, key: UUID, what: str) -> dict:
    taught = roster.school_class(key)
    if taught is None:
        raise Http404
    pupils = roster.pupils_in(taught)
    decisions = access.open_record(request, RECORDS, "teaching", [pupil.person for pupil in pupils], what)
    shown = [pupil for pupil in pupils if pupil.person in decisions]
    limits = _limits(request, decisions)
    subjects = [one for one in queries.subjects_of_class(taught) if _open_in(one.code, shown, limits)]
    codes = [subject.code for subject in subjects]
    wanted = request.GET.get("subject", "")
    subject = wanted if wanted in codes else _usual(codes)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else ORDERS[0]
    return {
        "taught": taught,
        "decision": decisions[shown[0].person],
        "own_homeroom": decisions[shown[0].person].relation.kind == "homeroom_teacher",
        "subjects": subjects,
        "subject": subject,
        "subject_name": queries.subject_choice(subject).name if subject else "",
        "order": order,
        "overview": queries.overview(_open_in(subject, shown, limits), taught.grades.split(","), subject, order),
    }


def _limits(request: HttpRequest, decisions: dict[UUID, access.Decision]) -> dict[UUID, set[str]]:
    """The pupils to whom the reader is a subject teacher only, each with the subjects in which they are taught."""
    teacher = access.actor_of(request).person
    only = [key for key, decision in decisions.items() if decision.relation.kind == "subject_teacher"]
    taught = queries.subjects_by_pupil(teacher) if only and teacher else {}
    return {pupil: taught.get(pupil, set()) for pupil in only}


def _open_in(subject: str, pupils: list[roster.Pupil], limits: dict[UUID, set[str]]) -> list[roster.Pupil]:
    """Those of the pupils whose records of a subject the reader may see."""
    return [pupil for pupil in pupils if pupil.person not in limits or subject in limits[pupil.person]]


def _usual(codes: list[str]) -> str:
    """Mathematics first: its units build on each other."""
    return next((code for code in codes if code.endswith("030")), next(iter(codes), ""))


@require_safe
@login_required
@access.declares(access.Use((NAMES, RECORDS), "teaching"))
def pupil(request: HttpRequest, person: UUID) -> HttpResponse:
    """A pupil's records for those who teach the pupil; families are led to their own page."""
    actor = access.actor_of(request)
    if actor.stakeholder == "student":
        return HttpResponseRedirect(reverse("portal.child", args=[person]))
    decision = access.open_record(request, RECORDS, "teaching", [person], "pupil_records")[person]
    within = None
    if decision.relation.kind == "subject_teacher" and actor.person:
        within = queries.subjects_taught(actor.person, person)
    return render(request, "portal/pupil.html", _sheet_values(request, person, decision, within))


# --- family ---
@require_safe
@login_required
@access.declares(access.Use((NAMES, "subject.contact", RECORDS), "own_use"))
def child(request: HttpRequest, person: UUID) -> HttpResponse:
    """The learner's records for the learner and the guardians, with the contacts that the school holds."""
    actor = access.actor_of(request)
    own = actor.person == person
    what = "own_page" if own else "child_page"
    decision = access.open_record(request, RECORDS, "own_use", [person], what)[person]
    values = _sheet_values(request, person, decision, None)
    values |= {"own": own, "contacts": [] if own else contacts.shown_to(actor, person)}
    return render(request, "portal/child.html", values)


def _sheet_values(request: HttpRequest, person: UUID, decision: access.Decision, within: set[str] | None) -> dict:
    found = roster.person(person)
    if found is None:
        raise Http404
    wanted = request.GET.get("subject", ""), request.GET.get("term", "")
    sheet = queries.sheet(found, *wanted, within)
    return {
        "person": found,
        "homeroom": homes.homeroom_shown(access.actor_of(request).person, person),
        "decision": decision,
        "sheet": sheet,
        "notes": rights.notes_about(person, RECORDS),
        "tabs": [_tab(subject, sheet) for subject in sheet.subjects],
    }


def _tab(subject: queries.Choice, sheet: queries.Sheet) -> dict:
    address = f"?subject={subject.code}" + (f"&term={sheet.term.id}" if sheet.term else "")
    return {"href": address, "label": subject.name, "current": subject == sheet.subject}


routes: list[URLPattern] = [
    path("people/", people.people, name="portal.people"),
    path("classes/<uuid:school_class>/", school_class, name="portal.school_class"),
    path("classes/<uuid:school_class>/overview.csv", class_file, name="portal.class_file"),
    path("classes/<uuid:school_class>/cards/", cards.class_cards, name="portal.class_cards"),
    path("pupils/<uuid:person>/", pupil, name="portal.pupil"),
    path("children/<uuid:person>/", child, name="portal.child"),
]
