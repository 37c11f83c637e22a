"""Questions and answers between nodes, as signed messages of the exchange."""

from typing import Any
from uuid import UUID

from terakoya.exchange import api as exchange
from terakoya.exchange.errors import Refused

from . import questions
from .errors import RightsError
from .models import Question, QuestionEvent
from .policy import CAPACITIES


def take_question(partner: exchange.Partner, body: dict[str, Any]) -> dict[str, Any]:
    """A store brings a family's question about a line of this node's log. Brought twice, it is the same. Refused."""
    number, subject = _uuid(body, "question"), _uuid(body, "subject")
    text, line, capacity = body.get("text"), body.get("line"), body.get("capacity")
    if not isinstance(text, str) or not isinstance(line, int) or capacity not in CAPACITIES:
        raise Refused("A question has a text, the number of a line, and the capacity of whoever asks.")
    person = exchange.subject_of(partner, subject)
    if person is None:
        raise Refused("Nobody is known here by this id.")
    try:
        questions.check_text(text)
        found = questions.own_line(person, line)
    except RightsError as fault:
        raise Refused("There is no such line, or the text cannot be taken.") from fault
    known = Question.objects.filter(uuid=number).first()
    if known is None:
        known = Question(
            uuid=number,
            subject=person,
            node=partner.uri,
            answers_here=True,
            line=line,
            facts=found.as_dict(),
            text=text.strip(),
            capacity=capacity,
            due=questions.first_due(),
        )
        known.save()
    elif (known.node, known.subject) != (partner.uri, person):
        raise Refused("A question of this number is known from elsewhere.")
    return {"question": str(number), "due": known.due.isoformat()}


def take_answer(partner: exchange.Partner, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a question that was asked here about the partner's line; the first one stands. Refused."""
    number, text = _uuid(body, "question"), body.get("text")
    asked = Question.objects.filter(uuid=number, node=partner.uri, answers_here=False).first()
    if asked is None:
        raise Refused("No such question was asked of you.")
    try:
        questions.check_text(text if isinstance(text, str) else "")
    except RightsError as fault:
        raise Refused("The text cannot be taken.") from fault
    if not asked.events.filter(kind="answered").exists():
        QuestionEvent(question=asked, kind="answered", by_name=partner.name, text=str(text).strip()).save()
    return {"question": str(number)}


def _uuid(body: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(str(body[name]))
    except (KeyError, ValueError) as fault:
        raise Refused(f"{name} must be a UUID.") from fault
