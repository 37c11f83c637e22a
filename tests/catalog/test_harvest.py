from collections.abc import Callable

import pytest

from terakoya.catalog import jobs
from terakoya.catalog.actions import harvest_all
from terakoya.catalog.errors import NodeUnreachable
from terakoya.catalog.fetching import fetch_catalog
from terakoya.catalog.models import Harvest, HarvestedDataset
from terakoya.exchange.models import Partner

from .conftest import RECORDS, OtherNode


@pytest.fixture(autouse=True)
def nation(node_kind: Callable[[str], object]) -> None:
    node_kind("nation")


def visit(partner: Partner) -> Harvest:
    return Harvest.objects.get(uri=partner.uri)


def titles(partner: Partner) -> list[str]:
    return [row.title_en for row in HarvestedDataset.objects.filter(harvest__uri=partner.uri)]


def test_data_sets_of_a_registered_node_are_harvested(partner: Partner) -> None:
    harvest_all()
    assert titles(partner) == ["Learning records"]
    assert visit(partner).fault == "" and visit(partner).harvested_at is not None


def test_second_harvest_replaces_the_first(partner: Partner, other: OtherNode) -> None:
    harvest_all()
    other.serves()
    harvest_all()
    assert titles(partner) == []


def test_node_that_is_away_keeps_what_was_harvested_before(partner: Partner, other: OtherNode) -> None:
    harvest_all()
    other.status = 503
    harvest_all()
    assert (visit(partner).fault, visit(partner).detail) == ("unreachable", "answered 503")
    assert titles(partner) == ["Learning records"]


def test_catalog_of_another_shape_is_refused_whole(partner: Partner, other: OtherNode) -> None:
    other.body = other.body.replace(b'"dct:identifier"', b'"foaf:person": "Hana", "dct:identifier"')
    harvest_all()
    assert visit(partner).fault == "refused"
    assert titles(partner) == []


def test_node_that_comes_back_is_in_order_again(partner: Partner, other: OtherNode) -> None:
    other.status = 500
    harvest_all()
    other.status = 200
    harvest_all()
    assert visit(partner).fault == ""


def test_node_that_left_the_registry_is_forgotten(partner: Partner) -> None:
    harvest_all()
    partner.delete()
    harvest_all()
    assert not HarvestedDataset.objects.filter(harvest__name="Hill City").exists()


@pytest.mark.django_db
def test_nation_describes_itself_too() -> None:
    harvest_all()
    assert Harvest.objects.get(kind="nation").fault == ""


def test_only_the_nation_harvests(partner: Partner, node_kind: Callable[[str], object]) -> None:
    node_kind("city")
    jobs.harvest()
    assert not Harvest.objects.exists()


def test_harvest_is_a_regular_duty_of_the_nation(partner: Partner) -> None:
    jobs.harvest()
    assert titles(partner) == ["Learning records"]


def test_redirect_is_not_followed(other: OtherNode) -> None:
    other.status, other.headers = 302, {"Location": "http://127.0.0.1:9/"}
    with pytest.raises(NodeUnreachable, match="302"):
        fetch_catalog(other.uri)


def test_large_catalog_is_cut_off(other: OtherNode) -> None:
    other.body = b"x" * 20_000
    with pytest.raises(NodeUnreachable, match="larger"):
        fetch_catalog(other.uri, largest=10_000)


def test_compressed_answer_is_not_unpacked(other: OtherNode) -> None:
    other.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(NodeUnreachable, match="compressed"):
        fetch_catalog(other.uri)


def test_slow_answer_is_given_up(other: OtherNode) -> None:
    other.body, other.pause = b"x" * 60_000, 0.1
    with pytest.raises(NodeUnreachable, match="slow"):
        fetch_catalog(other.uri, longest=0.3)


def test_node_without_a_listener_is_unreachable() -> None:
    with pytest.raises(NodeUnreachable, match="no answer"):
        fetch_catalog("http://127.0.0.1:9")


def test_harvested_rows_are_the_node_s_own_words(partner: Partner) -> None:
    harvest_all()
    row = HarvestedDataset.objects.get(harvest__uri=partner.uri)
    assert (row.category, row.purposes, row.offered) == (RECORDS.category, ["tutoring"], True)
