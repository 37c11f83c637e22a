import re

from terakoya.access.api import matrix
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES


def test_every_category_falls_under_a_column_of_the_roadmap_or_stands_outside_the_table() -> None:
    columns = set(matrix().information)
    for category in CATEGORIES.values():
        assert (category.information in columns) != (category.part in ("rights", "operation"))


def test_every_column_of_the_roadmap_has_a_category() -> None:
    assert {category.information for category in CATEGORIES.values()} - {""} == set(matrix().information)


def test_every_category_has_a_class_of_the_security_guideline_and_a_retention() -> None:
    for category in CATEGORIES.values():
        assert category.importance in ("I", "II", "III", "IV")
        assert category.retention
        assert category.part in ("subject", "content", "activity", "outside", "rights", "operation")


def test_learning_records_are_class_iii() -> None:
    assert CATEGORIES["activity.learning_school"].importance == "III"


def test_names_exist_in_three_languages_with_readings_in_plain_japanese() -> None:
    for named in (*CATEGORIES.values(), *PURPOSES.values()):
        assert named.name("ja") == named.ja and named.name("en") == named.en
        without_readings = re.sub(r"｜[^｜《]+《[^》]+》", "", named.name("ja-easy"))
        assert not re.search(r"[\u4e00-\u9fff《》｜]", without_readings), named.id
