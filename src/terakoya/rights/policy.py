"""What this room's data may be used for, and who answers requests where no roster ties clerks to people."""

from collections.abc import Iterator
from datetime import date

from terakoya.access.api import Actor, Ties, Use

CATEGORY = "rights.request"
PURPOSE = "rights"
OWN = Use((CATEGORY,), PURPOSE)
CAPACITIES = ("self", "guardian")
WITHOUT_ROSTER = ("operator", "material_company")


def answers_request(actor: Actor, on: date) -> Iterator[Ties]:
    """The clerk of a store or a vendor, towards those who asked something that this node has to answer."""
    from .models import Question, RightsRequest

    if actor.role == "administrator" and not actor.node and actor.stakeholder in WITHOUT_ROSTER:
        yield Ties("own_organisation", RightsRequest.objects.all(), "subject")
        yield Ties("own_organisation", Question.objects.filter(answers_here=True), "subject")
