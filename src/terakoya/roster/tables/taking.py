"""Writes what a table means, as one change of the roster: periods closed and begun, people made, accounts with them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.roster import accounts
from terakoya.roster.changing import Writing, changing
from terakoya.roster.models import Change, Enrolment, Guardianship, Person, Role, SchoolClass
from terakoya.roster.people.names import keep_replaced
from terakoya.roster.people.owning import Owning
from terakoya.roster.periods import Counts
from terakoya.roster.roles import begun_role

from . import classes, plan
from .guardians import GuardianEntry
from .lines import Fault
from .plan import Entry, Plan
from .school import FAMILY, SchoolOn


class NotTaken(Exception):
    """A plan could not be written as it was; nothing was. ``faults`` say why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


def take_over(found: Plan, known: SchoolOn, *, by: str, note: str) -> tuple[Change, dict[str, dict[str, int]]]:
    """Write a plan that is ready, in a transaction of its own or within the caller's; the change and its counts.

    ``NotTaken`` when a login name is somebody else's at this node; the caller's transaction is to be rolled back.
    """
    with changing(Change.Kind.TABLE, by=by, note=note) as writing:
        taking = _Taking(found, known, writing)
        taking.run()
        writing.change.counts = taking.as_dict()
        writing.change.save(update_fields=["counts"])
    return writing.change, writing.change.counts


