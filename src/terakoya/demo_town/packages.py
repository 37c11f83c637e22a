"""Writes the rosters of the town and of the cram school as OneRoster CSV packages, byte for byte the same each time."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from .building import settings
from .doubtful import in_doubt
from .marks import COLUMNS as MARKS_COLUMNS
from .marks import marks_of, materials_of
from .town import Juku, Klass, Person, School, Town

ALL_FILES = (
    *("academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics"),
    *("enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources"),
    *("resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles"),
    *("userResources", "users"),
)
COLUMNS = {
    "academicSessions": "title type startDate endDate parentSourcedId schoolYear",
    "orgs": "name type identifier parentSourcedId",
    "courses": "schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes",
    "classes": "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds subjects "
    "subjectCodes periods metadata.jp.specialNeeds",
    "users": "enabledUser username userIds givenName familyName middleName identifier email sms phone "
    "agentSourcedIds grades password userMasterIdentifier preferredGivenName preferredMiddleName "
    "preferredFamilyName primaryOrgSourcedId pronouns metadata.jp.kanaGivenName metadata.jp.kanaFamilyName "
    "metadata.jp.kanaMiddleName metadata.jp.homeClass",
    "roles": "userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId",
    "demographics": "birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican "
    "nativeHawaiianOrOtherPacificIslander white demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity "
    "countryOfBirthCode stateOfBirthAbbreviation cityOfBirth publicSchoolResidenceStatus",
    "enrollments": "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
}
JAPAN_ENROLMENT = " metadata.jp.shussekiNo metadata.jp.publicFlg"
TOWN_USERS = " metadata.terakoya.address metadata.terakoya.addressHiddenFrom"

Row = dict[str, object]
Files = dict[str, list[Row]]


def write_city_package(town: Town, path: Path, *, marks: bool = False, doubts: bool = False) -> Path:
    """Write the town's roster (1EdTech Japan K-12/Schools Profile) to a file, or into a folder under its own name.

    marks: with what its classes are marked for and with what results, and the materials they use
    doubts: with a pupil who was entered twice, and a name that not every device shows
    """
    session = _session(town)
    files: Files = {
        "academicSessions": [session],
        "orgs": [
            _org(town.board, "district", ""),
            *(_org(one, "school", town.board.sourced_id) for one in town.schools),
        ],
        "courses": _courses(town.classes, town, session),
        "classes": [_class(klass, session) for klass in town.classes],
        "users": _town_users(town),
        "roles": _town_roles(town),
        "enrollments": _town_enrolments(town),
        "demographics": [
            {"sourcedId": pupil.sourced_id, "birthDate": pupil.birth_date, "sex": pupil.sex} for pupil in town.pupils
        ],
    }
    if doubts:
        in_doubt(town, files)
    if marks:
        files |= marks_of(town, str(session["sourcedId"])) | materials_of(town)
    columns = {**COLUMNS, **MARKS_COLUMNS} | {
        "users": COLUMNS["users"] + TOWN_USERS,
        "enrollments": COLUMNS["enrollments"] + JAPAN_ENROLMENT,
    }
    return _write(_named(path, town.as_of, town.board.code), files, columns, "1.2_JP", town.as_of)


def write_juku_package(town: Town, path: Path) -> Path:
    """Write the cram school's roster (base profile 1.2.1 with Japanese readings) to a file or into a folder."""
    juku, session = town.juku, _session(town)
    people: list[tuple[Person, str, Klass | None]] = [
        *((teacher, "teacher", None) for teacher in juku.teachers),
        *((pupil, "student", pupil.klass) for pupil in juku.pupils),
    ]
    files: Files = {
        "academicSessions": [session],
        "orgs": [_org(juku.school, "school", "")],
        "courses": _courses(juku.classes, town, session),
        "classes": [_class(klass, session) for klass in juku.classes],
        "users": [_user(person, juku.school, grade=klass.grade if klass else "") for person, _, klass in people],
        "roles": [_role(person, role, juku.school) for person, role, _ in people],
        "enrollments": _juku_enrolments(juku),
    }
    return _write(_named(path, town.as_of, "juku"), files, COLUMNS, "1.2.1", town.as_of)


# --- rows ---


def _session(town: Town) -> Row:
    title = settings()["words"]["year"].format(year=town.school_year)
    return {
        "sourcedId": f"year-{town.school_year}",
        "title": title,
        "type": "schoolYear",
        "startDate": date(town.school_year, 4, 1),
        "endDate": date(town.school_year + 1, 3, 31),
        "schoolYear": town.school_year,
    }


def _org(school: School, kind: str, parent: str) -> Row:
    return {
        "sourcedId": school.sourced_id,
        "name": school.name,
        "type": kind,
        "identifier": school.code,
        "parentSourcedId": parent,
    }


def _courses(classes: list[Klass], town: Town, session: Row) -> list[Row]:
    words = settings()["words"]
    courses: dict[str, Row] = {}
    for klass in classes:
        name = klass.subject_name or words["homeroom"]
        grade = words["grade_title"].format(number=klass.grade[1])
        courses[klass.course] = {
            "sourcedId": klass.course,
            "schoolYearSourcedId": session["sourcedId"],
            "title": f"{session['title']} {grade} {name}",
            "grades": klass.grade,
            "orgSourcedId": klass.school.sourced_id,
            "subjects": klass.subject_name,
            "subjectCodes": klass.subject,
        }
    return list(courses.values())


