"""Writes of the roster: a delivery replaces what the node held of the organisations it speaks of."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from terakoya.identity import api as identity

from . import accounts
from .changing import Writing
from .delivery import Delivery, DemographicsLine, PersonLine
from .findings import CONFIRM, Findings
from .models import (
    AcademicSession,
    AddressProtection,
    Course,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    Role,
    RosterImport,
    SchoolClass,
)
from .periods import Counts, Facts, Periods, Wanted, by_key, replace_rows

REMOVALS_PERCENT = 10
LONGEST_ACCOUNT_NAME = 120

AllCounts = dict[str, dict[str, int]]
Listener = Callable[[RosterImport, int], None]
_listeners: list[Listener] = []


def on_import(listener: Listener) -> Listener:
    """Register a function called in the transaction of each import, with its entry and how many people it is about."""
    _listeners.append(listener)
    return listener


def tell(entry: RosterImport) -> None:
    """Call the registered functions; in the transaction of the import, with its counts in the entry."""
    counts = entry.counts["people"]
    for listener in _listeners:
        listener(entry, counts["new"] + counts["changed"] + counts["unchanged"])


def replace(delivery: Delivery, writing: Writing, *, day: date, findings: Findings) -> AllCounts:
    """Take a delivery over as of a day, as the part of a change; the counts of each kind of row.

    What cannot be written is found; the caller rolls back when there are errors. The clause: bulk processing of the
    OneRoster 1.2 CSV binding (a bulk file holds everything), with periods closed instead of rows deleted.
    """
    return _Replacement(delivery, day, writing, findings).run()


class _Replacement:
    def __init__(self, delivery: Delivery, day: date, writing: Writing, findings: Findings) -> None:
        self.delivery, self.day, self.writing, self.findings = delivery, day, writing, findings
        self.reference = str(writing.change.uuid)
        self.counts: dict[str, Counts] = {}

    def run(self) -> AllCounts:
        self._places()
        before = accounts.permissions_on(self.day)
        self._people()
        if not self.findings.has_errors:
            self._periods()
            accounts.follow_roles(self.day, new=self.new_people, reference=self.reference)
            after = accounts.permissions_on(self.day)
            accounts.tell_changes(before, after, new=self.new_people, reference=self.reference)
        return {name: counts.as_dict() for name, counts in self.counts.items()}

    # --- organisations, sessions, courses, classes ---

    def _places(self) -> None:
        self.organisations = self._tree(Organisation, "organisations", ("name", "kind", "code"))
        self.sessions = self._tree(AcademicSession, "sessions", ("title", "kind", "begins", "ends", "school_year"))
        spoken_of = self.delivery.organisations_spoken_of()
        self.scope = {self.organisations[key].pk for key in spoken_of}
        courses = {
            line.key: _facts(line, ("title", "code", "grades", "subjects"))
            | {
                "sourced_id": line.key,
                "organisation_id": self.organisations[line.organisation].pk,
                "session_id": self.sessions[line.session].pk if line.session else None,
                "ended": None,
            }
            for line in self.delivery.courses
        }
        self.courses = self._replace_ending(Course, "courses", courses, "organisation_id")
        fields = ("title", "kind", "code", "location", "grades", "subjects", "subject_codes", "special_needs")
        classes = {
            line.key: _facts(line, (*fields, "begins", "ends"))
            | {
                "sourced_id": line.key,
                "school_id": self.organisations[line.school].pk,
                "course_id": self.courses[line.course].pk,
                "ended": None,
            }
            for line in self.delivery.classes
        }
        self.classes = self._replace_ending(SchoolClass, "classes", classes, "school_id")

    def _tree(self, model: Any, name: str, fields: tuple[str, ...]) -> dict[str, Any]:
        """Rows with parents of their own kind: parents first, so that each can point to a row that is there."""
        rows: dict[str, Any] = {}
        known = by_key(model.objects.all(), lambda row: row.sourced_id)
        total = self.counts.setdefault(name, Counts())
        for level in _levels(getattr(self.delivery, name)):
            wanted = {
                line.key: _facts(line, fields)
                | {"sourced_id": line.key, "parent_id": rows[line.parent].pk if line.parent else None}
                for line in level
            }
            written, counts = replace_rows(model, known, wanted, self.writing)
            rows |= written
            total.new, total.changed = total.new + counts.new, total.changed + counts.changed
            total.unchanged += counts.unchanged
        return rows

    def _replace_ending(self, model: Any, name: str, wanted: dict[str, Facts], owner: str) -> dict[str, Any]:
        known = by_key(model.objects.all(), lambda row: row.sourced_id)
        rows, counts = replace_rows(model, known, wanted, self.writing)
        missing = [
            row
            for key, row in known.items()
            if key not in wanted and row.ended is None and getattr(row, owner) in self.scope
        ]
        counts.ended = self.writing.update((row, {"ended": self.day}) for row in missing)
        self.counts[name] = counts
        return rows

    # --- people ---

    def _people(self) -> None:
        known = list(Person.objects.all())
        by_uuid: dict[UUID | None, Person] = {row.uuid: row for row in known}
        by_id = by_key(known, lambda row: row.sourced_id)
        rows: dict[str, Person] = {}
        wanted: dict[str, Facts] = {}
        claimed: set[UUID] = set()
        for line in self.delivery.people:
            row = by_id.get(line.key) or by_uuid.get(line.uuid)
            if row is not None:
                if line.uuid not in (None, row.uuid) or row.uuid in claimed:
                    self._find_changed_key(line, row)
                    continue
                claimed.add(row.uuid)
                rows[line.key] = row
            wanted[line.key] = self._person_facts(line, row)
        if self.findings.has_errors:
            return
        self.people, self.counts["people"] = replace_rows(Person, rows, wanted, self.writing)
        self.new_people = {self.people[line.key].uuid for line in self.delivery.people if line.key not in rows}
        self._accounts()

    def _find_changed_key(self, line: PersonLine, row: Person) -> None:
        self.findings.add(
            "person.key_changed",
            file="users.csv",
            row=line.row,
            header="userMasterIdentifier",
            found=str(line.uuid),
            known=str(row.uuid),
            cause=line.key,
        )

    def _person_facts(self, line: PersonLine, row: Person | None) -> Facts:
        names = ("official_family", "official_given", "official_middle", "display_family", "display_given")
        facts = _facts(line, (*names, "kana_family", "kana_given", "username", "enabled", "grade", "phone", "email"))
        facts |= {"sourced_id": line.key, "ended": None}
        if line.address is not None:
            facts["address"] = line.address
        if self.delivery.demographics is not None:
            facts |= asdict(self.delivery.demographics.get(line.key) or DemographicsLine())
        if row is None:
            facts["uuid"] = line.uuid or uuid4()
        return facts

    def _accounts(self) -> None:
        lines = {self.people[line.key].uuid: line for line in self.delivery.people}
        named = {
            uuid: identity.NewAccount(line.username, self.people[line.key].name[:LONGEST_ACCOUNT_NAME], uuid)
            for uuid, line in lines.items()
        }
        known = [one for uuid, one in named.items() if uuid not in self.new_people]
        refused = identity.rename_accounts(known, reference=self.reference)  # first: a name given up is free then
        refused += identity.create_accounts(named[uuid] for uuid in lines if uuid in self.new_people)
        for one in refused:
            line = lines[one.person]
            self.findings.add(
                "username.taken",
                file="users.csv",
                row=line.row,
                header="username",
                found=line.username,
                cause=line.username,
            )

    # --- what has a beginning and an end ---

    def _periods(self) -> None:
        self._enrolments()
        self._roles()
        children = {self.people[line.key].uuid for line in self.delivery.people}
        guardianships = {(self.people[one].uuid, self.people[child].uuid) for one, child in self.delivery.guardianships}
        self.counts["guardianships"] = self._pairs(
            Guardianship, ("guardian_id", "child_id"), guardianships, children, 1
        )
        if self.delivery.protections is not None:
            pairs = {(self.people[one].uuid, self.people[other].uuid) for one, other in self.delivery.protections}
            counts = self._pairs(AddressProtection, ("person_id", "hidden_from_id"), pairs, children, 0)
            self.counts["protections"] = counts
        self._end_people()

    def _enrolments(self) -> None:
        wanted: dict[Any, Wanted] = {}
        for line in self.delivery.enrolments:
            klass = self.classes[line.school_class]
            lasting = {
                "sourced_id": line.key,
                "person_id": self.people[line.person].uuid,
                "school_class_id": klass.pk,
                "role": line.role,
                "number": line.number,
            }
            loose = _facts(line, ("is_primary", "is_public"))
            begins = line.begins or klass.begins
            wanted[line.key] = Wanted(lasting, loose, begins, begins, line.ends or klass.ends)
        rows = Enrolment.objects.living().filter(school_class__school__in=self.scope)
        living = by_key(rows, lambda row: row.sourced_id)
        self._guard_removals(wanted, living)
        self.counts["enrolments"] = Periods(Enrolment, self.day, self.writing).replace(
            wanted, living, _closed(Enrolment, "sourced_id")
        )

    def _guard_removals(self, wanted: dict[Any, Wanted], living: dict[Any, Enrolment]) -> None:
        holding = [key for key, row in living.items() if row.ends is None or row.ends > self.day]
        ended = sum(1 for key in holding if key not in wanted)
        if ended * 100 > len(holding) * REMOVALS_PERCENT:
            self.findings.add(
                "removals.many",
                severity=CONFIRM,
                file="enrollments.csv",
                ended=ended,
                all=len(holding),
                limit=REMOVALS_PERCENT,
            )

    def _roles(self) -> None:
        wanted: dict[Any, Wanted] = {}
        for line in self.delivery.roles:
            lasting = {
                "sourced_id": line.key,
                "person_id": self.people[line.person].uuid,
                "organisation_id": self.organisations[line.organisation].pk,
                "name": line.name,
            }
            loose = {"is_primary": line.is_primary}
            wanted[line.key] = Wanted(lasting, loose, line.begins, self._year_begins(), line.ends)
        living = by_key(Role.objects.living().filter(organisation__in=self.scope), lambda row: row.sourced_id)
        self.counts["roles"] = Periods(Role, self.day, self.writing).replace(
            wanted, living, _closed(Role, "sourced_id")
        )

    def _pairs(
        self, model: Any, names: tuple[str, str], pairs: set[tuple[UUID, UUID]], of: set[UUID], side: int
    ) -> Counts:
        """Pairs of people; those may end whose person on the given side is in the delivery."""
        wanted: dict[Any, Wanted] = {
            pair: Wanted(dict(zip(names, pair, strict=True)), {}, None, self._year_begins(), None) for pair in pairs
        }
        living: dict[Any, Any] = {
            pair: row
            for row in model.objects.living()
            if (pair := (getattr(row, names[0]), getattr(row, names[1])))[side] in of
        }
        return Periods(model, self.day, self.writing).replace(wanted, living, _closed(model, *names))

    def _year_begins(self) -> date:
        """The first day of the session around the day: since when a period counts that does not say it."""
        around = [line.begins for line in self.delivery.sessions if line.begins <= self.day < line.ends]
        return min(around, default=self.day)

    def _end_people(self) -> None:
        """People without any role left are kept, and marked as gone."""
        with_role = Role.objects.on(self.day).values("person")
        planned = Role.objects.living().filter(begins__gt=self.day).values("person")
        gone = Person.objects.filter(ended=None).exclude(uuid__in=with_role).exclude(uuid__in=planned)
        known = {person.uuid for person in self.people.values()}
        self.counts["people"].ended = self.writing.update(
            (person, {"ended": self.day}) for person in gone if person.uuid not in known
        )


def _levels(lines: list[Any]) -> Iterable[list[Any]]:
    """Lines in layers: those without a parent, their children, and so on."""
    rest, placed = list(lines), set[str]()
    while rest:
        level = [line for line in rest if not line.parent or line.parent in placed]
        placed |= {line.key for line in level}
        rest = [line for line in rest if line.key not in placed]
        yield level


def _facts(line: Any, names: tuple[str, ...]) -> Facts:
    return {name: getattr(line, name) for name in names}


def _closed(model: Any, *names: str) -> set[Any]:
    keys = model.objects.exclude(closed_by=None).values_list(*names)
    return {key[0] if len(names) == 1 else key for key in keys}
