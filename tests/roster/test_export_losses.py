import pytest

from terakoya.roster.adapters.oneroster.exporting.losses import Loss, losses
from terakoya.roster.adapters.oneroster.exporting.scope import Scope
from terakoya.roster.models import AcademicSession, ClassTerm, Enrolment, Organisation, Person, Role, SchoolClass
from terakoya.standards.oneroster_profiles import PROFILES

from .exporting_tools import exported, row_of, tables_of

pytestmark = pytest.mark.usefixtures("imported")
NEWEST = "k12-schools-1.0"


def foreseen(profile: str = NEWEST) -> list[Loss]:
    return losses(Scope(PROFILES[profile]))


def a_guardian() -> Role:
    return Role.objects.filter(name="guardian").order_by("sourced_id")[0]


def a_pupil() -> Person:
    return Person.objects.filter(roles__name="student").order_by("sourced_id")[0]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_carries_the_town(profile: str) -> None:
    assert [one for one in foreseen(profile) if one.kind not in ("replaced", "uncarried")] == []


def test_a_parent_goes_out_as_guardian_where_the_profile_has_no_parents() -> None:
    role = a_guardian()
    Role.objects.filter(pk=role.pk).update(name="parent")
    assert Loss("becomes", "roles", "role", 1, "parent", "guardian") in foreseen()
    assert row_of(exported(NEWEST), "roles", role.sourced_id)["role"] == "guardian"
    assert row_of(exported("base-1.2.1"), "roles", role.sourced_id)["role"] == "parent"


def test_a_relative_is_left_out_with_the_person_and_every_mention() -> None:
    role = a_guardian()
    Role.objects.filter(person=role.person).update(name="relative")
    assert ("left_out", "relative") in {(one.kind, one.value) for one in foreseen()}
    tables = tables_of(exported(NEWEST))
    key = role.person.sourced_id
    assert key not in {row["sourcedId"] for row in tables["users"]}
    assert key not in {one for row in tables["users"] for one in row["agentSourcedIds"].split(",")}
    assert key in {row["sourcedId"] for row in tables_of(exported("base-1.2.1"))["users"]}


def test_a_guardian_in_a_class_is_left_out_of_the_base_profile() -> None:
    row = Enrolment.objects.filter(role="student").order_by("sourced_id")[0]
    Enrolment.objects.filter(pk=row.pk).update(role="guardian")
    assert Loss("left_out", "enrollments", "role", 1, "guardian") in foreseen("base-1.2.1")
    assert row.sourced_id not in {one["sourcedId"] for one in tables_of(exported("base-1.2.1"))["enrollments"]}
    assert row_of(exported(NEWEST), "enrollments", row.sourced_id)["role"] == "guardian"


def test_an_official_name_that_cannot_be_carried_is_told_as_the_name_in_use() -> None:
    pupil = a_pupil()
    before = [one.count for one in foreseen() if one.kind == "replaced"]
    Person.objects.filter(pk=pupil.pk).update(official_family="葛\U000e0100城", display_family="葛城")
    assert [one.count for one in foreseen() if one.kind == "replaced"] == [sum(before) + 1]
    assert row_of(exported(NEWEST), "users", pupil.sourced_id)["familyName"] == "葛城"
    assert row_of(exported("base-1.2.1"), "users", pupil.sourced_id)["familyName"] == "葛\U000e0100城"


def test_a_name_in_use_that_cannot_be_carried_is_told_and_goes_out_as_it_is() -> None:
    pupil = a_pupil()
    before = [one.count for one in foreseen() if one.kind == "uncarried"]
    Person.objects.filter(pk=pupil.pk).update(display_family="髙橋")
    assert [one.count for one in foreseen() if one.kind == "uncarried"] == [sum(before) + 1]
    assert row_of(exported(NEWEST), "users", pupil.sourced_id)["preferredFamilyName"] == "髙橋"


def test_a_cell_that_the_profile_asks_for_and_nobody_has_filled_is_told() -> None:
    pupil = a_pupil()
    Person.objects.filter(pk=pupil.pk).update(kana_given="", official_kana_given="")
    told = Loss("missing", "users", "metadata.jp.kanaGivenName", 1, examples=(pupil.sourced_id,))
    assert told in foreseen("interoperability-6.00")
    assert told not in foreseen(NEWEST)


def test_the_e_portal_gets_the_official_name_where_no_other_is_in_use() -> None:
    pupil = a_pupil()
    Person.objects.filter(pk=pupil.pk).update(display_family="", display_given="", official_family="山田")
    assert row_of(exported("e-portal-4.00"), "users", pupil.sourced_id)["preferredFamilyName"] == "山田"
    assert row_of(exported(NEWEST), "users", pupil.sourced_id)["preferredFamilyName"] == ""


def test_half_width_katakana_go_out_in_full_width() -> None:
    pupil = a_pupil()
    Person.objects.filter(pk=pupil.pk).update(kana_given="ﾊﾅｺ", official_kana_given="ﾊﾅｺ")
    row = row_of(exported("e-portal-3.00"), "users", pupil.sourced_id)
    assert row["metadata.jp.kanaGivenName"] == "ハナコ"


def test_a_term_is_told_as_the_year_that_it_belongs_to() -> None:
    year = AcademicSession.objects.get()
    term = AcademicSession.objects.create(
        sourced_id="term-1",
        title="1学期",
        kind="term",
        begins=year.begins,
        ends=year.begins.replace(month=8),
        school_year=2026,
        parent=year,
    )
    klass = SchoolClass.objects.order_by("sourced_id")[0]
    ClassTerm.objects.filter(school_class=klass).delete()
    ClassTerm.objects.create(school_class=klass, session=term)
    assert Loss("becomes", "academicSessions", "type", 1, "term", "schoolYear") in foreseen()
    japan, base = exported(NEWEST), exported("base-1.2.1")
    assert row_of(japan, "classes", klass.sourced_id)["termSourcedIds"] == year.sourced_id
    assert [row["sourcedId"] for row in tables_of(japan)["academicSessions"]] == [year.sourced_id]
    assert row_of(base, "classes", klass.sourced_id)["termSourcedIds"] == "term-1"
    assert row_of(base, "academicSessions", "term-1")["parentSourcedId"] == year.sourced_id


def test_a_prefecture_above_a_board_goes_out_as_one_that_has_nothing_above_it() -> None:
    board = Organisation.objects.get(kind="district")
    state = Organisation.objects.create(sourced_id="pref", name="県", kind="state")
    Organisation.objects.filter(pk=board.pk).update(parent=state)
    told = row_of(exported(NEWEST), "orgs", board.sourced_id)
    assert (told["type"], told["parentSourcedId"]) == ("district", "")
    assert row_of(exported("base-1.2.1"), "orgs", board.sourced_id)["parentSourcedId"] == "pref"


def test_the_year_is_that_of_its_april_in_japan_and_of_its_end_in_the_base() -> None:
    year = AcademicSession.objects.get()
    assert row_of(exported(NEWEST), "academicSessions", year.sourced_id)["schoolYear"] == "2026"
    assert row_of(exported("base-1.2.1"), "academicSessions", year.sourced_id)["schoolYear"] == "2027"


def test_course_codes_stay_empty_in_japan() -> None:
    SchoolClass.objects.order_by("sourced_id")[0].course.__class__.objects.update(code="K1")
    assert {row["courseCode"] for row in tables_of(exported(NEWEST))["courses"]} == {""}
    assert {row["courseCode"] for row in tables_of(exported("base-1.2.1"))["courses"]} == {"K1"}
