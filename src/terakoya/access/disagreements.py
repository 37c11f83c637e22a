"""Guardians who disagree: the narrower word holds, and a person is asked to talk to them.

A guardian says no by refusing, or by ending what another guardian gave; yes by giving. What another gave is paused
while the no stands, or while what both gave has nothing in common. Parental authority is exercised jointly (Civil
Code, art. 824-2(1)), so nobody at a node outvotes a guardian: a case ends when they agree, when the one who said no is
no guardian any more (arts. 819, 834), or with a court's decision about whose word holds (art. 824-2(3)).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.kit import clock

from .actors import Actor
from .capacity import is_guardian
from .errors import ConsentRefused, UnknownConsent
from .events import happen, take_turn
from .keys import all_keys
from .models import Consent, Disagreement, DisagreementEnd
from .queries import alike
from .scopes import narrowed
from .states import ENDED, is_disputed, state_of

NEVER = datetime.min.replace(tzinfo=UTC)


def weigh(consent: Consent, by: Actor | None) -> None:
    """After somebody decided: pause or let go on what is alike, and open or end the case. In the decider's turn."""
    if consent.source:
        return  # a copy: the holder weighs
    everything = alike(consent)
    against = _objectors(everything)
    changed = [_pause_or_go_on(one, _stands_against(one, everything, against)) for one in everything]
    if any(changed):
        everything = alike(consent)
    paused = any(is_disputed(one.events.all()) for one in _open(everything))
    if paused or (by is not None and by.person in against and _ended_another_s(consent, everything, by.person)):
        open_case(consent, "guardians", by)
    elif not against:
        for case in _cases(consent, "guardians"):
            _end(case, "agreed", "", by)


def open_case(consent: Consent, kind: str, by: Actor | None) -> Disagreement:
    """Bring it to a person; a case of the kind that is open already is that one."""
    known = next(iter(_cases(consent, kind)), None)
    if known is not None:
        return known
    case = Disagreement(
        kind=kind,
        subject=consent.subject,
        recipient=consent.recipient,
        recipient_name=consent.recipient_name,
        purpose=consent.purpose,
        dataset=consent.dataset,
        opened_at=clock.now(),
        opened_by=by.person if by else None,
    )
    case.save()
    return case


def open_disagreements(subjects: Iterable[UUID] | None = None) -> list[Disagreement]:
    """The open cases, oldest first; of some learners, or of all."""
    found = Disagreement.objects.filter(end=None)
    if subjects is not None:
        found = found.filter(subject__in=all_keys(subjects))
    return list(found.order_by("id"))


def case(uuid: UUID) -> Disagreement:
    """The case with this number; raises ``UnknownConsent``."""
    found = Disagreement.objects.filter(uuid=uuid).first()
    if found is None:
        raise UnknownConsent(str(uuid))
    return found


def consents_of(case: Disagreement) -> list[Consent]:
    """The consents that a case is about, oldest first."""
    about = Consent(
        subject=case.subject, recipient=case.recipient, purpose=case.purpose, dataset=case.dataset, source=""
    )
    return alike(about)


def guardians_in(case: Disagreement) -> dict[UUID, str]:
    """Those whose words the case is about, with their names as they stood then."""
    found = {one.given_by: one.giver_name for one in consents_of(case) if one.given_by}
    for one in consents_of(case):
        found |= {event.by: event.by_name for event in one.events.all() if event.by and event.by != case.subject}
    return found


@transaction.atomic
def close(uuid: UUID, *, by: Actor, outcome: str, reason: str, holds: UUID | None = None) -> DisagreementEnd:
    """A clerk ends a case, with a reason. ``ConsentRefused`` where the outcome is not true, ``UnknownConsent``.

    outcome: "agreed", only when no yes stands against a no any more; "court", a decision about whose word ``holds``,
    the reason naming it; "talked", of a child's case. Nothing here permits what a guardian refused.
    """
    found = case(uuid)
    take_turn(found.subject)
    if len(reason.strip()) < 3:
        # family
        raise ConsentRefused("disagreement", _("Write the reason, so that it can be read later."))
    if hasattr(found, "end"):
        return found.end
    if found.kind != "guardians" or outcome == "talked":
        return _talked(found, reason, by, outcome)
    everything = consents_of(found)
    if outcome == "court":
        return _decided(found, everything, reason, by, holds)
    for one in everything[-1:]:
        weigh(one, None)  # who is a guardian may have changed since
    if outcome != "agreed" or any(is_disputed(one.events.all()) for one in _open(consents_of(found))):
        raise ConsentRefused("disagreement", _("The guardians do not agree yet. Only they or a court can end this."))
    found = case(uuid)
    return found.end if hasattr(found, "end") else _end(found, "agreed", reason, by)


