import csv
import io
import json
from collections.abc import Callable

import pytest
from django.test import Client

from terakoya.catalog.actions import harvest_all
from terakoya.catalog.http import _safe
from terakoya.exchange.models import Partner

from .conftest import OtherNode


@pytest.fixture
def nation(node_kind: Callable[[str], object], partner: Partner) -> Client:
    node_kind("nation")
    harvest_all()
    return Client(headers={"accept-language": "en"})


def page(client: Client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nation_shows_what_is_held_by_whom_under_which_standard(nation: Client) -> None:
    text = page(nation)
    assert "Learning records" in text and "Hill City" in text and "Board of education" in text


def test_filter_takes_only_what_fits(nation: Client) -> None:
    assert "Learning records" in page(nation, "/?category=activity.learning_school&kind=city")
    assert "No data set fits" in page(nation, "/?category=activity.learning_school&kind=juku")


def test_unknown_filter_value_is_no_fault(nation: Client) -> None:
    assert "No data set fits" in page(nation, "/?kind=%3Cscript%3E&page=99999")


def test_node_that_is_away_is_said_so_with_the_time_of_its_last_answer(nation: Client, other: OtherNode) -> None:
    other.status = 503
    harvest_all()
    text = page(nation)
    assert "Cannot be reached at present. What is shown of it was read at" in text
    assert "Learning records" in text


def test_refused_catalog_is_said_so(nation: Client, other: OtherNode) -> None:
    other.body = b"{}"
    harvest_all()
    assert "Its catalog was refused" in page(nation)


def test_table_can_be_saved_as_csv(nation: Client) -> None:
    rows = list(csv.reader(io.StringIO(page(nation, "/catalog.csv").removeprefix("\ufeff"))))
    assert rows[0][0] == "Held by"
    assert ["Hill City", "Board of education"] in [row[:2] for row in rows]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert _safe(cell) == f"'{cell}"


@pytest.mark.django_db
def test_empty_nation_says_what_will_come(node_kind: Callable[[str], object]) -> None:
    node_kind("nation")
    text = page(Client(headers={"accept-language": "en"}))
    assert "No node is registered yet" in text and "Nothing was harvested yet" in text


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["city", "pds", "juku", "vendor", "nation"])
def test_every_kind_of_node_serves_its_own_catalog(node_kind: Callable[[str], object], kind: str) -> None:
    node_kind(kind)
    answer = Client().get("/catalog.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    assert json.loads(answer.content)["dct:publisher"]["dct:type"] == f"terakoya:node/{kind}"


@pytest.mark.django_db
def test_own_page_shows_offered_data_sets(node_kind: Callable[[str], object]) -> None:
    node_kind("city")
    assert "with the family" in page(Client(headers={"accept-language": "en"}), "/catalog/")


@pytest.mark.django_db
def test_catalog_may_only_be_read() -> None:
    assert Client().post("/catalog.jsonld").status_code == 405


def test_nation_s_home_needs_few_queries(nation: Client, django_assert_max_num_queries: Callable) -> None:
    with django_assert_max_num_queries(15):
        page(nation)
