"""What this room's data may be used for, and who answers requests where no roster ties clerks to people."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from terakoya.access.api import Actor, Relation, Use

CATEGORY = "rights.request"
PURPOSE = "rights"
OWN = Use((CATEGORY,), PURPOSE)
CAPACITIES = ("self", "guardian")
WITHOUT_ROSTER = ("operator", "material_company")


def answers_request(actor: Actor, subjects: Collection[UUID], on: date) -> dict[UUID, str | Relation]:
    """The clerk of a store or a vendor, towards those who asked something that this node has to answer."""
    from .models import Question, RightsRequest

    if actor.role != "administrator" or actor.node or actor.stakeholder not in WITHOUT_ROSTER:
        return {}
    asked = RightsRequest.objects.filter(subject__in=subjects).values_list("subject", flat=True)
    questions = Question.objects.filter(subject__in=subjects, answers_here=True).values_list("subject", flat=True)
    return dict.fromkeys({*asked, *questions}, "own_organisation")
