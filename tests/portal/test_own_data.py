"""From a family's first page at the city each question about one's data is one press away."""

import pytest
from django.test import Client
from django.urls import reverse

from terakoya.access import api as access
from tests.access.conftest import terms_for
from tests.access.school import School, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


def first_page(client: Client, account: object) -> str:
    client.force_login(account)  # type: ignore[arg-type]
    return client.get(reverse("home"), headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize("who", ["guardian", "pupil"])
def test_the_ways_to_one_s_data_stand_on_the_first_page(client: Client, school: School, who: str) -> None:
    page = first_page(client, getattr(school, who))
    child = school.pupils[0]
    for name, args in (
        ("access.accesses", [child]),
        ("access.consents", []),
        ("rights.holders", [child]),
        ("rights.home", []),
    ):
        assert f'href="{reverse(name, args=args)}"' in page


def test_what_is_asked_of_a_pupil_stands_on_its_first_page(client: Client, school: School) -> None:
    guardian = access.actor_of_account(school.guardian)
    consent = access.give_consent(terms_for(school.pupils[0]), by=guardian, capacity="guardian")
    page = first_page(client, school.pupil)
    assert reverse("access.answer", args=[consent.uuid]) in page
    assert reverse("access.answer", args=[consent.uuid]) not in first_page(client, school.guardian)


def test_a_teacher_is_asked_nothing(client: Client, school: School) -> None:
    assert 'id="asked"' not in first_page(client, school.teacher)
