"""The first page: each child as a card, and the first steps."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from terakoya.access import api as access
from terakoya.access.api import declares
from terakoya.pds import overview, queries
from terakoya.pds.models import Membership
from terakoya.pds.policy import OWN_USE

from .doors import signed_in


@dataclass(frozen=True)
class Step:
    """One of the first steps: its name, where it is done, whether it is done, and whether it is the next one."""

    name: str
    hint: str
    href: str
    done: bool
    next: bool = False


# Only counts and names stand here; a record is opened, and logged, on the child's own page.
@require_safe
@declares(OWN_USE)
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "pds/welcome.html")
    known = list(queries.memberships(signed_in(request)))
    if len(known) == 1 and known[0].capacity == Membership.Capacity.SELF:
        return redirect("pds.child", person=known[0].child_id)
    cards = [overview.card_of(membership) for membership in known]
    values = {
        "cards": cards,
        "steps": _first_steps(cards),
        "asked": access.asked_of(access.actor_of(request), [card.child.person for card in cards]),
        "people": {card.child.person: card.child for card in cards},
        "passed_on": [(child, queries.has_sign_in(child)) for child in queries.passed_on(signed_in(request))],
    }
    return render(request, "pds/home.html", values)


def _first_steps(cards: list[overview.Card]) -> list[Step]:
    """The steps until the first child's records have been seen; none once all are done."""
    first = cards[0] if cards else None
    steps = [
        Step(
            # family
            _("Add your child"),
            # family
            _("Name and school year."),
            _to("pds.add_child"),
            first is not None,
        ),
        Step(
            # family
            _("Connect the school"),
            # family
            _("You sign in at the city and say yes there."),
            _to("pds.connect", first) if first else "",
            any(card.connected for card in cards),
        ),
        Step(
            # family
            _("Look at the records"),
            # family
            _("They come by themselves."),
            _to("pds.child", first) if first else "",
            any(card.seen for card in cards),
        ),
    ]
    following = next((step for step in steps if not step.done), None)
    return [replace(step, next=step is following) for step in steps] if following else []


def _to(name: str, card: overview.Card | None = None) -> str:
    return reverse(name, args=[card.child.person] if card else [])
