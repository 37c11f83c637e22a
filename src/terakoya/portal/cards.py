"""Sign-in cards of a class: who has one, making new ones, and the sheet that is printed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from terakoya.access import api as access
from terakoya.identity import api as identity
from terakoya.roster import api as roster

from .policy import NAMES

ALL, NOBODY = "all", "nobody"


@dataclass(frozen=True)
class Row:
    """A pupil of the class, and until when the pupil's card opens; None without a card."""

    pupil: roster.Pupil
    until: date | None


@dataclass(frozen=True)
class Card:
    """A card as it is printed: whose, the QR code, and the pictures with their names."""

    pupil: roster.Pupil
    qr_code: SafeString
    pictures: list[tuple[str, str | Promise]]


@require_http_methods(["GET", "HEAD", "POST"])
@access.declares(access.Use((NAMES,), "teaching"))
@identity.second_factor
@login_required
@never_cache
def class_cards(request: HttpRequest, school_class: UUID) -> HttpResponse:
    """The cards of one's own homeroom; after a press of a button the sheet, which is shown this once."""
    taught = _own_homeroom(request, school_class)
    pupils = roster.pupils_in(taught)
    decisions = access.open_record(request, NAMES, "teaching", [pupil.person for pupil in pupils], "class_cards")
    shown = [pupil for pupil in pupils if pupil.person in decisions]
    values = {"taught": taught, "decision": decisions[shown[0].person]}
    if request.method == "POST":
        chosen = _chosen(request, shown)
        if "take_back" in request.POST:
            identity.take_back([pupil.person for pupil in chosen], _account(request))
        elif cards := _made(request, chosen, taught.ends):
            return render(request, "portal/card_sheet.html", values | {"cards": cards})
    until = identity.cards_of(pupil.person for pupil in shown)
    rows = [Row(pupil, until.get(pupil.person)) for pupil in shown]
    return render(request, "portal/class_cards.html", values | {"rows": rows, "made": len(until)})


def _own_homeroom(request: HttpRequest, key: UUID) -> roster.SchoolClass:
    """The class, when the reader is its homeroom teacher; nobody else makes cards for it."""
    taught, person = roster.school_class(key), access.actor_of(request).person
    own = roster.classes_of_teacher(person) if person else []
    if taught is None or not taught.is_homeroom or taught not in own or not roster.pupils_in(taught):
        raise Http404
    return taught


def _chosen(request: HttpRequest, pupils: list[roster.Pupil]) -> list[roster.Pupil]:
    """All pupils, or the one whose button was pressed; nobody of another class."""
    wanted = request.POST.get("pupil", NOBODY)
    return [pupil for pupil in pupils if wanted in (ALL, str(pupil.person))]


def _made(request: HttpRequest, pupils: list[roster.Pupil], until: date) -> list[Card]:
    made = identity.make_cards([pupil.person for pupil in pupils], until, _account(request))
    by_person = {card.account.person: card for card in made}
    return [
        Card(
            pupil,
            identity.qr_code(identity.node_uri() + card.path),
            [(name, identity.PICTURES[name]) for name in card.pictures],
        )
        for pupil in pupils
        if (card := by_person.get(pupil.person))
    ]


def _account(request: HttpRequest) -> identity.Account:
    assert isinstance(request.user, identity.Account)  # noqa: S101  (a page that asks for a sign-in)
    return request.user