class _Taking:
    def __init__(self, found: Plan, known: SchoolOn, writing: Writing) -> None:
        self.found, self.known, self.writing, self.day = found, known, writing, known.day
        self.owning = Owning(writing)  # a school's own list speaks for the system that stands in
        self.counts = {name: Counts() for name in ("people", "classes", "enrolments", "roles", "guardianships")}
        self.by_row: dict[int, Person] = {}  # pupils and staff
        self.guardian_of_row: dict[int, Person] = {}
        self.new: list[Person] = []

    def as_dict(self) -> dict[str, dict[str, int]]:
        return {name: counts.as_dict() for name, counts in self.counts.items()}

    def run(self) -> None:
        before = accounts.permissions_on(clock.today())
        made = classes.make(self.known, self.found.new_classes, self.writing)
        self.counts["classes"].new = len(made)
        self.class_named = self.known.class_named | made
        self._people()
        self._roles()
        self._places()
        self._guardianships()
        self._leave()
        self._accounts(before)
        if waiting := self.owning.finish(lambda _keys: set()):
            self.counts["proposals"] = Counts(new=waiting)

    # --- people ---

    def _people(self) -> None:
        pairs: list[tuple[Person, dict[str, Any]]] = []
        for entry in [*self.found.entries, *self.found.guardians]:
            if entry.state in (plan.DOUBTFUL, plan.PASSED):
                continue
            rows = self.guardian_of_row if isinstance(entry, GuardianEntry) else self.by_row
            if entry.person is not None:
                rows[entry.line.row] = entry.person
                pairs.append((entry.person, entry.facts | {"ended": None}))
            elif isinstance(entry, GuardianEntry) and entry.same_as is not None:
                rows[entry.line.row] = rows[entry.same_as]
            else:
                rows[entry.line.row] = self._person(entry)
        self.writing.create(self.new)
        allowed = list(self.owning.allowed(pairs))
        keep_replaced(self.writing, allowed, self.day)
        changed = self.writing.update(allowed)
        known = {person.pk for person, _ in pairs}
        counts = self.counts["people"]
        counts.new, counts.changed, counts.unchanged = len(self.new), changed, len(known) - changed

    def _person(self, entry: Entry) -> Person:
        """A new person: the key, which is also the identifier, and the login name are issued here."""
        key = uuid4()
        login = {"username": accounts.login_name(key)}
        facts = login | entry.facts | {"primary_organisation": self.known.school}
        self.new.append(Person(uuid=key, sourced_id=str(key), **facts))
        return self.new[-1]

    # --- roles, classes, guardianships ---

    def _roles(self) -> None:
        new, over = list[Role](), list[Role]()
        for entry in self.found.entries:
            person = self.by_row.get(entry.line.row)
            name = "student" if self.found.kind == "pupils" else entry.role
            if person is None or not name:
                continue
            mine = [role for role in self.known.roles.get(person.pk, []) if role.name not in FAMILY]
            if name not in (role.name for role in mine):
                new.append(self._role(person, name, self._first_day(entry)))
                over += mine
        with_role = {(role.person_id) for roles in self.known.roles.values() for role in roles if role.name in FAMILY}
        for person in {one.pk: one for one in self.guardian_of_row.values()}.values():
            if person.pk not in with_role:
                new.append(self._role(person, "guardian", self.day))
        self.counts["roles"].ended = self.writing.close(over, self.day)
        self.writing.create(new)
        self.counts["roles"].new = len(new)

    def _role(self, person: Person, name: str, begins: date) -> Role:
        others = Role.objects.living().filter(person=person, is_primary=True).exclude(organisation=self.known.school)
        is_primary = not others.exclude(ends__lte=self.day).exists()
        return begun_role(person.pk, self.known.school.pk, name, begins, is_primary=is_primary)

    def _first_day(self, entry: Entry) -> date:
        begins: date = entry.line.values.get("begins", self.day)
        return begins

    def _places(self) -> None:
        new, over, corrected = list[Enrolment](), list[Enrolment](), list[tuple[Enrolment, dict[str, Any]]]()
        role = "student" if self.found.kind == "pupils" else "teacher"
        for entry in self.found.entries:
            person, klass = self.by_row.get(entry.line.row), self.class_named.get(entry.place or ("", ""))
            if person is None:
                continue
            now = self._place_now(person.pk, klass)
            if now is None:
                if klass is not None:
                    new.append(self._place(person, klass, role, entry.number, self._first_day(entry)))
                continue
            wanted = klass.pk if klass else now.school_class_id
            number = (
                entry.number
                if entry.number is not None or (klass is not None and wanted != now.school_class_id)
                else now.number
            )
            if role == "teacher" or (wanted, number) == (now.school_class_id, now.number):
                self.counts["enrolments"].unchanged += 1
            elif now.begins >= self.day:
                corrected.append((now, {"school_class_id": wanted, "number": number}))
            else:
                over.append(now)
                new.append(self._moved(now, wanted, number))
        counts = self.counts["enrolments"]
        counts.changed = self.writing.close(over, self.day) + self.writing.update(corrected)
        self.writing.create(new)
        counts.new = len(new) - len(over)

    def _place_now(self, person: UUID, klass: SchoolClass | None) -> Enrolment | None:
        if self.found.kind == "pupils":
            return self.known.places.get(person)
        return self.known.taught.get(person, {}).get(klass.pk) if klass else None

    def _place(self, person: Person, klass: SchoolClass, role: str, number: int | None, begins: date) -> Enrolment:
        begins = max(begins, klass.begins)
        return Enrolment(
            sourced_id=str(uuid4()), person=person, school_class=klass, role=role, number=number, begins=begins,
            stated_begins=begins, ends=klass.ends, is_primary=role == "teacher",
        )  # fmt: skip

    def _moved(self, now: Enrolment, wanted: UUID, number: int | None) -> Enrolment:
        """The same place of OneRoster from the day on: one identifier, two periods without a gap."""
        return Enrolment(
            sourced_id=now.sourced_id, person_id=now.person_id, school_class_id=wanted, role=now.role, number=number,
            begins=self.day, stated_begins=self.day, ends=now.ends, is_primary=now.is_primary, is_public=now.is_public,
        )  # fmt: skip

    def _guardianships(self) -> None:
        new = []
        for entry in self.found.guardians:
            guardian = self.guardian_of_row.get(entry.line.row)
            child = entry.child or self.by_row.get(entry.line.row)
            if guardian is None or child is None:
                continue
            if guardian in (self.known.guardians.get(child.pk, [])):
                self.counts["guardianships"].unchanged += 1
            else:
                relation = entry.relation[:40]
                new.append(Guardianship(guardian=guardian, child=child, relation=relation, begins=self.day))
        self.writing.create(new)
        self.counts["guardianships"].new = len(new)

    # --- who leaves ---

    def _leave(self) -> None:
        """Whoever has left, as the clerk said: places and roles here end; who has no role at all is marked as gone."""
        gone = [one.pk for one in self.found.missing]
        if not gone:
            return
        places = Enrolment.objects.living().filter(person__in=gone, school_class__school=self.known.school)
        self.counts["enrolments"].ended = self.writing.close(places.exclude(ends__lte=self.day), self.day)
        roles = [role for one in gone for role in self.known.roles.get(one, []) if role.name not in FAMILY]
        self.counts["roles"].ended += self.writing.close(roles, self.day)
        left = (
            Role.objects.living().filter(person__in=gone).exclude(ends__lte=self.day).values_list("person", flat=True)
        )
        alone = [one for one in self.found.missing if one.pk not in set(left)]
        self.counts["people"].ended = self.writing.update((one, {"ended": self.day}) for one in alone)

    # --- accounts ---

    def _accounts(self, before: Any) -> None:
        reference = str(self.writing.change.uuid)
        new = {one.pk for one in self.new}
        touched = {one.pk: one for one in [*self.by_row.values(), *self.guardian_of_row.values()] if one.username}
        wanted = {
            key: identity.NewAccount(one.username, one.name[: accounts.LONGEST_NAME], key)
            for key, one in touched.items()
        }
        refused = identity.rename_accounts([one for key, one in wanted.items() if key not in new], reference=reference)
        refused += identity.create_accounts(wanted.values())
        if refused:
            rows = {one.pk: row for row, one in [*self.by_row.items(), *self.guardian_of_row.items()]}
            raise NotTaken([Fault("login.taken", rows[one.person], found=one.username) for one in refused])
        today = clock.today()
        accounts.follow_roles(today, new=new, reference=reference)
        accounts.tell_changes(before, accounts.permissions_on(today), new=new, reference=reference)
