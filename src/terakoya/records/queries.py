"""Reads of learning records for pages, statistics and sharing. Voided statements are in none of them."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext, pgettext

from terakoya.access import api as access
from terakoya.curriculum import api as curriculum

from .models import ALIVE, Statement

_SHOWN = (
    "statement_id",
    "timestamp",
    "verb",
    "title",
    "subject",
    "unit",
    "unit_title",
    "scaled",
    "success",
    "source",
    "holder",
)


@dataclass(frozen=True)
class RecordLine:
    """One record as a page shows it: ``verb`` is an IRI, ``scaled`` from -1 to 1, ``holder`` "" for own ones."""

    id: UUID
    at: datetime
    verb: str
    title: str
    subject: str
    unit: str
    unit_name: str
    scaled: float | None
    success: bool | None
    source: str
    holder: str

    @property
    def percent(self) -> int | None:
        """The score in percent, 0 to 100."""
        return None if self.scaled is None else percent(self.scaled)

    @property
    def subject_name(self) -> str:
        return curriculum.subject_name(self.subject)

    @property
    def unit_title(self) -> str:
        return curriculum.unit_title(self.unit, self.unit_name) if self.unit else self.unit_name

    @property
    def verb_name(self) -> str:
        """What was done, in the reader's language."""
        names = {
            "answered": pgettext("learning", "answered"),
            "attempted": pgettext("learning", "tried"),
            "completed": pgettext("learning", "finished"),
            "passed": pgettext("learning", "passed"),
            "failed": pgettext("learning", "not passed yet"),
            "launched": pgettext("learning", "opened"),
            "viewed": pgettext("learning", "looked at"),
        }
        last = self.verb.rstrip("/").rsplit("/", 1)[-1]
        return names.get(last, last)


@dataclass(frozen=True)
class Figure:
    """A mean score in percent (0 to 100) and the number of scored records behind it."""

    percent: int
    count: int


@dataclass(frozen=True)
class SubjectSummary:
    """One subject of a person: its code, the number of records, the mean in percent (``None`` without scores)."""

    subject: str
    count: int
    percent: int | None

    @property
    def name(self) -> str:
        return curriculum.subject_name(self.subject)


@dataclass(frozen=True)
class Summary:
    """What is here about a person: how many records, from when to when, per subject, per holder ("" = own)."""

    count: int
    first_at: datetime | None
    last_at: datetime | None
    subjects: list[SubjectSummary]
    holders: dict[str, int]


@dataclass(frozen=True)
class PseudonymousRow:
    """Mean score (-1 to 1) and count of one pupil in one unit; ``pupil`` is a name that only this one reading uses."""

    pupil: str
    grade: str
    subject: str
    unit: str
    scaled: float
    count: int


def percent(scaled: float) -> int:
    return round(100 * min(1.0, max(0.0, scaled)))


def about(person: UUID, subjects: Iterable[str] | None, since: date | None, until: date | None) -> QuerySet[Statement]:
    """The living statements about a person within subjects (``None``: all) and days (both within)."""
    found = _of(person)
    if subjects is not None:
        found = found.filter(subject__in=list(subjects))
    if since is not None:
        found = found.filter(day__gte=since)
    if until is not None:
        found = found.filter(day__lte=until)
    return found


def _of(person: UUID) -> QuerySet[Statement]:
    """The living statements about a person, under whichever of their keys they came."""
    return Statement.objects.filter(ALIVE, person__in=access.keys_of([person])[person])


