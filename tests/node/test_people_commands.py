"""``terakoya propose`` and ``terakoya characters`` say what came of it, or why nothing did."""

from datetime import date
from pathlib import Path

import click
import pytest

from terakoya.node.people import propose_and_tell, read_forms_and_tell
from terakoya.roster.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody() -> Person:
    return Person.objects.create(sourced_id="one", official_family="山田")


def test_the_owner_writes_and_another_system_proposes(somebody: Person) -> None:
    assert propose_and_tell("one", "grade", "P5", "school_affairs").startswith("Written, as change")
    assert propose_and_tell("one", "grade", "P6", "e_portal") == "It waits at the desk: school_affairs owns grade."
    assert propose_and_tell("one", "grade", "P5", "e_portal") == "The roster says so already."
    somebody.refresh_from_db()
    assert (somebody.grade, somebody.birth_date) == ("P5", None)


@pytest.mark.parametrize(
    ("person", "field", "value", "why"),
    [
        ("nobody", "grade", "P5", "nobody in the roster"),
        ("one", "sourced_id", "two", "no field that is written alone"),
        ("one", "no_such_field", "x", "no field that is written alone"),
        ("one", "birth_date", "soon", "dates are written as"),
    ],
)
def test_what_cannot_be_written_is_told(somebody: Person, person: str, field: str, value: str, why: str) -> None:
    with pytest.raises(click.ClickException, match=why):
        propose_and_tell(person, field, value, "e_portal")
    somebody.refresh_from_db()
    assert somebody.birth_date is None or somebody.birth_date == date.min


def test_a_file_that_is_no_official_list_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n", "utf-8")
    with pytest.raises(click.ClickException, match=r"other\.csv"):
        read_forms_and_tell(other, other)
