"""Rows of the roster as the JSON of OneRoster 1.2, with what the Japan profile adds under ``metadata``."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from terakoya.oneroster.filtering import EARLIEST
from terakoya.oneroster.readers import Reader
from terakoya.roster import api as roster
from terakoya.roster.api import tombstones

from .references import Known, Names, names, reference

DAY = timedelta(days=1)
Row = dict[str, Any]
Document = dict[str, Any]
# the values that the document of the service lists; others must begin with ``ext:``
ORG_TYPES = ("department", "district", "local", "national", "school", "state")
SESSION_TYPES = ("gradingPeriod", "semester", "schoolYear", "term")
CLASS_TYPES = ("homeroom", "scheduled")
ENROLMENT_ROLES = ("administrator", "proctor", "student", "teacher")
_moments: dict[int, str] = {}


def organisations(rows: Sequence[Row], reader: Reader) -> list[Document]:
    """Boards and schools."""
    known, stamp = names(reader.change), stamps(rows)

    def document(row: Row) -> Document:
        parts = [known.organisations[key] for key in known.parts_of_organisations.get(row["uuid"], ())]
        return {
            **base(row, stamp, "ended"),
            "name": row["name"],
            "type": value(row["kind"], ORG_TYPES),
            "identifier": row["code"],
            **({"parent": _to(reader, "org", known.organisations[row["parent_id"]])} if row["parent_id"] else {}),
            **({"children": [_to(reader, "org", part) for part in parts]} if parts else {}),
        }

    return [document(row) for row in rows]


def sessions(rows: Sequence[Row], reader: Reader) -> list[Document]:
    """School years and their parts."""
    known, stamp = names(reader.change), stamps(rows)

    def document(row: Row) -> Document:
        parts = [known.sessions[key] for key in known.parts_of_sessions.get(row["pk"], ())]
        above = row["parent_id"]
        return {
            **base(row, stamp, "ended"),
            "title": row["title"],
            "type": value(row["kind"], SESSION_TYPES),
            "startDate": row["begins"].isoformat(),
            "endDate": last_day(row["ends"]),
            "schoolYear": str(row["school_year"]),
            **({"parent": _to(reader, "academicSession", known.sessions[above])} if above else {}),
            **({"children": [_to(reader, "academicSession", part) for part in parts]} if parts else {}),
        }

    return [document(row) for row in rows]


def courses(rows: Sequence[Row], reader: Reader) -> list[Document]:
    """What is taught."""
    known, stamp = names(reader.change), stamps(rows)

    def document(row: Row) -> Document:
        year = row["session_id"]
        return {
            **base(row, stamp, "ended"),
            "title": row["title"],
            "courseCode": row["code"] or row["sourced_id"],  # others refuse an empty one, as it is required
            **lists(row, grades="grades", subjects="subjects", subjectCodes="subject_codes"),
            "org": _to(reader, "org", known.organisations[row["organisation_id"]]),
            **({"schoolYear": _to(reader, "academicSession", known.sessions[year])} if year else {}),
        }

    return [document(row) for row in rows]


def classes(rows: Sequence[Row], reader: Reader) -> list[Document]:
    """Homerooms, and classes in which a subject is taught."""
    known, stamp, terms = names(reader.change), stamps(rows), _terms_of(rows)

    def document(row: Row) -> Document:
        held = terms.get(row["uuid"]) or _year_of(row, reader)
        return {
            **base(row, stamp, "ended"),
            "title": row["title"],
            **texts(row, classCode="code", location="location"),
            "classType": value(row["kind"], CLASS_TYPES),
            **lists(row, grades="grades", subjects="subjects", subjectCodes="subject_codes", periods="hours"),
            "course": _to(reader, "course", known.courses[row["course_id"]]),
            "school": _to(reader, "org", known.organisations[row["school_id"]]),
            "terms": [_to(reader, "academicSession", known.sessions[key]) for key in held],
            "metadata": {"jp.specialNeeds": truth(row["special_needs"])},
        }

    return [document(row) for row in rows]


def enrolments(rows: Sequence[Row], reader: Reader) -> list[Document]:
    """Who is in which class, from when to when."""
    known, stamp = names(reader.change), stamps(rows)
    people = Known(
        roster.rows_of("Person").filter(pk__in={row["person_id"] for row in rows}).values_list("uuid", "sourced_id"),
        "Person",
        reader.change,
    )
    return [_enrolment(row, reader, known, stamp, people[row["person_id"]]) for row in rows]


def _enrolment(row: Row, reader: Reader, known: Names, stamp: Callable[[Row], str], person: str) -> Document:
    of_class, school = known.classes[row["school_class_id"]]
    number = {} if row["number"] is None else {"jp.shussekiNo": row["number"]}
    return {
        **base(row, stamp, "closed_by_id"),
        "user": _to(reader, "user", person),
        "class": _to(reader, "class", of_class),
        "school": _to(reader, "org", known.organisations[school]),
        "role": value(row["role"], ENROLMENT_ROLES),
        "primary": truth(row["is_primary"]),
        **period(row),
        "metadata": {**number, "jp.publicFlg": truth(row["is_public"])},
    }


def demographics(rows: Sequence[Row], reader: Reader) -> list[Document]:
    """Birth date and sex; the rest of the standard's list is not kept here."""
    stamp = stamps(rows)

    def document(row: Row) -> Document:
        born = {"birthDate": row["birth_date"].isoformat()} if row["birth_date"] else {}
        return {**base(row, stamp, "ended"), **born, **texts(row, sex="sex")}

    return [document(row) for row in rows]


