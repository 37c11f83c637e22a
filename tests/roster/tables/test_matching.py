"""Who a line is: certain only by more than a name, doubtful where a person has to say, new where nobody is like it."""

import pytest

from terakoya.roster.models import Organisation, Person
from terakoya.roster.tables.plan import Entry

from .tables import HEADINGS, draft, pupils_of, row_of, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil(school: Organisation) -> Person:
    """A pupil whose name nobody else of the school has."""
    names = [one.official_name for one in pupils_of(school)]
    return next(one for one in pupils_of(school) if names.count(one.official_name) == 1)


def entry(school: Organisation, headings: list[str], row: list[object]) -> Entry:
    (one,) = draft(school, workbook([headings, row])).plan.entries
    return one


def test_name_and_birth_date_are_certain(school: Organisation, pupil: Person) -> None:
    one = entry(school, HEADINGS, row_of(pupil, 番号=77))
    assert (one.person, one.state) == (pupil, "changed")


def test_name_with_class_and_number_is_certain_without_a_birth_date(school: Organisation, pupil: Person) -> None:
    assert entry(school, HEADINGS, row_of(pupil, 生年月日=None)).person == pupil


def test_a_name_alone_is_doubtful(school: Organisation, pupil: Person) -> None:
    one = entry(school, HEADINGS, row_of(pupil, 生年月日=None, 番号=77))
    assert (one.state, one.candidates) == ("doubtful", (pupil,))


def test_the_display_name_is_a_name_too(school: Organisation, pupil: Person) -> None:
    one = entry(school, HEADINGS, row_of(pupil, 氏名=f"{pupil.display_family} {pupil.display_given}"))
    assert (one.person, one.state) == (pupil, "unchanged")


def test_a_name_is_compared_without_its_spaces(school: Organisation, pupil: Person) -> None:
    one = entry(school, HEADINGS, row_of(pupil, 氏名=f"{pupil.official_family}{pupil.official_given}"))
    assert (one.person, one.state) == (pupil, "unchanged")


def test_another_birth_date_is_another_person(school: Organisation, pupil: Person) -> None:
    one = entry(school, HEADINGS, row_of(pupil, 生年月日="2015/1/3", 番号=77))
    assert (one.state, one.person) == ("new", None)


def test_a_new_name_at_the_same_place_and_birth_date_is_doubtful(school: Organisation, pupil: Person) -> None:
    one = entry(school, HEADINGS, row_of(pupil, 氏名=f"新姓 {pupil.official_given}"))
    assert (one.state, one.candidates) == ("doubtful", (pupil,))


def test_the_key_is_certain_whatever_else_the_row_says(school: Organisation, pupil: Person) -> None:
    headings = ["利用者ID", *HEADINGS]
    one = entry(school, headings, [str(pupil.pk), *row_of(pupil, 氏名="新姓 新名", 生年月日=None)])
    assert one.person == pupil
    assert {difference.field for difference in one.differences} >= {"official_family", "official_given"}


def test_a_key_of_nobody_is_a_fault(school: Organisation, pupil: Person) -> None:
    headings, key = ["利用者ID", *HEADINGS], "6d1ad4b4-94e2-4e4c-9c45-3d3c3f0e6d4f"
    plan = draft(school, workbook([headings, [key, *row_of(pupil)]])).plan
    assert [(fault.code, fault.row) for fault in plan.faults] == [("person.unknown", 2)]


def test_a_school_s_own_number_is_certain_with_the_name_and_doubtful_with_another(
    school: Organisation, pupil: Person
) -> None:
    Person.objects.filter(pk=pupil.pk).update(identifier="0042")
    headings = [*HEADINGS, "学籍番号"]
    assert entry(school, headings, [*row_of(pupil, 生年月日=None, 番号=77), "0042"]).person == pupil
    other = entry(school, headings, [*row_of(pupil, 氏名="別人 太郎", 生年月日=None), "0042"])
    assert (other.state, other.candidates) == ("doubtful", (pupil,))


def test_two_rows_of_one_person_are_a_fault(school: Organisation, pupil: Person) -> None:
    plan = draft(school, workbook([HEADINGS, row_of(pupil), row_of(pupil)])).plan
    assert {(fault.code, fault.row, fault.details["other"]) for fault in plan.faults} == {
        ("row.twice", 3, 2),
        ("number.twice", 3, 2),
    }


def test_two_pupils_with_one_number_are_a_fault(school: Organisation) -> None:
    one, other = pupils_of(school)[:2]
    row = row_of(one)
    plan = draft(school, workbook([HEADINGS, row, row_of(other, 学年=row[0], 組=row[1], 番号=row[2])])).plan
    assert [fault.code for fault in plan.faults] == ["number.twice"]


def test_a_new_name_without_a_space_is_a_fault(school: Organisation, pupil: Person) -> None:
    plan = draft(school, workbook([HEADINGS, row_of(pupil, 氏名="新田さくら", 生年月日="2015/1/3", 番号=77)])).plan
    assert [(fault.code, fault.found) for fault in plan.faults] == [("name.unparted", "新田さくら")]
