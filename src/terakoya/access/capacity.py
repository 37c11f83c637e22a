"""Who may agree for a learner on a day, in which capacity: by ties that rooms know and the bands of ``ages.toml``."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from terakoya.kit import clock

from .actors import Actor
from .ages import ASSENT, SELF, Birth, births, who_decides
from .errors import ConsentRefused
from .models import Consent
from .relations import relations_to


@dataclass(frozen=True)
class Deciders:
    """Who decides about a learner today (see ``ages.toml``), and the birth date by which it is known."""

    decides: str
    birth: Birth | None

    def sentence(self) -> str:
        """Who must say yes, in the reader's words; and how it is known where the birthday is not."""
        if self.decides == SELF:
            # family
            text = _("The learner is 18 or older and decides alone.")
        elif self.decides == ASSENT:
            # family
            text = _("A guardian decides, and the child must say yes too.")
        else:
            # family
            text = _("A guardian decides. The child can say that it does not want this.")
        if self.birth and self.birth.known:
            return text
        # family
        unknown = _("We do not know the birthday, so we go by the youngest age in this school year.")
        return f"{text} {unknown}"


def deciders(subject: UUID) -> Deciders:
    """Who decides about a learner today."""
    birth = births([subject]).get(subject)
    return Deciders(who_decides(birth, clock.today()), birth)


def ties(actor: Actor, subject: UUID) -> set[str]:
    """What the actor is to the learner today."""
    return {relation.kind for relation in relations_to(actor, [subject], clock.today()).get(subject, [])}


def is_guardian(person: UUID | None, subject: UUID) -> bool:
    """Whether the person is a guardian of the learner today, by the register or the book of this node."""
    return person is not None and "guardian" in ties(Actor("student", "guardian", "", "", person=person), subject)


def check_capacity(subject: UUID, by: Actor, capacity: str) -> Deciders:
    """Who decides, when the actor may in this capacity; ``ConsentRefused`` else.

    ``capacity`` is "guardian" (of a learner under age) or "self" (from majority on; Civil Code, arts. 4 and 818).
    """
    if by.node or capacity not in ("guardian", "self") or capacity not in ties(by, subject):
        # family
        raise ConsentRefused("capacity", _("Only the learner or a guardian can agree."))
    found = deciders(subject)
    if capacity == "guardian" and found.decides == SELF:
        # family
        raise ConsentRefused("age", _("The learner is 18 or older and decides alone."))
    if capacity == "self" and found.decides != SELF:
        # family
        raise ConsentRefused("age", _("Before the 18th birthday a guardian must agree."))
    return found


def may_withdraw(consent: Consent, by: Actor) -> bool:
    """Whether the actor may end the consent: its giver, a guardian, a node that is a party to it, or the learner.

    The learner from the band of assent on; a younger child objects instead (see :func:`assent.stop`). The band is the
    one that this node knows today, or the one in which the consent was given where that is the older: two nodes that
    know a birthday differently then let the same child do the same.
    """
    if by.node:
        return by.node in (consent.recipient, consent.holder)
    kinds = ties(by, consent.subject)
    gave = by.person is not None and consent.given_by == by.person
    grown = consent.band in (ASSENT, SELF) or deciders(consent.subject).decides in (ASSENT, SELF)
    return gave or "guardian" in kinds or ("self" in kinds and grown)