def base(row: Row, stamp: Callable[[Row], str], ended: str) -> Document:
    """What every object has. ``ended``: the column that says that it is to be deleted, once it is not empty."""
    return {
        "sourcedId": row["sourced_id"],
        "status": "active" if row[ended] is None else "tobedeleted",
        "dateLastModified": stamp(row),
    }


def stamps(rows: Iterable[Row]) -> Callable[[Row], str]:
    """When rows were last changed, as the standard writes it."""
    missing = {row["change_id"] for row in rows} - _moments.keys() - {None}
    if missing:
        _moments.update((number, written(at)) for number, at in roster.moments_of(missing).items())
    return lambda row: written(EARLIEST) if row["change_id"] is None else _moments[row["change_id"]]


def written(moment: datetime) -> str:
    """A moment in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def value(text: str, known: tuple[str, ...]) -> str:
    """A value of an open vocabulary: what the standard does not list begins with ``ext:``."""
    return text if text in known or text.startswith("ext:") else f"ext:{text}"


def truth(is_so: bool) -> str:
    """A truth value, which is a text in OneRoster."""
    return "true" if is_so else "false"


def last_day(ends: date) -> str:
    """The last day of a period, whose end is kept as the first day after it."""
    return (ends - DAY).isoformat()


def period(row: Row) -> Document:
    """``beginDate`` and ``endDate`` of a row with a period."""
    ends = {"endDate": max(last_day(row["ends"]), row["begins"].isoformat())} if row["ends"] else {}
    return {"beginDate": row["begins"].isoformat(), **ends}


def texts(row: Row, **columns: str) -> Document:
    """The columns that are not empty, under the names of the standard."""
    return {name: row[column] for name, column in columns.items() if row[column]}


def lists(row: Row, **columns: str) -> Document:
    """The columns with commas between values, as lists; empty ones are left out."""
    return {name: [part.strip() for part in row[column].split(",")] for name, column in columns.items() if row[column]}


def _to(reader: Reader, kind: str, sourced_id: str) -> dict[str, str]:
    return reference(reader.origin, kind, sourced_id)


def _terms_of(rows: Sequence[Row]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    terms = roster.rows_of("ClassTerm").filter(school_class__in=[row["uuid"] for row in rows]).order_by("pk")
    for key, session in terms.values_list("school_class_id", "session_id"):
        found.setdefault(key, []).append(session)
    return found


def _year_of(row: Row, reader: Reader) -> list[int]:
    """A session of the first day of a class that names none: the standard wants one at least."""
    day = row["begins"]
    every = roster.rows_of("AcademicSession").order_by("pk")
    held = every.filter(begins__lte=day, ends__gt=day).first() or every.first()
    return [held.pk] if held else list(tombstones.names_of("AcademicSession", reader.change))[:1]
