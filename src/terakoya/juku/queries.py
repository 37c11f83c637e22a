"""Reads for the teacher's pages: the own pupils, how each invitation stands, and what a consent lets be seen."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terakoya.access import api as access
from terakoya.access.errors import UnknownConsent
from terakoya.curriculum import api as curriculum
from terakoya.exchange import api as exchange
from terakoya.kit import clock
from terakoya.records import api as records
from terakoya.roster import api as roster

from .models import Invitation
from .policy import SHARED

LONGEST_LIST = 2000
WORDS: dict[str, tuple[str | Promise, str, str]] = {
    "none": (_("not invited yet"), "", ""),
    "waiting": (_("waiting for the family"), "info", "clock"),
    "used": (_("agreed, records are on their way"), "info", "download"),
    "shared": (_("shared"), "success", "check"),
    "stopped": (_("stopped by the family"), "warning", "stop"),
    "ended": (_("time over"), "", "calendar"),
    "expired": (_("code expired"), "", "clock"),
}


@dataclass(frozen=True)
class Standing:
    """How an invitation stands: ``state`` is a key of ``WORDS``; ``consent`` is this node's copy, when there is one."""

    state: str
    invitation: Invitation | None = None
    consent: access.Consent | None = None
    count: int = 0

    @property
    def word(self) -> str | Promise:
        return WORDS[self.state][0]

    @property
    def tone(self) -> str:
        return WORDS[self.state][1]

    @property
    def icon(self) -> str:
        return WORDS[self.state][2]


@dataclass(frozen=True)
class PupilLine:
    """One pupil on the teacher's home."""

    pupil: roster.Pupil
    standing: Standing


@dataclass(frozen=True)
class UnitLine:
    """The mean of the shared records of a unit, in per cent, and how many they are."""

    title: str
    percent: int
    count: int


@dataclass(frozen=True)
class SubjectShare:
    """The shared records of one subject: bars by unit, the mean in per cent (None without scores)."""

    name: str
    percent: int | None
    count: int
    units: list[UnitLine]


@dataclass(frozen=True)
class Share:
    """Exactly what one consent lets be seen."""

    standing: Standing
    subjects: list[SubjectShare]
    lines: list[records.RecordLine]

    @property
    def consent(self) -> access.Consent | None:
        return self.standing.consent

    @property
    def agreed_subjects(self) -> list[str]:
        subjects = self.consent.scope.get("subjects", []) if self.consent else []
        return [curriculum.subject_name(subject) for subject in subjects]

    @property
    def first_day(self) -> date | None:
        return _day(self.consent.scope.get("from")) if self.consent else None

    @property
    def last_day(self) -> date | None:
        return _day(self.consent.scope.get("to")) if self.consent else None

    @property
    def purpose_name(self) -> str:
        return access.purpose_name(self.consent.purpose) if self.consent else ""


@dataclass(frozen=True)
class Past:
    """A consent that ended: when, and what became of the copy."""

    standing: Standing
    ended_at: datetime | None
    deletion: object | None


def is_teacher(request: HttpRequest) -> bool:
    """Whether a member of the cram school's staff is signed in."""
    return settings.NODE_KIND == "juku" and access.actor_of(request).stakeholder == "cram_school"


def school_name(request: HttpRequest) -> str:
    """The name of the cram school that stands before its teacher's name."""
    return access.actor_of(request).organisation if is_teacher(request) else ""


def classes_with_pupils(teacher: UUID | None) -> list[tuple[roster.SchoolClass, list[PupilLine]]]:
    """The teacher's classes of today, each with its pupils and how their latest invitation stands."""
    classes = roster.classes_of_teacher(teacher) if teacher else []
    pupils = {klass.pk: roster.pupils_in(klass) for klass in classes}
    latest = latest_standings({pupil.person for group in pupils.values() for pupil in group})
    nothing = Standing("none")
    return [(klass, [PupilLine(p, latest.get(p.person, nothing)) for p in pupils[klass.pk]]) for klass in classes]


def latest_standings(pupils: set[UUID]) -> dict[UUID, Standing]:
    """For each pupil: a living share if there is one, else the latest invitation; pupils without one are left out."""
    found: dict[UUID, list[Standing]] = defaultdict(list)
    for invitation in Invitation.objects.filter(pupil__in=pupils):
        if not found[invitation.pupil] or invitation.consent:
            found[invitation.pupil].append(standing(invitation))
    return {pupil: _most_telling(standings) for pupil, standings in found.items() if standings}


def standing(invitation: Invitation) -> Standing:
    """How one invitation stands today."""
    if invitation.consent is None:
        return Standing("expired" if invitation.expires_at <= clock.now() else "waiting", invitation)
    try:
        consent = access.consent(invitation.consent)
    except UnknownConsent:
        return Standing("used", invitation)
    state = access.state_of(consent)
    if state != "given":
        return Standing("ended" if state == "expired" else "stopped", invitation, consent)
    count = len(lines_under(invitation.pupil, consent))
    return Standing("shared" if count else "used", invitation, consent, count)


def standings_of(pupil: UUID) -> list[Standing]:
    """How each invitation of a pupil stands, the newest first."""
    return [standing(invitation) for invitation in Invitation.objects.filter(pupil=pupil)]


def lines_under(pupil: UUID, consent: access.Consent) -> list[records.RecordLine]:
    """The records that came under a consent: its subjects and days, from its holder; none of another origin."""
    scope = consent.scope
    lines = records.statements_about(
        pupil,
        subjects=scope.get("subjects") or None,
        since=_day(scope.get("from")),
        until=_day(scope.get("to")),
        limit=LONGEST_LIST,
    )
    return [line for line in lines if line.holder == consent.holder] if SHARED in consent.categories else []


def share(standing: Standing) -> Share:
    """What the consent of a living share lets be seen."""
    if standing.consent is None or standing.invitation is None:
        return Share(standing, [], [])
    lines = lines_under(standing.invitation.pupil, standing.consent)
    return Share(standing, _subjects(lines), lines)


def past(standing: Standing) -> Past:
    """When a consent ended, and what became of the copy."""
    consent = standing.consent
    if consent is None:
        return Past(standing, None, None)
    ends = [event.at for event in consent.events.all() if event.kind == "withdrawn"]
    return Past(standing, ends[0] if ends else None, exchange.deletion_of(consent.uuid))


def _most_telling(standings: list[Standing]) -> Standing:
    return next((standing for standing in standings if standing.state in ("shared", "used")), standings[0])


def _subjects(lines: list[records.RecordLine]) -> list[SubjectShare]:
    by_subject: dict[str, list[records.RecordLine]] = defaultdict(list)
    for line in lines:
        by_subject[line.subject].append(line)
    return [_subject(by_subject[subject]) for subject in sorted(by_subject)]


def _subject(lines: list[records.RecordLine]) -> SubjectShare:
    units: dict[str, list[int]] = defaultdict(list)
    titles = {line.unit: line.unit_title for line in lines}
    for line in lines:
        if line.percent is not None:
            units[line.unit].append(line.percent)
    scores = [score for unit in units.values() for score in unit]
    return SubjectShare(
        lines[0].subject_name,
        round(sum(scores) / len(scores)) if scores else None,
        len(lines),
        [UnitLine(titles[unit], round(sum(own) / len(own)), len(own)) for unit, own in sorted(units.items())],
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
