"""Many rows at once are written as one by one would write them."""

from datetime import date
from uuid import uuid4

import pytest

from terakoya.kit import bulk
from terakoya.roster.models import Enrolment, Organisation, Person

pytestmark = pytest.mark.django_db
FEW, MANY = 3, bulk.MANY + 5


@pytest.mark.parametrize("count", [FEW, MANY])
def test_rows_are_added_with_every_field(count: int) -> None:
    people = [uuid4() for _ in range(count)]
    bulk.add(
        Enrolment,
        [
            Enrolment(
                sourced_id=f"e,{n}\n", person_id=key, school_class_id=key, role="student", begins=date(2026, 4, 1)
            )
            for n, key in enumerate(people)
        ],
    )
    found = Enrolment.objects.order_by("id").values_list("sourced_id", "person_id", "number", "is_public", "begins")
    assert list(found) == [(f"e,{n}\n", key, None, True, date(2026, 4, 1)) for n, key in enumerate(people)]


@pytest.mark.parametrize("count", [FEW, MANY])
def test_each_row_gets_its_own_values(count: int) -> None:
    school = Organisation.objects.create(sourced_id="school", name="school", kind="school")
    people = [Person(sourced_id=f"p{n}") for n in range(count)]
    Person.objects.bulk_create(people)
    names = ["official_family", "birth_date", "enabled", "primary_organisation_id"]
    bulk.update(
        Person,
        names,
        (
            (f"'{n}", date(2015, 1, 1) if n % 2 else None, bool(n % 3), school.pk, one.pk)
            for n, one in enumerate(people)
        ),
    )
    found = {row[0]: row[1:] for row in Person.objects.values_list("sourced_id", *names)}
    assert found == {
        f"p{n}": (f"'{n}", date(2015, 1, 1) if n % 2 else None, bool(n % 3), school.pk) for n in range(count)
    }


def test_rows_that_are_not_named_stay_as_they_are() -> None:
    people = [Person(sourced_id=f"p{n}", official_family="old") for n in range(MANY + 1)]
    Person.objects.bulk_create(people)
    bulk.update(Person, ["official_family"], (("new", one.pk) for one in people[1:]))
    assert Person.objects.get(official_family="old") == people[0]
