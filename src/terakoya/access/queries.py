"""Reads: consents with their state, one by one and as filters of a database."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from terakoya.kit import clock

from .actors import Actor
from .ages import ASSENT
from .errors import UnknownConsent
from .keys import all_keys, keys_of
from .models import Consent, ConsentEvent
from .scopes import narrowed, within
from .states import ENDED, ENDS, state_of
from .terms import Terms

__all__ = ["ENDED", "ENDS", "Standing", "state_of", "within"]


@dataclass(frozen=True)
class Standing:
    """What consents say about one use of one person's data: the living one, and whether one was withdrawn.

    Where several guardians agreed, scope and end of ``living`` are cut down to what each of them permits.
    """

    living: Consent | None = None
    revoked: bool = False


def consent(uuid: UUID) -> Consent:
    """The consent (or copy of one) with this number; raises ``UnknownConsent``."""
    found = Consent.objects.prefetch_related("events").filter(uuid=uuid).first()
    if found is None:
        raise UnknownConsent(str(uuid))
    return found


def living_consent(
    subject: UUID, recipient: str, category: str, purpose: str, at: datetime | None = None
) -> Consent | None:
    """The consent in force at ``at`` (default: now) for exactly this person, recipient, category and purpose."""
    return standings([subject], recipient, category, purpose, at)[subject].living


def standings(
    subjects: Collection[UUID], recipient: str, category: str, purpose: str, at: datetime | None = None
) -> dict[UUID, Standing]:
    """For each person what consents say about a use; the newest living consent counts. Three queries for all."""
    keys = keys_of(subjects)
    asked = Consent.objects.filter(subject__in=set().union(*keys.values()), recipient=recipient, purpose=purpose)
    of_key: dict[UUID, list[Consent]] = defaultdict(list)
    for candidate in asked.prefetch_related("events").order_by("-created_at", "-id"):
        if category in candidate.categories:
            of_key[candidate.subject].append(candidate)
    found = {subject: _newest_first(of_key, own) for subject, own in keys.items()}
    return {subject: _standing(consents, at) for subject, consents in found.items()}


def living_consents(recipient: str, purpose: str, category: str, on: date | None = None) -> "QuerySet[Consent, UUID]":
    """The persons about whom a consent to exactly this use lives on a day (default: today), as a subquery for filters.

    The same rule as :func:`standings`, said in the database's words; where several guardians agreed about somebody, it
    is asked at once whether their words have anything in common.
    """
    living = in_force(on or clock.today()).filter(recipient=recipient, purpose=purpose, named__category=category)
    return living.exclude(subject__in=_left_with_nothing(living)).values_list("subject", flat=True)


def revoked_consents(recipient: str, purpose: str, category: str) -> "QuerySet[Consent, UUID]":
    """The persons about whom some consent to exactly this use was withdrawn, whether another lives or not."""
    ended = Consent.objects.filter(recipient=recipient, purpose=purpose, named__category=category)
    return ended.filter(events__kind="withdrawn").values_list("subject", flat=True)


def in_force(day: date) -> QuerySet[Consent]:
    """The consents in the state ``given`` on a day."""
    events = ConsentEvent.objects.filter(consent=OuterRef("pk"))
    later = ConsentEvent.objects.filter(consent=OuterRef("consent"), kind="settled", pk__gt=OuterRef("pk"))
    disputed = events.filter(kind="disputed").exclude(Exists(later))
    return Consent.objects.filter(
        Exists(events.filter(kind="given")),
        ~Exists(events.filter(kind__in=list(ENDS))),
        ~Exists(disputed),
        ~Q(capacity="guardian", band=ASSENT) | Exists(events.filter(kind="assented")),
        Q(valid_from=None) | Q(valid_from__lte=day),
        Q(lapses_on=None) | Q(lapses_on__gt=day),
        valid_until__gte=day,
    )


def consents_about(person: UUID) -> list[Consent]:
    """All consents and copies about the person, newest first, with their events."""
    return list(
        Consent.objects.filter(subject__in=all_keys([person])).prefetch_related("events").order_by("-created_at", "-id")
    )


def consents_seen_by(giver: UUID, people: Iterable[UUID]) -> list[Consent]:
    """All consents that someone gave, and all about the persons, newest first, with their events."""
    asked = Consent.objects.filter(Q(given_by=giver) | Q(subject__in=all_keys(people)))
    return list(asked.prefetch_related("events").order_by("-created_at", "-id"))


def alike(consent: Consent) -> list[Consent]:
    """All consents recorded here about the same person, recipient, purpose and data set, oldest first, with events."""
    found = Consent.objects.filter(
        subject__in=all_keys([consent.subject]),
        recipient=consent.recipient,
        purpose=consent.purpose,
        dataset=consent.dataset,
        source=consent.source,
    )
    return list(found.prefetch_related("events").order_by("id"))


def agreed_before(terms: Terms, by: Actor) -> bool:
    """Whether the reader has agreed to the like of these terms already: a no now ends that too."""
    known = Consent(
        subject=terms.subject, recipient=terms.recipient, purpose=terms.purpose, dataset=terms.dataset, source=""
    )
    return any(one.given_by == by.person and state_of(one) not in ENDED for one in alike(known))


def effective(consent: Consent, at: datetime | None = None) -> Consent | None:
    """A living consent as far as every other guardian who gave one of the kind permits it; None where not at all."""
    if state_of(consent, at) != "given":
        return None
    return _cut_down(consent, [other for other in alike(consent) if state_of(other, at) == "given"])


def heir_of(uuid: UUID) -> Consent | None:
    """The consent that took the place of the one with this number."""
    return Consent.objects.filter(supersedes=uuid).prefetch_related("events").first()


def lineage(consent: Consent) -> list[UUID]:
    """The number of a consent and of those it took the place of, the newest first."""
    numbers, earlier = [consent.uuid], consent.supersedes
    while earlier is not None and earlier not in numbers:
        numbers.append(earlier)
        earlier = Consent.objects.filter(uuid=earlier).values_list("supersedes", flat=True).first()
    return numbers


def _newest_first(of_key: dict[UUID, list[Consent]], keys: set[UUID]) -> list[Consent]:
    """The consents about a person under all their keys, the newest first."""
    found = [one for key in keys for one in of_key.get(key, ())]
    return sorted(found, key=lambda one: (one.created_at, one.pk), reverse=True)


def _standing(consents: list[Consent], at: datetime | None) -> Standing:
    states = [(state_of(consent, at), consent) for consent in consents]
    given = [consent for state, consent in states if state == "given"]
    living = _left_of(given) if given else None
    return Standing(living, living is None and any(state == "withdrawn" for state, _consent in states))


def _left_of(given: list[Consent]) -> Consent | None:
    """What living consents about a person, the newest first, leave to the newest; None where that is nothing."""
    return _cut_down(given[0], [one for one in given if one.dataset == given[0].dataset])


def _left_with_nothing(living: QuerySet[Consent]) -> list[UUID]:
    """Of the persons about whom several guardians agreed, those for whom their words have nothing in common."""
    by_person = living.filter(capacity="guardian").order_by().values("subject")
    several = by_person.annotate(givers=Count("given_by", distinct=True)).filter(givers__gt=1)
    given: dict[UUID, list[Consent]] = defaultdict(list)
    for consent in living.filter(subject__in=several.values("subject")).order_by("-created_at", "-id"):
        given[consent.subject].append(consent)
    return [person for person, consents in given.items() if _left_of(consents) is None]


def _cut_down(consent: Consent, others: list[Consent]) -> Consent | None:
    """A guardian's consent, cut down to the newest one of each other guardian among the others."""
    newest = {other.given_by: other for other in sorted(others, key=lambda one: one.pk)}
    left: Consent | None = consent
    for giver, other in newest.items():
        if left is not None and giver != consent.given_by and {consent.capacity, other.capacity} == {"guardian"}:
            left = narrowed(left, other)
    return left