def _talked(found: Disagreement, reason: str, by: Actor, outcome: str) -> DisagreementEnd:
    if found.kind == "guardians" or outcome != "talked":
        raise ConsentRefused("disagreement", _("This case ends in another way."))
    return _end(found, outcome, reason, by)


def _decided(
    found: Disagreement, everything: list[Consent], reason: str, by: Actor, holds: UUID | None
) -> DisagreementEnd:
    """A court has said whose word holds: the other's yes ends, the other's no counts no more."""
    if holds not in guardians_in(found):
        raise ConsentRefused("disagreement", _("Say whose word the court lets hold."))
    end = _end(found, "court", reason, by, holds)
    against = _objectors(everything)
    for one in _open(everything):
        disputed = holds in against or one.given_by in against
        if one.capacity == "guardian" and one.given_by != holds and disputed:
            happen(one, "withdrawn", None, "court")
    for one in everything[-1:]:
        weigh(one, None)
    return end


def _end(
    found: Disagreement, outcome: str, reason: str, by: Actor | None, holds: UUID | None = None
) -> DisagreementEnd:
    end = DisagreementEnd(
        disagreement=found,
        outcome=outcome,
        reason=reason[:300],
        holds=holds,
        at=clock.now(),
        by=by.person if by else None,
        by_name=by.name if by else "",
    )
    end.save()
    return end


def _cases(consent: Consent, kind: str) -> list[Disagreement]:
    about = {name: getattr(consent, name) for name in ("subject", "recipient", "purpose", "dataset")}
    return list(Disagreement.objects.filter(**about, kind=kind, end=None))


def _open(consents: list[Consent]) -> list[Consent]:
    return [one for one in consents if state_of(one) not in ENDED]


def _ended_another_s(consent: Consent, everything: list[Consent], person: UUID | None) -> bool:
    now = next(one for one in everything if one.pk == consent.pk)
    ends = [event for event in now.events.all() if event.kind == "withdrawn"]
    return bool(ends) and ends[0].by == person and now.given_by != person


def _objectors(everything: list[Consent]) -> set[UUID]:
    """The guardians of today whose last word is no."""
    words: dict[UUID, bool] = {}
    events = sorted(
        ((event, one) for one in everything for event in one.events.all()), key=lambda both: (both[0].at, both[0].pk)
    )
    for event, one in events:
        if event.by is None or event.by == one.subject or one.capacity != "guardian":
            continue
        if event.kind == "given":
            words[event.by] = True
        elif event.kind == "refused" or (event.kind == "withdrawn" and event.by != one.given_by):
            words[event.by] = event.at <= _overruled(one, event.by)
    return {person for person, yes in words.items() if not yes and is_guardian(person, everything[0].subject)}


def _overruled(one: Consent, person: UUID) -> datetime:
    """The moment until which a court has let another guardian's word hold over this one's."""
    about = {name: getattr(one, name) for name in ("subject", "recipient", "purpose", "dataset")}
    ends = DisagreementEnd.objects.filter(
        outcome="court", **{f"disagreement__{key}": value for key, value in about.items()}
    )
    last = ends.order_by("-id").first()
    return last.at if last and last.holds != person else NEVER


def _stands_against(one: Consent, everything: list[Consent], against: set[UUID]) -> bool:
    """Whether another guardian's no, or a yes to something else altogether, stands against a guardian's yes."""
    if one.capacity != "guardian" or one.given_by is None:
        return False
    if against - {one.given_by}:
        return True
    newest = {other.given_by: other for other in _open(everything) if other.capacity == "guardian"}
    return any(giver != one.given_by and narrowed(one, other) is None for giver, other in newest.items())


def _pause_or_go_on(one: Consent, stands_against: bool) -> bool:
    """Whether it was paused or let go on now."""
    events = list(one.events.all())
    if state_of(one) in ENDED or stands_against == is_disputed(events):
        return False
    happen(one, "disputed" if stands_against else "settled", None)
    return True
