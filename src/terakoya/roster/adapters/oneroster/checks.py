"""Checks across rows and files: identifiers, references, and what the profiles ask of values together.

They work on sets: an expression finds the rows that break a rule, and only those are looked at one by one.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import polars as pl

from terakoya.kit import clock
from terakoya.roster import code_lists
from terakoya.roster.findings import NOTE, Findings
from terakoya.standards import ages, oneroster

from .chunks import ROW
from .held import MODELS, Held, as_ids
from .table import Row, Table

Tables = dict[str, Table]
GUARDIAN_ROLES = ("guardian", "parent")
LARGEST = "enrollments"  # refers to all others and nothing to it: read once, checked while it is read
CODE_LISTS = {"school": code_lists.of_school, "district": code_lists.of_board}
UNIQUE = {"users": ("sourcedId", "username", "userMasterIdentifier")}
PERIODS = {
    "academicSessions": ("startDate", "endDate"),
    "roles": ("beginDate", "endDate"),
    "enrollments": ("beginDate", "endDate"),
}
STRANGE_KANA = "[\uff61-\uff9f\u3041-\u3096]"  # half-width katakana, and hiragana


def col(name: str) -> pl.Expr:
    return pl.col(name)


class Checks:
    """The checks of a package. A table is given to ``look_at`` part by part; ``finish`` ends what needs all parts."""

    def __init__(self, tables: Tables, findings: Findings, *, japan: bool, held: Held | None = None) -> None:
        self.tables, self.findings, self.japan, self.held = tables, findings, japan, held
        self.ids = {name: table.frame("sourcedId")["sourcedId"] for name, table in tables.items() if name != LARGEST}
        classes, roles = tables["classes"].frame("sourcedId", "schoolSourcedId", "classType"), tables["roles"]
        self.schools = classes.select(classSourcedId="sourcedId", school="schoolSourcedId").unique("classSourcedId")
        self.not_homerooms = classes.filter(col("classType") != "homeroom")["sourcedId"]
        of_roles = roles.frame("userSourcedId", "role")
        self.with_role = of_roles["userSourcedId"].unique()
        self.guardians = of_roles.filter(col("role").is_in(GUARDIAN_ROLES))["userSourcedId"].unique()
        self.hashes: dict[tuple[str, str], list[pl.Series]] = {}
        if held is not None:
            self._reckon_with(held)
        self.hashed = {name: ids.hash(seed=1).unique() for name, ids in self.ids.items()}

    def _reckon_with(self, held: Held) -> None:
        """Let a package of changes refer to what the tables hold; other rooms check what they keep themselves."""
        self.ids = {name: ids for name, ids in self.ids.items() if name in MODELS}
        for name in held.named:
            of_package = self.ids.get(name, as_ids(()))
            self.ids[name] = pl.concat([of_package, as_ids(held.ids(name))]).unique()
        schools = pl.DataFrame(held.schools(), schema=["classSourcedId", "school"], orient="row")
        schools = schools.cast(pl.String)
        own = self.schools.select("classSourcedId", "school")
        self.schools = pl.concat([own, schools]).unique("classSourcedId", keep="first", maintain_order=True)
        other = as_ids(held.other_classes())
        self.not_homerooms = pl.concat(
            [self.not_homerooms, other.filter(~other.is_in(own["classSourcedId"].implode()))]
        )
        people = self.tables["users"].frame("sourcedId")["sourcedId"].to_list()
        self.with_role = pl.concat([self.with_role, as_ids(held.with_role(people)).rename("userSourcedId")])
        agents = held.with_role(held.named.get("users", ()), GUARDIAN_ROLES)
        self.guardians = pl.concat([self.guardians, as_ids(agents).rename("userSourcedId")])

    def run(self, names: Iterable[str]) -> None:
        """Check whole tables, one after another."""
        for name in names:
            for frame in self.tables[name].frames():
                self.look_at(name, frame)
            self.finish(name)

    def look_at(self, name: str, frame: pl.DataFrame) -> None:
        """Check some rows of a table."""
        table = self.tables[name]
        for column in UNIQUE.get(name, ("sourcedId",)):
            values = _alike(frame.lazy().filter(col(column) != ""), column).collect()[column]
            self.hashes.setdefault((name, column), []).append(values.hash(seed=1))
        self._references(table, frame)
        if name in PERIODS:
            begins, ends = PERIODS[name]
            for row in _rows(frame, (col(ends) != "") & (col(ends) < col(begins))):
                self._add("dates.order", table, row, ends)
        rules = {
            "users": self._users,
            "courses": self._subjects,
            "classes": self._subjects,
            "enrollments": self._enrolments,
            "orgs": self._organisations,
            "academicSessions": self._sessions,
        }
        if name in rules:
            rules[name](table, frame)

    def finish(self, name: str) -> None:
        """What can be seen only when all rows of a table were looked at."""
        table = self.tables[name]
        for column in UNIQUE.get(name, ("sourcedId",)):
            if table.mode != "delta" or column != "sourcedId":
                self._unique(table, column)
        if name in ("academicSessions", "orgs"):
            self._circles(table)
        if table.mode == "delta":
            self._said_twice(table)
        if name == "demographics":
            self._births(table)

    def _said_twice(self, table: Table) -> None:
        """A row of a delta lives or is gone, and stands there once."""
        seen = set[str]()
        for frame in table.every_frame():
            for row in frame.select(ROW, "sourcedId").iter_rows(named=True):
                if row["sourcedId"] in seen:
                    self._add("id.twice", table, row, "sourcedId", cause=row["sourcedId"])
                seen.add(row["sourcedId"])

    def _unique(self, table: Table, column: str) -> None:
        parts = self.hashes.pop((table.name, column), [])
        hashes = pl.concat(parts) if parts else pl.Series(dtype=pl.UInt64)
        twice = hashes.filter(hashes.is_duplicated()).unique()
        if twice.is_empty():
            return
        seen: set[str] = set()
        for frame in table.frames():
            alike = _alike(frame.lazy().filter(col(column) != ""), column, "alike").collect()
            for row in alike.filter(alike["alike"].hash(seed=1).is_in(twice.implode())).iter_rows(named=True):
                if row["alike"] in seen:
                    self._add("id.twice", table, row, column, cause=row["alike"])
                seen.add(row["alike"])

    def _references(self, table: Table, frame: pl.DataFrame) -> None:
        for column in table.columns:
            if column.type not in ("reference", "references") or column.of not in self.ids:
                continue
            target, known = f"{column.of}.csv", self.hashed[column.of].implode()
            if column.type == "reference":
                for row in _rows(frame, (col(column.name) != "") & ~col(column.name).hash(seed=1).is_in(known)):
                    one = row[column.name]
                    self._add("reference.missing", table, row, column.name, cause=one, to=target)
                continue
            lists = frame.filter(col(column.name) != "").select(ROW, column.name)
            ones = lists.with_columns(one=col(column.name).str.split(",")).explode("one")
            for row in _rows(ones, ~col("one").hash(seed=1).is_in(known)):
                one = row["one"]
                self._add("reference.missing", table, row, column.name, found=one, cause=one, to=target)

    def _circles(self, table: Table) -> None:
        rows = list(table.rows())
        parents = self.held.parents(table.name) if self.held is not None else {}
        parents |= {row["sourcedId"]: row["parentSourcedId"] for row in rows}
        for row in rows:
            start = row["sourcedId"]
            seen, at = {start}, parents.get(start, "")
            while at and at not in seen:
                seen.add(at)
                at = parents.get(at, "")
            if at and at == start:
                self._add("reference.circle", table, row, "parentSourcedId", found=row["parentSourcedId"])

    def _enrolments(self, table: Table, frame: pl.DataFrame) -> None:
        """The school of an enrolment is that of its class; a pupil's is never the primary one."""
        schools = frame.select(ROW, "classSourcedId", "schoolSourcedId").join(self.schools, "classSourcedId", "left")
        for row in _rows(schools, (col("schoolSourcedId") != "") & (col("schoolSourcedId") != col("school"))):
            self._add("enrolment.school", table, row, "schoolSourcedId", school=row["school"])
        for row in _rows(frame, (col("primary") == "true") & (col("role") == "student")):
            self._note("student.primary", table, row, "primary")

    def _users(self, table: Table, frame: pl.DataFrame) -> None:
        user, agents, home = col("sourcedId"), "agentSourcedIds", "metadata.jp.homeClass"
        for row in _rows(frame, (user != "") & ~user.is_in(self.with_role.implode())):
            self._add("role.none", table, row, "sourcedId")
        lists = frame.filter(col(agents) != "").select(ROW, agents, one=col(agents).str.split(",").list.unique())
        for row in _rows(lists.explode("one"), ~col("one").is_in(self.guardians.implode())):
            self._note("agent.no_guardian", table, row, agents, found=row["one"])
        for row in _rows(frame, col(home).is_in(self.not_homerooms.implode())):
            self._note("home_class.kind", table, row, home)
        for column in ("preferredFamilyName", "preferredGivenName"):
            names = frame[column].unique()
            strange = [name for name in names if not _is_encodable(name, "euc_jis_2004")]
            for row in _rows(frame, col(column).is_in(strange)) if strange else ():
                self._note("name.characters", table, row, column)
        for column in ("metadata.jp.kanaFamilyName", "metadata.jp.kanaGivenName"):
            for row in _rows(frame, col(column).str.contains(STRANGE_KANA)):
                self._note("name.half_width", table, row, column)

    def _subjects(self, table: Table, frame: pl.DataFrame) -> None:
        for row in _rows(frame, (col("subjects") != "") & (col("subjectCodes") != "")):
            if len(row["subjects"].split(",")) != len(row["subjectCodes"].split(",")):
                self._add("lists.length", table, row, "subjectCodes")
        if self.japan and table.name == "courses":
            for row in _rows(frame, col("courseCode") != ""):
                self._note("cell.ignored", table, row, "courseCode")

    def _births(self, births: Table) -> None:
        """Nobody is born tomorrow; a pupil older or younger than the year of school is only told of."""
        today = clock.today()
        grades = self.tables["users"].frame("sourcedId", "grades").drop(ROW).unique("sourcedId", keep="last")
        for frame in births.frames():
            known = frame.select(ROW, "sourcedId", "birthDate").join(grades, "sourcedId", "left")
            pairs = known.select("birthDate", "grades").unique()
            faults = [(birth, grade, _fault_of_birth(birth, grade, today)) for birth, grade in pairs.iter_rows()]
            faulty = pl.DataFrame(
                [one for one in faults if one[2]],
                schema={"birthDate": pl.String, "grades": pl.String, "fault": pl.String},
                orient="row",
            )
            found = known.join(faulty, ["birthDate", "grades"], "inner", nulls_equal=True).sort(ROW)
            for row in found.iter_rows(named=True):
                tell = self._add if row["fault"] == "birth.future" else self._note
                tell(row["fault"], births, row, "birthDate")

    def _sessions(self, table: Table, frame: pl.DataFrame) -> None:
        for row in _rows(frame, (col("title") != "") & pl.lit(self.japan)):
            if not oneroster.SCHOOL_YEAR_TITLE.fullmatch(row["title"]):
                self._note("session.title", table, row, "title")

    def _organisations(self, table: Table, frame: pl.DataFrame) -> None:
        for row in _rows(frame, pl.lit(self.japan)):
            kind, code = row["type"], row["identifier"]
            asked = CODE_LISTS.get(kind)
            if code and asked is not None and (note := asked(code)) is not None:
                self._add(note[0], table, row, "identifier", severity=NOTE, **note[1])
            if kind == "district" and row["parentSourcedId"]:
                self._add("district.parent", table, row, "parentSourcedId")

    def _add(self, code: str, table: Table, row: Row, column: str, *, found: str | None = None, **details: Any) -> None:
        self.findings.add(
            code,
            file=table.file,
            row=row[ROW],
            index=table.places.get(column),
            header=column,
            found=row[column] if found is None else found,
            **details,
        )

    def _note(self, code: str, table: Table, row: Row, column: str, *, found: str | None = None) -> None:
        self._add(code, table, row, column, found=found, severity=NOTE)


def _rows(frame: pl.DataFrame, rule: pl.Expr) -> Iterator[Row]:
    """The rows that meet an expression."""
    return frame.filter(rule).iter_rows(named=True)


def _alike(frame: pl.LazyFrame, column: str, name: str = "") -> pl.LazyFrame:
    """Values as they are compared: user names as people type them."""
    value = col(column) if column == "sourcedId" else col(column).str.to_lowercase()
    return frame.with_columns(value.alias(name or column))


def _fault_of_birth(value: str, grade_code: str | None, today: date) -> str | None:
    birth = _day(value)
    if birth is None:
        return None  # nothing said, or found cell by cell
    if birth > today:
        return "birth.future"
    grade = ages.grade_of_code(grade_code or "")
    return None if grade is None or _fits(birth, grade, clock.school_year(today)) else "birth.grade"


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _fits(birth: date, grade: int, school_year: int) -> bool:
    youngest = ages.latest_birth(grade, school_year)
    return ages.latest_birth(grade + 1, school_year) < birth <= youngest


def _is_encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
