"""Organisations and sessions as a profile has them: fewer types, fewer levels. Both are few enough to be held."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from terakoya.roster.models import AcademicSession, Organisation
from terakoya.standards.oneroster_profiles import Profile

SCHOOL_YEAR = "schoolYear"


class Places:
    """The organisations and sessions of a package; a row that the profile has not is passed over upwards."""

    def __init__(
        self,
        profile: Profile,
        organisations: Sequence[Organisation],
        sessions: Sequence[AcademicSession],
        chosen: frozenset[UUID] | None,
        lenders: Iterable[UUID] = (),
    ) -> None:
        """lenders: organisations outside of the chosen ones to which courses of their classes belong"""
        self.profile, self.chosen, self.lenders = profile, chosen, frozenset(lenders)
        self._organisations = {one.uuid: one for one in organisations}
        self._sessions = {one.pk: one for one in sessions}

    # --- organisations ---

    @cached_property
    def inside(self) -> frozenset[UUID]:
        """Those whose roles and classes are told: the chosen ones and all below them."""
        return frozenset(
            key
            for key, one in self._organisations.items()
            if self._is_carried(one) and (self.chosen is None or not self.chosen.isdisjoint(self._with_all_above(key)))
        )

    @cached_property
    def named(self) -> frozenset[UUID]:
        """Those that are told of: also what stands above."""
        above = {up for key in self.inside | self.lenders for up in self._with_all_above(key)}
        return frozenset(key for key in above if self._is_carried(self._organisations[key]))

    def organisations(self) -> list[Organisation]:
        return [self._organisations[key] for key in self.named]

    def above(self, one: Organisation) -> str:
        """The identifier of the next organisation above one that is told of; empty where there is none."""
        if self.kind(one) in self.profile.roots:
            return ""
        ups = [up for up in self._with_all_above(one.uuid) if up != one.uuid and up in self.named]
        return self._organisations[ups[0]].sourced_id if ups else ""

    def kind(self, one: Organisation) -> str:
        return self.profile.carried("orgType", one.kind) or ""

    def identifier(self, key: UUID | None) -> str:
        """The identifier of an organisation; empty where it is not told of."""
        return self._organisations[key].sourced_id if key in self.named and key is not None else ""

    def _is_carried(self, one: Organisation) -> bool:
        return bool(self.kind(one))

    def _with_all_above(self, key: UUID) -> list[UUID]:
        return list(_upwards(key, lambda at: self._organisations[at].parent_id, self._organisations))

    # --- sessions ---

    def sessions(self) -> list[AcademicSession]:
        return [one for one in self._sessions.values() if self.of_session(one.pk) == one.sourced_id]

    def of_session(self, key: int | None) -> str:
        """The identifier of the session that stands for one: itself, or the year it belongs to; empty without one."""
        one = self._sessions.get(key) if key is not None else None
        if one is None:
            return ""
        kind = self.profile.carried("sessionType", one.kind)
        if kind == one.kind:
            return one.sourced_id
        year = self._year_of(one) if kind == SCHOOL_YEAR else None
        return year.sourced_id if year else ""

    def above_session(self, one: AcademicSession) -> str:
        above = self.of_session(one.parent_id)
        return above if above != one.sourced_id else ""

    def year_of_course(self, key: int | None) -> str:
        """The identifier of the school year of a course: the standard takes no shorter session for it."""
        one = self._sessions.get(key) if key is not None else None
        year = self._year_of(one) if one else None
        return self.of_session(year.pk) if year else ""

    def spanning(self, one: Any) -> list[str]:
        """The sessions as long as a class of which the roster does not know in which sessions it is held."""
        return [
            session.sourced_id
            for session in self.sessions()
            if (session.begins, session.ends) == (one.begins, one.ends)
        ][:1]

    def _year_of(self, one: AcademicSession) -> AcademicSession | None:
        up = [self._sessions[at] for at in _upwards(one.pk, lambda at: self._sessions[at].parent_id, self._sessions)]
        around = [year for year in self._sessions.values() if year.begins <= one.begins and one.ends <= year.ends]
        years = [year for year in (*up, *sorted(around, key=lambda year: year.sourced_id)) if year.kind == SCHOOL_YEAR]
        return years[0] if years else None


def _upwards(key: Any, parent: Any, known: Any) -> Iterable[Any]:
    """A key and those above it, as long as they are known; a circle ends where it begins."""
    seen = set()
    while key in known and key not in seen:
        seen.add(key)
        yield key
        key = parent(key)
