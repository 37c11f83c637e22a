"""A make-believe prefecture as a OneRoster package: as many rows as a real one has, quickly written."""

import random
import zipfile
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from terakoya.standards import oneroster

USERS, CLASSES, SCHOOLS, ENROLMENTS = 600_000, 20_000, 1_000, 5_000_000
AT_ONCE = 500_000
FAMILY = (("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ"), ("田中", "タナカ"), ("渡辺", "ワタナベ"))
GIVEN = (("陽菜", "ハルナ"), ("蓮", "レン"), ("結衣", "ユイ"), ("湊", "ミナト"), ("葵", "アオイ"), ("樹", "イツキ"))
STAFF_EVERY = 20  # every so many users one works at the school


class Prefecture:
    """size: 1 is a whole prefecture. ``changed``: the package of the next day, one row of a hundred another."""

    def __init__(self, size: float, *, changed: bool = False) -> None:
        chance = random.Random(20)  # noqa: S311
        self.changed = changed
        self.schools = max(2, int(SCHOOLS * size))
        self.classes = self.schools * (CLASSES // SCHOOLS)
        self.users = self.schools * (USERS // SCHOOLS)
        self.enrolments = self.schools * (ENROLMENTS // SCHOOLS)
        self.user_ids = pl.Series("id", [_uuid(chance) for _ in range(self.users)])
        self.class_ids = pl.Series("id", [_uuid(chance) for _ in range(self.classes)])
        self.school_ids = pl.Series("id", [_uuid(chance) for _ in range(self.schools)])
        self.enrolment_ids = pl.Series("id", [_uuid(chance) for _ in range(self.enrolments)])

    def write(self, path: Path) -> Path:
        """Write the package."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            package.writestr("manifest.csv", _manifest())
            _write(package, "academicSessions", [self._sessions()])
            _write(package, "orgs", [self._organisations()])
            _write(package, "courses", [self._courses()])
            _write(package, "classes", [self._classes()])
            _write(package, "users", [self._users()])
            _write(package, "roles", [self._roles()])
            starts = range(0, self.enrolments, AT_ONCE)
            _write(package, "enrollments", (self._enrolments(start) for start in starts))
        return path

    def _sessions(self) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "sourcedId": ["year"],
                "title": ["2026年度"],
                "type": ["schoolYear"],
                "startDate": ["2026-04-01"],
                "endDate": ["2027-03-31"],
                "schoolYear": ["2026"],
            }
        )

    def _organisations(self) -> pl.DataFrame:
        schools = pl.DataFrame({"sourcedId": self.school_ids}).with_row_index("n")
        schools = schools.select(
            "sourcedId",
            pl.format("第{}学校", "n").alias("name"),
            type=pl.lit("school"),
            parentSourcedId=pl.lit("board"),
        )
        board = pl.DataFrame(
            {"sourcedId": ["board"], "name": ["教育委員会"], "type": ["district"], "parentSourcedId": [""]}
        )
        return pl.concat([board, schools])

    def _courses(self) -> pl.DataFrame:
        courses = pl.DataFrame({"orgSourcedId": self.school_ids})
        return courses.with_columns(
            sourcedId=pl.format("course-{}", "orgSourcedId"), title=pl.lit("総合"), schoolYearSourcedId=pl.lit("year")
        )

    def _classes(self) -> pl.DataFrame:
        classes = (
            pl.DataFrame({"sourcedId": self.class_ids}).with_row_index("n").with_columns(pl.col("n").cast(pl.Int64))
        )
        school = self._taken(self.school_ids, pl.col("n") // (CLASSES // SCHOOLS))
        is_homeroom = pl.col("n") % 20 < 10
        return classes.with_columns(schoolSourcedId=school).select(
            "sourcedId",
            "schoolSourcedId",
            pl.format("{}組", "n").alias("title"),
            courseSourcedId=pl.format("course-{}", "schoolSourcedId"),
            classType=pl.when(is_homeroom).then(pl.lit("homeroom")).otherwise(pl.lit("scheduled")),
            termSourcedIds=pl.lit("year"),
        )

    def _users(self) -> pl.DataFrame:
        n = pl.col("n")
        users = pl.DataFrame({"sourcedId": self.user_ids}).with_row_index("n").with_columns(n.cast(pl.Int64))
        renamed = (n % 100 == 1) if self.changed else pl.lit(False)
        family, kana = (pl.Series(names) for names in zip(*FAMILY, strict=True))
        given, given_kana = (pl.Series(names) for names in zip(*GIVEN, strict=True))
        shift = n + renamed.cast(pl.Int64)
        return users.select(
            "sourcedId",
            userMasterIdentifier="sourcedId",
            enabledUser=pl.lit("true"),
            username=pl.format("user{}", n),
            familyName=self._taken(family, shift % len(FAMILY)),
            givenName=self._taken(given, n % len(GIVEN)),
            preferredFamilyName=self._taken(family, shift % len(FAMILY)),
            preferredGivenName=self._taken(given, n % len(GIVEN)),
            grades=pl.when(n % STAFF_EVERY != 0).then(pl.format("P{}", n % 6 + 1)).otherwise(pl.lit("")),
            primaryOrgSourcedId=self._taken(self.school_ids, n // (USERS // SCHOOLS)),
            **{
                "metadata.jp.kanaFamilyName": self._taken(kana, shift % len(FAMILY)),
                "metadata.jp.kanaGivenName": self._taken(given_kana, n % len(GIVEN)),
            },
        )

    def _roles(self) -> pl.DataFrame:
        n = pl.col("n")
        users = pl.DataFrame({"userSourcedId": self.user_ids}).with_row_index("n").with_columns(n.cast(pl.Int64))
        is_staff = n % STAFF_EVERY == 0
        return users.select(
            "userSourcedId",
            sourcedId=pl.format("role-{}", "userSourcedId"),
            roleType=pl.lit("primary"),
            role=pl.when(is_staff).then(pl.lit("teacher")).otherwise(pl.lit("student")),
            beginDate=pl.lit("2026-04-01"),
            orgSourcedId=self._taken(self.school_ids, n // (USERS // SCHOOLS)),
        )

    def _enrolments(self, start: int) -> pl.DataFrame:
        end = min(start + AT_ONCE, self.enrolments)
        n = pl.col("n")
        rows = pl.DataFrame({"n": pl.int_range(start, end, eager=True)})
        rows = rows.with_columns(user=n % self.users)
        school, user = pl.col("user") // (USERS // SCHOOLS), pl.col("user")
        klass = school * (CLASSES // SCHOOLS) + (user + n // self.users) % (CLASSES // SCHOOLS)
        number = user % 40 + 1
        if self.changed:  # of a thousand rows 8 have another number, one is gone and one is new
            number = pl.when(n % 1000 < 8).then(number + 40).otherwise(number)
            rows = rows.filter(n % 1000 != 8)
        is_staff = user % STAFF_EVERY == 0
        key = self._taken(self.enrolment_ids, n)
        if self.changed:
            key = pl.when(n % 1000 == 9).then(pl.concat_str(key, pl.lit("n"))).otherwise(key)
        return rows.select(
            sourcedId=key,
            classSourcedId=self._taken(self.class_ids, klass),
            schoolSourcedId=self._taken(self.school_ids, school),
            userSourcedId=self._taken(self.user_ids, user),
            role=pl.when(is_staff).then(pl.lit("teacher")).otherwise(pl.lit("student")),
            primary=pl.lit("false"),
            **{
                "metadata.jp.shussekiNo": pl.when(is_staff).then(pl.lit("")).otherwise(number.cast(pl.String)),
                "metadata.jp.publicFlg": pl.lit("true"),
            },
        )

    @staticmethod
    def _taken(values: pl.Series, place: pl.Expr) -> pl.Expr:
        return pl.lit(values).gather(place)


def _uuid(chance: random.Random) -> str:
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _write(package: zipfile.ZipFile, name: str, frames: Iterable[pl.DataFrame]) -> None:
    headers = [column.name for column in oneroster.COLUMNS[name] if column.part in ("base", "japan")]
    with package.open(f"{name}.csv", "w", force_zip64=True) as file:
        for place, frame in enumerate(frames):
            missing = [pl.lit("").alias(header) for header in headers if header not in frame.columns]
            frame.with_columns(missing).select(headers).write_csv(
                file, include_header=place == 0, quote_style="necessary"
            )


def _manifest() -> str:
    files = [f"file.{name},bulk" for name in oneroster.ROSTERING]
    return "\r\n".join(["propertyName,value", "manifest.version,1.0", "oneroster.version,1.2_JP", *files, ""])
