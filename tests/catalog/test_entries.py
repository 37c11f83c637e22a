import json
from collections.abc import Callable

import pytest

from terakoya.catalog import api as catalog
from terakoya.catalog.entries import categories_of, own_entries, placement_of
from terakoya.identity.models import Account
from terakoya.kit.models import Job
from terakoya.records.models import Statement
from terakoya.roster.models import Person


@pytest.fixture(autouse=True)
def city(node_kind: Callable[[str], object]) -> None:
    node_kind("city")


@pytest.fixture
def pupil(db: None) -> Person:
    return Person.objects.create(
        sourced_id="p-77123", official_family="Kusunoki", kana_family="クスノキ", phone="0770-55-0199"
    )


def entry_of(category: str) -> catalog.Entry | None:
    return next((entry for entry in own_entries() if entry.category == category), None)


@pytest.mark.django_db
def test_category_without_a_row_is_not_in_the_catalog() -> None:
    assert entry_of("subject.identity") is None


@pytest.mark.usefixtures("pupil")
def test_category_with_a_row_is_held_and_not_offered() -> None:
    entry = entry_of("subject.identity")
    assert entry is not None
    assert (entry.access, entry.offered, entry.placement) == ("non_public", False, "table2")


@pytest.mark.usefixtures("pupil")
def test_catalog_names_nobody_and_counts_nothing() -> None:
    before = json.dumps(catalog.own_catalog(), ensure_ascii=False)
    Person.objects.create(sourced_id="p-77124", official_family="Kusunoki")
    after = json.dumps(catalog.own_catalog(), ensure_ascii=False)
    assert after == before
    assert not any(mark in after for mark in ("Kusunoki", "クスノキ", "0770-55-0199", "p-77123"))


@pytest.mark.django_db
def test_registered_data_set_is_offered_for_its_purposes() -> None:
    entry = entry_of("activity.learning_school")
    assert entry is not None
    assert entry.offered and entry.access == "restricted" and "tutoring" in entry.purposes


@pytest.mark.usefixtures("pupil")
def test_held_category_has_the_purposes_that_pages_declare() -> None:
    entry = entry_of("subject.identity")
    assert entry is not None and "school_administration" in entry.purposes


def test_categories_are_those_of_the_docstring() -> None:
    assert categories_of(Statement) == ["activity.learning_school"]
    assert categories_of(Job) == []


@pytest.mark.parametrize(
    ("kind", "category", "placement"),
    [
        ("city", "activity.learning_school", "table2"),
        ("pds", "activity.learning_school", "table2"),
        ("juku", "activity.learning_school", "consent"),
        ("juku", "activity.learning_private", "table2"),
        ("juku", "subject.identity", "law"),
        ("city", "rights.consent", "operation"),
    ],
)
def test_placement_follows_table_2_of_the_roadmap(kind: str, category: str, placement: str) -> None:
    assert placement_of(kind, category) == placement


@pytest.mark.django_db
def test_nation_holds_no_category_of_the_subject_or_of_activity(node_kind: Callable[[str], object]) -> None:
    node_kind("nation")
    Account.objects.create(username="clerk", display_name="Clerk")
    parts = {entry.category.split(".")[0] for entry in own_entries() if not entry.offered}
    assert not parts & {"activity", "content", "outside"}
