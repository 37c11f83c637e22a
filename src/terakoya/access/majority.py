"""The 18th birthday: what a guardian agreed to lapses, unless the learner has said yes to it (Civil Code, art. 4)."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.kit import clock

from .actions import record
from .actors import Actor
from .ages import SELF, births
from .capacity import ties
from .errors import ConsentRefused
from .events import happen, locked
from .keys import all_keys
from .models import Consent
from .notices import Notice
from .queries import consent as consent_by
from .states import ENDS, state_of
from .terms import Terms

ASKED_BEFORE = timedelta(days=90)
GOING_ON = ("given", "paused", "awaiting_assent")


def lapsing_soon(person: UUID) -> list[Consent]:
    """What guardians agreed to about a learner whose 18th birthday is near, and what the learner has not answered."""
    keys = all_keys([person])
    asked = Consent.objects.filter(
        subject__in=keys, capacity="guardian", source="", lapses_on__lte=clock.today() + ASKED_BEFORE
    )
    heirs = set(Consent.objects.filter(subject__in=keys).exclude(supersedes=None).values_list("supersedes", flat=True))
    return [one for one in asked.prefetch_related("events") if one.uuid not in heirs and state_of(one) in GOING_ON]


@transaction.atomic
def continue_alone(uuid: UUID, *, by: Actor, notice: Notice | None = None) -> Consent:
    """The learner says yes for the time from the 18th birthday on: a new consent that takes the guardian's place then.

    Asked from 90 days before the birthday; ``ConsentRefused`` before, afterwards, and for anybody but the learner.
    Said again, it is the same consent. ``UnknownConsent``.
    """
    old = locked(uuid)
    if "self" not in ties(by, old.subject):
        # family
        raise ConsentRefused("capacity", _("Only the learner can give this answer."))
    heir = Consent.objects.filter(supersedes=old.uuid).first()
    if heir is not None:
        return consent_by(heir.uuid)
    if old not in lapsing_soon(old.subject):
        # family
        raise ConsentRefused("state", _("Nothing waits for an answer here."))
    new = record(terms_of(old), by, SELF, notice, band=SELF, valid_from=old.lapses_on, supersedes=old.uuid)
    happen(new, "given", by)
    return consent_by(new.uuid)


def terms_of(consent: Consent) -> Terms:
    """The terms of a consent, to be agreed to anew."""
    names = ("subject", "recipient", "recipient_name", "holder", "holder_name", "purpose", "valid_until", "dataset")
    rest = {name: getattr(consent, name) for name in names}
    return Terms(**rest, categories=tuple(consent.categories), scope=dict(consent.scope))


def lapse() -> int:
    """Write down what has lapsed or passed to the learner by today, also by a birth date told since; how many."""
    going = Consent.objects.filter(capacity="guardian", source="").exclude(events__kind__in=list(ENDS))
    rows = list(going.filter(valid_until__gte=clock.today()).values_list("uuid", "subject", "lapses_on"))
    known = births({subject for _uuid, subject, _day in rows})
    today = clock.today()
    over = [
        uuid
        for uuid, subject, day in rows
        if (day and day <= today) or (subject in known and known[subject].known and known[subject].majority <= today)
    ]
    for uuid in over:
        _pass_on(uuid)
    return len(over)


@transaction.atomic
def _pass_on(uuid: UUID) -> None:
    old = locked(uuid)
    if any(event.kind in ENDS for event in old.events.all()):
        return
    heir = Consent.objects.filter(supersedes=old.uuid).prefetch_related("events").first()
    taken_over = heir is not None and state_of(heir) == "given" and "given" in {e.kind for e in old.events.all()}
    happen(old, "superseded" if taken_over else "lapsed", None)
