"""What is late is marked once, and said in the node's own log every day until it is answered."""

import logging

from django.db import IntegrityError, transaction

from terakoya.kit import jobs

from . import disclosures, questions, requests
from .models import QuestionEvent

log = logging.getLogger(__name__)
DAY = 24 * 3600


@jobs.regularly("rights.remind", seconds=DAY)
def remind() -> None:
    """Mark requests and questions whose term is over, and say how many wait too long now."""
    late = [one for one in requests.queue() if one.late]
    for standing in late:
        requests.step(standing.request, "overdue", by=None)
    unanswered = [one for one in questions.unanswered() if one.late]
    for asked in unanswered:
        _mark(asked)
    if late or unanswered:
        log.warning("late: %s requests and %s questions of persons", len(late), len(unanswered))


@jobs.regularly("rights.forget", seconds=3600)
def forget() -> None:
    """Delete what was disclosed more than 30 days ago."""
    disclosures.forget_old()


def _mark(asked: questions.Asked) -> None:
    if any(event.kind == "overdue" for event in asked.events):
        return
    try:
        with transaction.atomic():
            QuestionEvent(question=asked.question, kind="overdue").save()
    except IntegrityError:  # another worker was first
        log.debug("marked before: %s", asked.question.uuid)
