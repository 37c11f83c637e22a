"""Writes of the roster: a delivery replaces what the node held of the organisations it speaks of."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.db.models import Exists, OuterRef

from . import accounts
from .changing import Writing
from .delivery import Delivery
from .findings import CONFIRM, NOTE, Findings
from .loading.changes import end_classes, end_people, follow_sessions, left_at_schools_of, put_births
from .loading.kinds import ENROLMENTS, GUARDIANSHIPS, PEOPLE, PROTECTIONS, ROLES, Kind, with_key
from .loading.part import PartState, PassingState, in_parts, keys_of
from .loading.people import People
from .loading.profiles import keys_of_profiles, replace_profiles
from .loading.spans import Spans, finder, pair_finder
from .loading.state import Difference, State, ids_of
from .models import AcademicSession, ClassTerm, Course, Organisation, Person, Role, RosterImport, SchoolClass
from .people.delivered import as_one
from .people.guarding import carry_over
from .people.owning import Owning
from .periods import Counts, Facts, Wanted, by_key, replace_rows

REMOVALS_PERCENT = 10
FILES = {  # in which a kind of rows comes; pairs stand in the lists of a user
    "organisations": "orgs",
    "sessions": "academicSessions",
    "people": "users",
    "roles": "roles",
    "enrolments": "enrollments",
    "guardianships": "users",
    "protections": "users",
}

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


def replace(
    delivery: Delivery,
    writing: Writing,
    *,
    day: date,
    findings: Findings,
    work: Path,
    is_dry: bool = False,
    origin: str = "",
) -> AllCounts:
    """Take a delivery over as of a day, as the part of a change; the counts of each kind of row.

    work: a folder for files of its own. is_dry: the caller will roll back, so that what is new need not be written
    origin: the system that delivers, by its id in ``owners.toml``: what it says of another's fields waits as proposals

    What cannot be written is found; the caller rolls back when there are errors. The clause: bulk processing of the
    OneRoster 1.2 CSV binding (a bulk file holds everything), with periods closed instead of rows deleted.
    """
    return _Replacement(as_one(delivery), day, Owning(writing, origin), findings, work, is_dry=is_dry).run()


class _Replacement:
    def __init__(
        self, delivery: Delivery, day: date, owning: Owning, findings: Findings, work: Path, *, is_dry: bool
    ) -> None:
        self.delivery, self.day, self.owning, self.findings = delivery, day, owning, findings
        self.writing, self.part = owning.writing, delivery.part
        self.work, self.is_dry = work, is_dry
        self.reference = str(self.writing.change.uuid)
        self.counts: dict[str, Counts] = {}

    def run(self) -> AllCounts:
        self._places()
        self._people()
        if not self.findings.has_errors:
            self._periods()
            self._accounts()
            self._propose()
        return {name: counts.as_dict() for name, counts in self.counts.items()}

    def _propose(self) -> None:
        """What the delivering system does not own waits, and is told."""
        if number := self.owning.finish(self.people.difference.delivered):
            self.findings.add("owner.another", severity=NOTE, number=number)

    # --- organisations, sessions, courses, classes ---

    def _places(self) -> None:
        self.organisations = self._tree(Organisation, "organisations", ("name", "kind", "code"))
        self.sessions = self._tree(AcademicSession, "sessions", ("title", "kind", "begins", "ends", "school_year"))
        self._read_roles()
        spoken_of = self.with_roles if self._is_whole("roles") else set[str]()
        if self._is_whole("classes"):
            spoken_of = spoken_of | {line.school for line in self.delivery.classes}
        self.scope_keys = spoken_of
        self.scope = {self.organisations[key].pk for key in spoken_of}
        courses = {
            line.key: _facts(line, ("title", "code", "grades", "subjects", "subject_codes"))
            | {
                "sourced_id": line.key,
                "organisation_id": self.organisations[line.organisation].pk,
                "session_id": self.sessions[line.session].pk if line.session else None,
                "ended": None,
            }
            for line in self.delivery.courses
        }
        named = {line.course for line in self.delivery.classes}
        self.courses = self._replace_ending(Course, "courses", courses, "organisation_id", named)
        fields = ("title", "kind", "code", "location", "grades", "subjects", "subject_codes", "hours", "special_needs")
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
        named = set().union(*(frame["school_class"] for frame in self.delivery.enrolments())) if self.part else set()
        self.classes = self._replace_ending(SchoolClass, "classes", classes, "school_id", named)
        self._terms()
        if self.part is not None:
            changed = [self.sessions[line.key].pk for line in self.delivery.sessions]
            delivered = {self.classes[key].pk for key in classes}
            follow_sessions(changed, self.classes.values(), delivered, self.writing)

    def _terms(self) -> None:
        """In which sessions the classes are held."""
        wanted = {
            (self.classes[line.key].pk, self.sessions[term].pk) for line in self.delivery.classes for term in line.terms
        }
        of = {self.classes[line.key].pk for line in self.delivery.classes}
        terms = (
            ClassTerm.objects.all()
            if self.part is None
            else (row for some in in_parts(of) for row in ClassTerm.objects.filter(school_class__in=some))
        )
        known = {(row.school_class_id, row.session_id): row for row in terms if row.school_class_id in of}
        self.writing.remove([row for pair, row in known.items() if pair not in wanted])
        new = sorted(wanted - set(known))
        self.writing.create([ClassTerm(school_class_id=one, session_id=term) for one, term in new])

    def _read_roles(self) -> None:
        """At which organisations the delivery has people, and who has a role on the day."""
        with_roles, present = set[str](), [pl.Series("person", dtype=pl.String)]
        for frame in self.delivery.roles():
            with_roles |= set(frame["organisation"].unique())
            begins = pl.col("begins").fill_null(self._year_begins())
            holds = (begins <= self.day) & (pl.col("ends").is_null() | (pl.col("ends") > self.day))
            present.append(frame.filter(holds)["person"].unique())
        self.with_roles, self.present = with_roles, pl.concat(present)

    def _is_whole(self, file: str) -> bool:
        """Whether rows of a file end by not being delivered."""
        return self.part is None or file in self.part.whole

    def _gone(self, file: str) -> list[str]:
        return [] if self.part is None else self.part.gone.get(file, [])

    def _tree(self, model: Any, name: str, fields: tuple[str, ...]) -> dict[str, Any]:
        """Rows with parents of their own kind: parents first, so that each can point to a row that is there."""
        known = by_key(model.objects.all(), lambda row: row.sourced_id)
        rows: dict[str, Any] = {} if self.part is None else dict(known)
        total = self.counts.setdefault(name, Counts())
        for level in _levels(getattr(self.delivery, name), rows):
            wanted = {
                line.key: _facts(line, fields)
                | {
                    "sourced_id": line.key,
                    "parent_id": rows[line.parent].pk if line.parent else None,
                    "ended": None,
                }
                for line in level
            }
            written, counts = replace_rows(model, known, wanted, self.writing, self.owning.allowed)
            rows |= written
            total.new, total.changed = total.new + counts.new, total.changed + counts.changed
            total.unchanged += counts.unchanged
        gone = [known[key] for key in self._gone(FILES[name]) if key in known and known[key].ended is None]
        total.ended = self.writing.update((row, {"ended": self.day}) for row in gone)
        return rows

    def _replace_ending(
        self, model: Any, name: str, wanted: dict[str, Facts], owner: str, named: set[str]
    ) -> dict[str, Any]:
        """named: keys to which others refer, beside the wanted ones"""
        gone, is_whole = set(self._gone(name)), self._is_whole(name)
        rows_held = (
            model.objects.all()
            if is_whole
            else (
                row for some in in_parts({*wanted, *named, *gone}) for row in model.objects.filter(sourced_id__in=some)
            )
        )
        known: dict[str, Any] = by_key(rows_held, lambda row: row.sourced_id)
        rows, counts = replace_rows(model, known, wanted, self.writing, self.owning.allowed)
        missing = [
            row
            for key, row in known.items()
            if key not in wanted
            and row.ended is None
            and (getattr(row, owner) in self.scope if is_whole else key in gone)
        ]
        counts.ended = self.writing.update((row, {"ended": self.day}) for row in missing)
        self.counts[name] = counts
        return rows if self.part is None else known | rows

    # --- people ---

    def _state(self, kind: Kind, frames: Callable[[], Iterable[pl.DataFrame]], facts: Iterable[str] = ()) -> State:
        """What the tables hold of a kind; of what is no whole only the rows that the frames name."""
        facts = tuple(facts) or tuple(kind.facts)
        if self.part is None:
            return State(kind, facts, self.writing.change, self.work)
        if self._is_whole(FILES[kind.name]):
            return PassingState(kind, facts, self.writing.change, self.work)
        keys = {key for frame in frames() for key in frame["key"]}
        return PartState(kind, facts, self.writing.change, keys, by_scope=len(kind.key) > 1)

    def _people(self) -> None:
        state = self._state(PEOPLE, self.delivery.people, self.delivery.facts_of_people)
        self.people = People(
            state,
            self.writing,
            self.findings,
            self.organisations,
            self.present,
            self.owning,
            self.day,
            is_dry=self.is_dry,
        )
        if self.part is not None:
            self.people.keys = keys_of(*self._named_people())
        self.people.replace(self.delivery.people())
        if self.part is not None and self.part.births is not None:
            self.people.counts.changed += put_births(self.part.births, self.writing, self.owning.allowed)
        self.counts["people"] = self.people.counts

    def _named_people(self) -> tuple[set[str], set[str]]:
        """The keys of all whom the delivery names, and the person keys that it gives."""
        said, keys, uuids = self.delivery, set[str](), set[str]()
        for frame in said.people():
            keys |= set(frame["key"])
            uuids |= set(frame["uuid"].drop_nulls())
        profiles = said.profiles() if said.profiles is not None else ()
        for frames in (said.roles(), said.enrolments(), profiles):
            keys |= {key for frame in frames for key in frame["person"]}
        for pairs in (said.guardianships, said.protections):
            keys |= {key for column in (pairs.iter_columns() if pairs is not None else ()) for key in column}
        return keys, uuids

    def _accounts(self) -> None:
        """What people may do follows what was written, for those whom it touched."""
        touched = {person for one in self.spans for person in one.people(self.people.new)}
        before = accounts.permissions_before(self.day, touched, self.writing)
        after = accounts.permissions_on(self.day, touched)
        accounts.tell_changes(before, after, new=(), reference=self.reference)
        accounts.follow_roles(self.day, reference=self.reference, of=touched | self.people.touched)

    # --- what has a beginning and an end ---

    def _periods(self) -> None:
        if self.delivery.profiles is not None:
            gone = None if self._is_whole("userProfiles") else self._gone("userProfiles")
            counts = replace_profiles(self.delivery.profiles(), self.people, self.writing, self.day, gone=gone)
            self.counts["profiles"] = counts
        enrolments = self._enrolments()
        self.spans = [enrolments, self._roles()]
        delivered = self.people.difference
        guardianships = self.delivery.guardianships.with_columns(scope="child")
        self._pairs(GUARDIANSHIPS, guardianships, delivered)
        carry_over(self.writing)
        if self.delivery.protections is not None:
            self._pairs(PROTECTIONS, self.delivery.protections.with_columns(scope="person"), delivered)
        if self.part is None:
            self._end_people()
            self._guard_removals(enrolments.counts.ended, enrolments.holding)
        else:
            self._end_gone(enrolments)

    def _end_gone(self, enrolments: Spans) -> None:
        """What a delivery of changes takes away, with all that rests on it."""
        roles = self.spans[1]
        enrolments.end(self._gone("enrollments"))
        roles.end(self._gone("roles"))
        end_classes(self._gone("classes"), enrolments)
        ended = end_people(self._gone("users"), enrolments, roles, self.writing, self.day)
        self.counts["people"].ended = len(ended)
        self.people.touched |= ended
        if enrolments.closed:
            left = left_at_schools_of(enrolments.closed, self.day)
            self._guard_removals(enrolments.counts.ended, enrolments.counts.ended + left)

    def _enrolments(self) -> Spans:
        classes = pl.DataFrame(
            [(key, row.school.sourced_id, str(row.pk), row.begins, row.ends) for key, row in self._placed_classes()],
            schema={
                "school_class": pl.String,
                "scope": pl.String,
                "class_key": pl.String,
                "from": pl.Date,
                "to": pl.Date,
            },
            orient="row",
        )

        def stated(frame: pl.DataFrame) -> pl.DataFrame:
            rows = frame.join(classes, "school_class", "left", maintain_order="left")
            rows = rows.with_columns(begins=pl.coalesce("begins", "from"), ends=pl.coalesce("ends", "to"))
            return rows.with_columns(otherwise="begins")

        spans = Spans(
            self._state(ENROLMENTS, self.delivery.enrolments),
            self.writing,
            self.day,
            resolve=lambda rows: self._with_person(rows, "person"),
            columns={
                "sourced_id": pl.col("key"),
                "person_id": pl.col("person_key"),
                "school_class_id": pl.col("class_key"),
            }
            | {name: pl.col(name) for name in ("role", "number", "is_primary", "is_public")},
            wanted=_wanted_enrolment,
            find=finder(ENROLMENTS),
            is_dry=self.is_dry,
        )
        frames = map(stated, self.delivery.enrolments())
        self.counts["enrolments"] = spans.replace(
            frames,
            lambda: self._scopes("enrollments", classes["scope"]),
            expected=0 if self.part else self.delivery.expected.get("enrolments", 0),
        )
        return spans

    def _placed_classes(self) -> Iterable[tuple[str, SchoolClass]]:
        schools = {row.pk: row for row in self.organisations.values()}
        for key, row in self.classes.items():
            row.school = schools[row.school_id]
            yield key, row

    def _scopes(self, file: str, more: Iterable[str] = ()) -> pl.Series:
        """The organisations in which rows of a file end by not being delivered."""
        if self.part is None:
            return ids_of(self.scope_keys)
        return ids_of(self.scope_keys | set(more) if self._is_whole(file) else ())

    def _with_person(self, rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """The rows with the keys of the people that they name."""
        for column in columns:
            keys = self.people.keys.select(pl.col("key").alias(column), pl.col("uuid").alias(f"{column}_key"))
            keys = keys.join(rows, column, "semi")  # first, as the rows are few on most days
            rows = rows.join(keys, column, "left", maintain_order="left")
        return rows

    def _guard_removals(self, ended: int, holding: int) -> None:
        if ended * 100 > holding * REMOVALS_PERCENT:
            self.findings.add(
                "removals.many",
                severity=CONFIRM,
                file="enrollments.csv",
                ended=ended,
                all=holding,
                limit=REMOVALS_PERCENT,
            )

    def _roles(self) -> Spans:
        organisations = {key: str(row.pk) for key, row in self.organisations.items()}
        organisation = pl.col("organisation").replace_strict(organisations, return_dtype=pl.String)

        speaks_of_profiles = self.delivery.profiles is not None or self.part is not None
        facts = tuple(name for name in ROLES.facts if name != "profile" or speaks_of_profiles)
        profiles = keys_of_profiles() if speaks_of_profiles else None

        def resolve(rows: pl.DataFrame) -> pl.DataFrame:
            rows = self._with_person(rows, "person")
            if profiles is not None:
                rows = rows.join(profiles, "profile", "left", maintain_order="left")
            return rows.with_columns(organisation_key=organisation, otherwise=pl.lit(self._year_begins()))

        spans = Spans(
            self._state(ROLES, self.delivery.roles, facts),
            self.writing,
            self.day,
            resolve=resolve,
            columns={
                "sourced_id": pl.col("key"),
                "person_id": pl.col("person_key"),
                "organisation_id": pl.col("organisation_key"),
                "name": pl.col("name"),
                "is_primary": pl.col("is_primary"),
            }
            | ({"profile_id": pl.col("profile_id")} if speaks_of_profiles else {}),
            wanted=_wanted_role,
            find=finder(ROLES),
            is_dry=self.is_dry,
        )
        expected = 0 if self.part else self.delivery.expected.get("roles", 0)
        self.counts["roles"] = spans.replace(self.delivery.roles(), lambda: self._scopes("roles"), expected=expected)
        return spans

    def _pairs(self, kind: Kind, pairs: pl.DataFrame, delivered: Difference) -> None:
        """Pairs of people; those may end whose person on the side of the scope is in the delivery."""
        one, other = kind.key
        rows = with_key(pairs, kind).with_columns(
            begins=pl.lit(None, pl.Date), ends=pl.lit(None, pl.Date), otherwise=pl.lit(self._year_begins())
        )
        spans = Spans(
            self._state(kind, self.delivery.people),
            self.writing,
            self.day,
            resolve=lambda rows: self._with_person(rows, one, other),
            columns={f"{one}_id": pl.col(f"{one}_key"), f"{other}_id": pl.col(f"{other}_key")},
            wanted=lambda row: _wanted_pair(row, one, other),
            find=pair_finder(kind),
            is_dry=self.is_dry,
        )
        self.counts[kind.name] = spans.replace([rows], delivered.ids, expected=0 if self.part else rows.height)

    def _year_begins(self) -> date:
        """The first day of the session around the day: since when a period counts that does not say it."""
        sessions = self.delivery.sessions if self.part is None else self.sessions.values()
        around = [one.begins for one in sessions if one.begins <= self.day < one.ends]
        return min(around, default=self.day)

    def _end_people(self) -> None:
        """People without any role left are kept, and marked as gone."""
        holding = Role.objects.living().exclude(ends__lte=self.day).filter(person=OuterRef("pk"))
        closed_today = Role.objects.on(self.day).filter(person=OuterRef("pk"))
        gone = list(Person.objects.filter(~Exists(holding), ~Exists(closed_today), ended=None))
        delivered = self.people.difference.delivered([row.sourced_id for row in gone])
        ending = [row for row in gone if row.sourced_id not in delivered]
        self.counts["people"].ended = self.writing.update((person, {"ended": self.day}) for person in ending)
        self.people.touched |= {person.pk for person in ending}
        self.people.difference.keep(ids_of(person.sourced_id for person in ending))


def _levels(lines: list[Any], known: Iterable[str]) -> Iterable[list[Any]]:
    """Lines in layers: those without a parent or with a known one, their children, and so on."""
    rest, placed = list(lines), set(known) - {line.key for line in lines}
    while rest:
        level = [line for line in rest if not line.parent or line.parent in placed]
        placed |= {line.key for line in level}
        rest = [line for line in rest if line.key not in placed]
        yield level


def _facts(line: Any, names: tuple[str, ...]) -> Facts:
    return {name: getattr(line, name) for name in names}


def _wanted_enrolment(row: Mapping[str, Any]) -> Wanted:
    lasting = {
        "sourced_id": row["key"],
        "person_id": UUID(row["person_key"]),
        "school_class_id": UUID(row["class_key"]),
        "role": row["role"],
        "number": row["number"],
    }
    loose = {name: row[name] for name in ("is_primary", "is_public")}
    return Wanted(lasting, loose, row["begins"], row["otherwise"], row["ends"])


def _wanted_role(row: Mapping[str, Any]) -> Wanted:
    lasting = {
        "sourced_id": row["key"],
        "person_id": UUID(row["person_key"]),
        "organisation_id": UUID(row["organisation_key"]),
        "name": row["name"],
    }
    loose = {name: row[name] for name in ("is_primary", "profile_id") if name in row}
    return Wanted(lasting, loose, row["begins"], row["otherwise"], row["ends"])


def _wanted_pair(row: Mapping[str, Any], one: str, other: str) -> Wanted:
    lasting = {f"{side}_id": UUID(row[f"{side}_key"]) for side in (one, other)}
    return Wanted(lasting, {}, None, row["otherwise"], None)