def _class(klass: Klass, session: Row) -> Row:
    return {
        "sourcedId": klass.sourced_id,
        "title": klass.title,
        "grades": klass.grade,
        "courseSourcedId": klass.course,
        "classType": "homeroom" if klass.is_homeroom else "scheduled",
        "schoolSourcedId": klass.school.sourced_id,
        "termSourcedIds": session["sourcedId"],
        "subjects": klass.subject_name,
        "subjectCodes": klass.subject,
        "metadata.jp.specialNeeds": "false",
    }


def _user(person: Person, school: School, *, grade: str = "", home: str = "", agents: Iterable[str] = ()) -> Row:
    return {
        "sourcedId": person.sourced_id,
        "enabledUser": "true",
        "username": person.username,
        "givenName": person.official_given,
        "familyName": person.official_family,
        "email": person.email,
        "sms": person.phone,
        "agentSourcedIds": ",".join(agents),
        "grades": grade,
        "userMasterIdentifier": person.uuid,
        "preferredGivenName": person.display_given,
        "preferredFamilyName": person.display_family,
        "primaryOrgSourcedId": school.sourced_id,
        "metadata.jp.kanaGivenName": person.kana_given,
        "metadata.jp.kanaFamilyName": person.kana_family,
        "metadata.jp.homeClass": home,
        "metadata.terakoya.address": person.address,
        "metadata.terakoya.addressHiddenFrom": ",".join(person.hidden_from),
    }


def _town_users(town: Town) -> list[Row]:
    rows = [_user(teacher, teacher.school) for teacher in town.teachers if teacher.school]
    for pupil in town.pupils:
        if pupil.school and pupil.home_class:
            agents = [guardian.sourced_id for guardian in pupil.guardians]
            home = pupil.home_class.sourced_id
            rows.append(_user(pupil, pupil.school, grade=pupil.grade, home=home, agents=agents))
    return rows + [
        _user(guardian, guardian.children[0].school) for guardian in town.guardians if guardian.children[0].school
    ]


def _role(person: Person, role: str, school: School, rank: str = "primary") -> Row:
    return {
        "sourcedId": f"role-{role}-{person.sourced_id}-{school.sourced_id[:8]}",
        "userSourcedId": person.sourced_id,
        "roleType": rank,
        "role": role,
        "orgSourcedId": school.sourced_id,
    }


def _town_roles(town: Town) -> list[Row]:
    rows = [_role(teacher, "teacher", teacher.school) for teacher in town.teachers if teacher.school]
    rows += [_role(one, "principal", one.school, "secondary") for one in town.teachers if one.is_head and one.school]
    rows += [_role(pupil, "student", pupil.school) for pupil in town.pupils if pupil.school]
    for guardian in town.guardians:
        schools = {child.school.sourced_id: child.school for child in guardian.children if child.school}
        rows += [_role(guardian, "guardian", school) for school in schools.values()]
    return rows


def _enrolment(klass: Klass, person: Person, role: str, primary: bool, number: int | str = "") -> Row:
    return {
        "sourcedId": f"enrol-{klass.sourced_id}-{person.sourced_id}",
        "classSourcedId": klass.sourced_id,
        "schoolSourcedId": klass.school.sourced_id,
        "userSourcedId": person.sourced_id,
        "role": role,
        "primary": "true" if primary else "false",
        "metadata.jp.shussekiNo": number,
        "metadata.jp.publicFlg": "true",
    }


def _town_enrolments(town: Town) -> list[Row]:
    rows = [_enrolment(klass, teacher, "teacher", True) for teacher in town.teachers for klass in teacher.classes]
    for klass in town.classes:
        rows += [_enrolment(klass, pupil, "student", False, pupil.number) for pupil in town.pupils_of(klass)]
    return rows


def _juku_enrolments(juku: Juku) -> list[Row]:
    rows = [_enrolment(klass, teacher, "teacher", True) for teacher in juku.teachers for klass in teacher.classes]
    return rows + [_enrolment(pupil.klass, pupil, "student", False) for pupil in juku.pupils if pupil.klass]


# --- files ---


def _named(path: Path, day: date, code: str) -> Path:
    return path if path.suffix == ".zip" else path / f"RO_{day:%Y%m%d}_{code}.zip"


def _write(path: Path, files: Files, columns: dict[str, str], version: str, day: date) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in [
            ("manifest", _csv(["propertyName", "value"], _manifest(files, version))),
            *((name, _table(columns[name].split(), rows)) for name, rows in files.items()),
        ]:
            entry = zipfile.ZipInfo(f"{name}.csv", (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, text)
    return path


def _manifest(files: Files, version: str) -> list[list[str]]:
    return [
        ["manifest.version", "1.0"],
        ["oneroster.version", version],
        *([f"file.{name}", "bulk" if name in files else "absent"] for name in ALL_FILES),
        ["source.systemName", "Terakoya demo town"],
        ["source.systemCode", "terakoya-demo-town"],
    ]


def _table(columns: list[str], rows: list[Row]) -> str:
    header = ["sourcedId", "status", "dateLastModified", *columns]
    return _csv(header, [[row.get(column, "") for column in header] for row in rows])


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
