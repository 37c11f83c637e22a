"""One question of use as plain values, and the facts that follow from it: the rule without a database."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from terakoya.standards import ages

from .cells import NOBODY, part_of

FAMILY = ("self", "guardian")


@dataclass(frozen=True)
class Span:
    """A period from its first day to the day after its last; None: open on that side."""

    begins: date | None = None
    ends: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the period covers the day."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day < self.ends)


@dataclass(frozen=True)
class Agreement:
    """A consent about the person, as far as a decision needs it.

    state: as derived from its events ("given", "withdrawn", ...; see ``queries.state_of``)
    valid_until: the last day; recipient: base URL of the node; capacity: who gave it ("guardian", "self")
    """

    recipient: str
    purpose: str
    categories: tuple[str, ...]
    state: str
    valid_until: date
    capacity: str = "guardian"
    uuid: UUID | None = None


@dataclass(frozen=True)
class Situation:
    """Who asks for what, about whom, on which day, and all that bears on it.

    stakeholder: row of the matrix that the actor belongs to
    relation: kind of tie to the person, in force during ``tied``
    node: another node asks for itself; recipient: base URL of the node at which the data are used
    consents: newest first; born: the person's date of birth if known
    orders: periods during which the person's address is hidden from the actor
    own: whether the person belongs to the organisation for which the actor acts
    """

    stakeholder: str
    category: str
    purpose: str
    day: date
    relation: str = ""
    tied: Span = Span()
    node: bool = False
    recipient: str = ""
    consents: tuple[Agreement, ...] = ()
    born: date | None = None
    orders: tuple[Span, ...] = ()
    own: bool = True


@dataclass(frozen=True)
class Facts:
    """All that the policies see; the words are those of ``policies/schema.cedarschema``."""

    part: str
    category: str
    purpose: str
    node: bool = False
    consented: bool = False
    revoked: bool = False
    protected: bool = False
    outside: bool = False


def facts_of(situation: Situation) -> Facts:
    """The facts of a situation: what holds on its day."""
    consented = governing(situation) is not None
    return Facts(
        part=part_in(situation),
        category=situation.category,
        purpose=situation.purpose,
        node=situation.node,
        consented=consented,
        revoked=not consented and any(one.state == "withdrawn" for one in _about_this_use(situation)),
        protected=any(order.holds(situation.day) for order in situation.orders),
        outside=not situation.own,
    )


def part_in(situation: Situation) -> str:
    """What the actor is to the person on the day; whoever is not tied is nobody, save a node that asks for itself."""
    relation = situation.relation if situation.relation and situation.tied.holds(situation.day) else ""
    if relation == "guardian" and _of_age(situation):
        relation = ""
    if not relation and not situation.node:
        return NOBODY
    # whoever looks at their own or their child's data does so as the learner, whatever else they are
    return part_of("student" if relation in FAMILY else situation.stakeholder, relation)


def governing(situation: Situation) -> Agreement | None:
    """The consent on which the use can rest: the newest that is given, not over, and not outgrown by majority."""
    return next((one for one in _about_this_use(situation) if _lives(one, situation)), None)


def _about_this_use(situation: Situation) -> list[Agreement]:
    return [
        one
        for one in situation.consents
        if one.recipient == situation.recipient
        and one.purpose == situation.purpose
        and situation.category in one.categories
    ]


def _lives(agreement: Agreement, situation: Situation) -> bool:
    """A guardian's word binds until the child is of age (Civil Code, art. 818); after it only the learner's own."""
    outgrown = agreement.capacity == "guardian" and _of_age(situation)
    return agreement.state == "given" and situation.day <= agreement.valid_until and not outgrown


def _of_age(situation: Situation) -> bool:
    return situation.born is not None and situation.day >= ages.majority(situation.born)
