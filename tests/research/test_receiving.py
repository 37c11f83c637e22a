from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from terakoya.exchange.models import Partner
from terakoya.kit import clock
from terakoya.research.actions import receive_release
from terakoya.research.errors import ReleaseRefused
from terakoya.research.messages import cells_of, read_release
from terakoya.research.models import Cell, Release
from terakoya.research.policy import rules
from terakoya.research.suppression import Group, protected


def release_body(**changes: Any) -> dict[str, Any]:
    usual = {
        "release": str(uuid4()),
        "first_day": "2026-04-01",
        "last_day": "2026-08-31",
        "smallest_cell": 10,
        "made_at": "2026-09-10T00:00:00+00:00",
        "cells": [cell("", 60, 66), cell("P3", None, None), cell("P4", None, None), cell("P5", 30, 70)],
    }
    return {**usual, **changes}


def cell(grade: str, pupils: Any, mean: Any, subject: str = "P030", **more: Any) -> dict[str, Any]:
    return {"grade": grade, "subject": subject, "pupils": pupils, "mean": mean, **more}


TOTAL, SHOWN = cell("", 60, 66), cell("P5", 30, 70)
HIDDEN_3, HIDDEN_4 = cell("P3", None, None), cell("P4", None, None)
FAULTS: dict[str, dict[str, Any]] = {
    "cell below the smallest": {"cells": [cell("P5", 9, 70)]},
    "rules weaker than the nation's": {"smallest_cell": 5},
    "cell below the city's own rule": {"smallest_cell": 40},
    "unknown column of a cell": {"cells": [cell("P5", 30, 70, names=["a child"])]},
    "unknown column of the release": {"pupils": ["a child"]},
    "single suppressed cell beside its total": {"cells": [TOTAL, HIDDEN_3, cell("P4", 30, 60), SHOWN]},
    "suppressed cells that are few together": {"cells": [cell("", 35, 66), HIDDEN_3, HIDDEN_4, SHOWN]},
    "total that is not the sum": {"cells": [TOTAL, SHOWN]},
    "mean without pupils": {"cells": [cell("P5", None, 70)]},
    "pupils without a mean": {"cells": [cell("P5", 30, None)]},
    "mean of all right": {"cells": [cell("P5", 30, 100)]},
    "mean with decimals": {"cells": [cell("P5", 30, 70.5)]},
    "unknown grade": {"cells": [cell("5-2", 30, 70)]},
    "unknown subject": {"cells": [cell("P5", 30, 70, subject="Q999")]},
    "a grade twice": {"cells": [SHOWN, SHOWN]},
    "no cells": {"cells": []},
    "term that has not ended": {"last_day": "2999-03-31"},
    "days in the wrong order": {"first_day": "2026-09-01"},
    "number of the release that is none": {"release": "hana"},
}


@pytest.fixture
def nation(node_kind: Callable[[str], object], city: Partner) -> Partner:
    node_kind("nation")
    return city


def test_release_of_a_city_is_kept_under_its_registered_name(nation: Partner) -> None:
    receive_release(nation, release_body())
    assert (Release.objects.get().city, Release.objects.get().city_name) == ("http://city.example", "Hill City")
    assert Cell.objects.count() == 4


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_release_that_breaks_a_rule_is_refused_and_nothing_is_kept(nation: Partner, fault: dict[str, Any]) -> None:
    with pytest.raises(ReleaseRefused):
        receive_release(nation, release_body(**fault))
    assert not Release.objects.exists()


def test_same_release_twice_is_kept_once(nation: Partner) -> None:
    body = release_body()
    receive_release(nation, body)
    receive_release(nation, body)
    assert Release.objects.count() == 1


def test_second_table_of_a_term_is_refused(nation: Partner) -> None:
    receive_release(nation, release_body())
    with pytest.raises(ReleaseRefused, match="subtracted"):
        receive_release(nation, release_body())


def test_only_cities_send_releases(nation: Partner) -> None:
    nation.kind = "juku"
    with pytest.raises(ReleaseRefused):
        receive_release(nation, release_body())


@pytest.mark.django_db
def test_only_the_nation_takes_releases(city: Partner) -> None:
    with pytest.raises(ReleaseRefused):
        receive_release(city, release_body())


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6))
def test_what_a_city_makes_the_nation_takes(sizes: list[int]) -> None:
    groups = [Group(f"P{n}", "P030", size, size * 0.6) for n, size in enumerate(sizes, start=1)]
    cells = [vars_of(each) for each in cells_of(protected(groups, rules()))]
    assert read_release(release_body(cells=cells), rules(), clock.today())


def vars_of(each: Any) -> dict[str, Any]:
    return {name: getattr(each, name) for name in ("grade", "subject", "pupils", "mean")}


def test_nation_s_home_shows_means_and_hides_what_is_suppressed(nation: Partner) -> None:
    receive_release(nation, release_body())
    text = Client(headers={"accept-language": "en"}).get("/").content.decode()
    assert "70<small>%</small>" in text and "30 pupils" in text
    assert text.count("not shown</span>") == 2


def test_figures_of_two_cities_are_weighted_by_their_pupils(nation: Partner) -> None:
    other = Partner.objects.create(uri="http://sea.example", name="Sea City", kind="city", jwk={}, kid="sea")
    receive_release(nation, release_body(cells=[cell("", 30, 70), cell("P5", 30, 70)]))
    receive_release(other, release_body(cells=[cell("", 10, 50), cell("P5", 10, 50)]))
    text = Client(headers={"accept-language": "en"}).get("/").content.decode()
    assert "65<small>%</small>" in text and "40 pupils" in text


def test_figures_can_be_saved_as_csv_with_suppressed_cells_empty(nation: Partner) -> None:
    receive_release(nation, release_body())
    text = Client(headers={"accept-language": "en"}).get("/statistics.csv").content.decode()
    assert "Hill City,2026-04-01,2026-08-31,P3,elementary 3,P030,mathematics,,,yes" in text
    assert "Hill City,2026-04-01,2026-08-31,P5,elementary 5,P030,mathematics,30,70," in text


def test_nation_without_a_release_says_so(nation: Partner) -> None:
    assert "No figures yet" in Client(headers={"accept-language": "en"}).get("/").content.decode()
