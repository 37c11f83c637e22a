"""What is asked of a reader now: answers that consents wait for, and what a family should talk about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from .actors import Actor
from .answering import Choices, choices
from .capacity import ties
from .decisions import may_each
from .models import Consent
from .queries import consents_about
from .states import ENDED, state_of

TO_ANSWER = ("answer", "elsewhere", "go_on")


@dataclass(frozen=True)
class Asked:
    """One thing that is asked.

    kind, of the learner: ``answer`` (yes or no is waited for), ``elsewhere`` (the same, at the node that holds the
    records), ``go_on`` (the 18th birthday is near), ``told`` (nothing waits, but the child may say what it thinks);
    of a guardian: ``disputed``, ``objected``, ``question``, ``waits`` (for the child)
    """

    kind: str
    consent: Consent

    @property
    def waits_for_the_reader(self) -> bool:
        return self.kind in TO_ANSWER


def asked_of(reader: Actor, people: Iterable[UUID]) -> list[Asked]:
    """What is asked of the reader about those people, what waits for an answer first.

    Nothing about a child whose agreements the reader may not see, as they would tell where it is (a court order).
    """
    seen = may_each(reader, "rights.consent", "rights", people)
    found = [one for person, decision in seen.items() if decision.permitted for one in _about(reader, person)]
    return sorted(found, key=lambda one: not one.waits_for_the_reader)


def _about(reader: Actor, person: UUID) -> Iterator[Asked]:
    going = [one for one in consents_about(person) if state_of(one) not in ENDED]
    held = ties(reader, person) if going else set()
    for consent in going:
        can = choices(consent, reader)
        kind = _of_learner(consent, can) if "self" in held else _of_guardian(consent, can) if "guardian" in held else ""
        if kind:
            yield Asked(kind, consent)


def _of_learner(consent: Consent, can: Choices) -> str:
    if can.answer:
        return "answer"
    if can.elsewhere:
        return "elsewhere"
    if can.go_on:
        return "go_on"
    untold = not {"objected", "asked", "assented"} & {event.kind for event in consent.events.all()}
    return "told" if untold and (can.object or can.ask) else ""


def _of_guardian(consent: Consent, can: Choices) -> str:
    if can.disputed:
        return "disputed"
    if can.objected:
        return "objected"
    if can.waits:
        return "waits"
    return "question" if any(event.kind == "asked" for event in consent.events.all()) else ""