def statements_about(
    person: UUID,
    *,
    subjects: Iterable[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 100,
) -> list[RecordLine]:
    """The latest records of a person, newest first.

    ``subjects`` are national codes (``P030``), ``None`` for all; ``since`` and ``until`` are days in Japan, both
    within. Whether the reader may see them is asked of ``access`` by the caller.
    """
    found = about(person, subjects, since, until).order_by("-timestamp", "-seq")
    return [RecordLine(*row) for row in found.values_list(*_SHOWN)[:limit]]


def newest(found: QuerySet[Statement]) -> RecordLine | None:
    """The newest of some statements."""
    row = found.order_by("-timestamp", "-seq").values_list(*_SHOWN).first()
    return RecordLine(*row) if row else None


def in_words(line: RecordLine) -> str:
    """A record in one short phrase: subject, unit, and the score or what was done."""
    names = {"subject": line.subject_name, "unit": line.unit_title, "verb": line.verb_name, "percent": line.percent}
    if line.percent is None:
        # family
        return gettext("%(subject)s, %(unit)s: %(verb)s") % names
    # family
    return gettext("%(subject)s, %(unit)s: score %(percent)s%%") % names


def count_about(
    person: UUID,
    *,
    subjects: Iterable[str] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """How many records ``statements_about`` would find without a limit."""
    return about(person, subjects, since, until).count()


def unit_figures(
    people: Iterable[UUID],
    subject: str,
    *,
    since: date | None = None,
    until: date | None = None,
) -> dict[UUID, dict[str, Figure]]:
    """For each of the people and each unit of the subject in which they have scores: mean in percent and count.

    Units are Course of Study codes; ``unit_title`` of the curriculum names them. People without scores are left out.
    """
    keys = access.keys_of(people)
    asked = {key: person for person, own in keys.items() for key in own}
    found = Statement.objects.filter(ALIVE, subject=subject, person__in=list(asked), scaled__isnull=False)
    if since is not None:
        found = found.filter(day__gte=since)
    if until is not None:
        found = found.filter(day__lte=until)
    sums: dict[UUID, dict[str, tuple[float, int]]] = {}
    rows = found.exclude(unit="").values_list("person", "unit").annotate(Avg("scaled"), Count("seq")).order_by()
    for key, unit, mean, count in rows:
        units = sums.setdefault(asked[key], {})
        total, number = units.get(unit, (0.0, 0))  # of an entry that was put together with the person
        units[unit] = total + mean * count, number + count
    return {
        person: {unit: Figure(percent(total / number), number) for unit, (total, number) in units.items()}
        for person, units in sums.items()
    }


def subjects_of(person: UUID) -> list[str]:
    """The codes of the subjects in which a person has records, in the order of the codes."""
    found = _of(person).exclude(subject="")
    return list(found.order_by("subject").values_list("subject", flat=True).distinct())


def summary_of(person: UUID) -> Summary:
    """What is stored here about a person, counted; no single record."""
    found = _of(person)
    whole = found.aggregate(count=Count("seq"), first=Min("timestamp"), last=Max("timestamp"))
    by_subject = found.exclude(subject="").values_list("subject").annotate(Count("seq"), Avg("scaled"))
    by_holder = found.values_list("holder").annotate(Count("seq")).order_by("holder")
    return Summary(
        whole["count"],
        whole["first"],
        whole["last"],
        [
            SubjectSummary(subject, count, None if mean is None else percent(mean))
            for subject, count, mean in by_subject.order_by("subject")
        ],
        dict(by_holder),
    )


def pseudonymous_rows(*, since: date | None = None, until: date | None = None) -> Iterator[PseudonymousRow]:
    """Scores per pupil and unit under names that are drawn anew for each call, so that two readings cannot be joined.

    Only what was recorded at this node; for statistics, which must not see who is who (APPI art. 2 (5), 41).
    """
    secret = secrets.token_bytes(32)
    scored = Q(person__isnull=False, scaled__isnull=False, holder="")
    found = Statement.objects.filter(ALIVE, scored).exclude(subject="")
    if since is not None:
        found = found.filter(day__gte=since)
    if until is not None:
        found = found.filter(day__lte=until)
    groups = found.values_list("person", "grade", "subject", "unit").annotate(Avg("scaled"), Count(F("seq")))
    for person, *rest in groups.order_by("subject", "grade", "unit").iterator():
        yield PseudonymousRow(_pseudonym(secret, person), *rest)


def _pseudonym(secret: bytes, person: UUID | None) -> str:
    return hmac.new(secret, str(person).encode(), hashlib.sha256).hexdigest()[:16]
