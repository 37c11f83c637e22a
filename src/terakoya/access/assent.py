"""The child's word: yes, no, "I do not want this" and "I have a question". And stopping, by whoever may."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from .actions import withdraw
from .actors import Actor
from .ages import GUARDIAN
from .capacity import deciders, may_withdraw, ties
from .disagreements import open_case
from .errors import ConsentRefused
from .events import happen, locked
from .models import Consent
from .queries import consent as consent_by
from .states import ENDED, state_of


@transaction.atomic
def answer(uuid: UUID, *, by: Actor, says: str) -> Consent:
    """The child says "yes", "no" or "ask" to what a guardian agreed to. Said again, it changes nothing.

    A yes in the band of assent lets the records go from this transaction on; a no ends the consent. ``ConsentRefused``
    for anybody but the child, where nothing waits for its answer, and for a yes to a copy: that is said at the node
    which holds the records and knows the child. ``UnknownConsent``.
    """
    consent = locked(uuid)
    if "self" not in ties(by, consent.subject):
        # family
        raise ConsentRefused("capacity", _("Only the child can give this answer."))
    if says == "ask":
        _bring(consent, by, "asked", "question")
    elif consent.source and says == "yes":
        # family
        raise ConsentRefused("source", _("Say yes where the records are: at %(node)s.") % {"node": consent.holder_name})
    elif state_of(consent) == "awaiting_assent" and says in ("yes", "no"):
        happen(consent, "assented" if says == "yes" else "declined", by)
    elif says != ("yes" if _has(consent, "assented") else "no" if _has(consent, "declined") else ""):
        # family
        raise ConsentRefused("state", _("Nothing waits for an answer here."))
    return consent_by(uuid)


@transaction.atomic
def stop(uuid: UUID, *, by: Actor, reason: str = "") -> Consent:
    """Whoever of the family presses 'stop': it ends the consent, or it is the objection of a child that is too young.

    An objection tells the guardians and a clerk, and by itself ends nothing. ``ConsentRefused`` for strangers;
    ``UnknownConsent``.
    """
    consent = locked(uuid)
    if may_withdraw(consent, by):
        return withdraw(uuid, by=by, reason=reason)
    if "self" in ties(by, consent.subject) and deciders(consent.subject).decides == GUARDIAN:
        if state_of(consent) not in ENDED:
            _bring(consent, by, "objected", "child")
        return consent_by(uuid)
    # family
    raise ConsentRefused("capacity", _("Only the learner or a guardian can stop this."))


def _bring(consent: Consent, by: Actor, event: str, kind: str) -> None:
    """Note the child's word once, and bring it to a person."""
    if not _has(consent, event):
        happen(consent, event, by)
        open_case(consent, kind, by)


def _has(consent: Consent, kind: str) -> bool:
    return any(event.kind == kind for event in consent.events.all())
