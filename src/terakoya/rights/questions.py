"""Questions about an access: asked from a line of the log, answered by the organisation that looked."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.exchange import api as exchange
from terakoya.kit import clock

from .errors import RequestRefused, WrongState
from .family import capacity_towards
from .models import Question, QuestionEvent
from .policy import PURPOSE

LONGEST_QUESTION = 1000
LOG = "rights.access_log"
LAST_LINE = 2**62  # beyond it no database counts


class Asked:
    """A question with its answer, if there is one, and its term."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.events = list(question.events.all())

    @cached_property
    def line(self) -> access.AccessLine:
        return access.AccessLine.from_dict(self.question.facts)

    @property
    def answer(self) -> QuestionEvent | None:
        return next((event for event in self.events if event.kind == "answered"), None)

    @property
    def left(self) -> int:
        return (self.question.due - clock.today()).days

    @property
    def days_late(self) -> int:
        return -self.left

    @property
    def late(self) -> bool:
        return self.answer is None and self.left < 0


def line_about(actor: access.Actor, person: UUID, number: int, at: str) -> tuple[access.AccessLine, str]:
    """The line of the log that the actor may ask about, and the address of the node whose line it is ("": this one).

    ``at`` is the name of the partner node, "" for this node. RequestRefused when there is no such line for the actor.
    """
    if capacity_towards(actor, person) is None or not access.may(actor, LOG, PURPOSE, person).permitted:
        raise _no_such_line()
    if not at:
        return own_line(person, number), ""
    for told in exchange.fetch_accesses(person):
        if told.partner.name == at:
            return numbered(told.lines, number), told.partner.uri
    raise _no_such_line()


@transaction.atomic
def ask(number: UUID, person: UUID, line: access.AccessLine, node: str, text: str, *, by: access.Actor) -> Question:
    """Ask about a line, under a number that the form carried; the same form sent twice is one question.

    A question about a partner's line is sent there in the same transaction. RequestRefused.
    """
    capacity = capacity_towards(by, person) if by.account is not None else None
    if capacity is None:
        # family
        raise RequestRefused("person", _("You can only ask for yourself or for a child in your care today."))
    check_text(text)
    question = Question(
        uuid=number,
        subject=person,
        node=node,
        answers_here=not node,
        line=line.id,
        facts=line.as_dict(),
        text=text.strip(),
        asked_by=by.account,
        asker_name=by.name,
        capacity=capacity,
        due=first_due(),
    )
    try:
        with transaction.atomic():
            question.save()
    except IntegrityError:
        return _sent_before(number, by)
    if node:
        _send(question)
    return question


@transaction.atomic
def answer(question: Question, text: str, *, by: access.Actor) -> None:
    """The organisation's answer; one that was answered keeps its answer. RequestRefused, WrongState."""
    check_text(text)
    if not question.answers_here:
        raise WrongState(_("This question is answered by another organisation."))
    own = question.asked_by is not None and question.asked_by == by.account
    if own or capacity_towards(by, question.subject) is not None:
        raise RequestRefused("person", _("Nobody decides about a request of their own family. Ask a colleague."))
    Question.objects.select_for_update().get(pk=question.pk)
    if question.events.filter(kind="answered").exists():
        raise WrongState(_("This question was answered before. The first answer stands."))
    QuestionEvent(question=question, kind="answered", by_name=by.name, text=text.strip()).save()
    if question.node:
        body = {"question": str(question.uuid), "text": text.strip(), "by": settings.NODE_NAME}
        exchange.send(question.node, "answer", body, key=f"answer:{question.uuid}")


def check_text(text: str) -> None:
    """RequestRefused when a text is empty, too long, or holds what no keyboard types."""
    if not text.strip():
        # family
        raise RequestRefused("text", _("Please write this in a few words."))
    if len(text) > LONGEST_QUESTION:
        # family
        sentence = _("The text is too long: at most %(most)s letters.")
        raise RequestRefused("text", sentence % {"most": LONGEST_QUESTION})
    if any(ord(letter) < 32 and letter not in "\r\n\t" for letter in text):
        # family
        raise RequestRefused("text", _("The text holds signs that are no letters."))


def question_of(number: UUID) -> Asked | None:
    """The question of a number."""
    found = Question.objects.prefetch_related("events").filter(uuid=number).first()
    return Asked(found) if found else None


def asked_by(actor: access.Actor) -> list[Asked]:
    """What the actor asked, newest first."""
    if actor.account is None:
        return []
    return [Asked(one) for one in _with_events().filter(asked_by=actor.account)]


def queue() -> list[Asked]:
    """The questions that this organisation has to answer, those late first."""
    waiting = (one for one in unanswered() if one.question.answers_here)
    return sorted(waiting, key=lambda one: (one.question.due, one.question.pk))


def unanswered() -> Iterable[Asked]:
    """All that wait for an answer, here or elsewhere."""
    return map(Asked, _with_events().exclude(events__kind="answered"))


def first_due() -> date:
    """The last day for an answer to a question that is asked today."""
    return clock.today() + timedelta(days=settings.QUESTION_DAYS)


def _sent_before(number: UUID, by: access.Actor) -> Question:
    known = Question.objects.get(uuid=number)
    if known.asked_by != by.account:
        # family
        raise RequestRefused("person", _("This question was sent by somebody else. Please begin again."))
    return known


def _with_events() -> Any:
    return Question.objects.prefetch_related("events").order_by("-id")


def own_line(person: UUID, number: int) -> access.AccessLine:
    """The line of this node's log about the person. RequestRefused when there is none that may be shown."""
    if not 0 <= number < LAST_LINE:
        raise _no_such_line()
    return numbered(access.accesses_of(person, before=number + 1, limit=1), number)


def numbered(lines: Iterable[access.AccessLine], number: int) -> access.AccessLine:
    """The line of a number. RequestRefused."""
    for line in lines:
        if line.id == number:
            return line
    raise _no_such_line()


def _no_such_line() -> RequestRefused:
    # family
    return RequestRefused("line", _("There is no such line that you may ask about."))


def _send(question: Question) -> None:
    pairwise = next(
        grant.pairwise for grant in exchange.grants_of(question.subject) if grant.partner.uri == question.node
    )
    body = {
        "question": str(question.uuid),
        "subject": str(pairwise),
        "line": question.line,
        "text": question.text,
        "capacity": question.capacity,
    }
    exchange.send(question.node, "question", body, key=f"question:{question.uuid}")
