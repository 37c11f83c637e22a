import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terakoya.roster import api
from terakoya.roster.changing import changing
from terakoya.roster.models import Change
from terakoya.standards.oneroster_profiles import PROFILES

from .exporting_tools import empty_the_node, exported, tables_of, taken_over, texts_of
from .made_rosters import MADE, Made, write

PARTS = ("demographics", "userProfiles")


@pytest.fixture
def empty(db: None) -> None:
    """A node without a roster."""


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("profile", PROFILES)
def test_what_was_written_out_and_read_into_an_empty_node_is_written_out_alike(profile: str) -> None:
    first = exported(profile, parts=PARTS)
    empty_the_node()
    taken_over(first)
    assert exported(profile, parts=PARTS) == first


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_package_twice_changes_nothing(profile: str) -> None:
    data = exported(profile)
    empty_the_node()
    taken_over(data)
    state = api.state()
    counts = taken_over(data).counts
    assert {
        (name, one[what]) for name, one in counts.items() for what in ("new", "changed", "ended") if one[what]
    } == set()
    assert api.state() == state


@given(made=MADE, profile=st.sampled_from(sorted(PROFILES)))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_any_roster_comes_back_as_it_went_out(empty: None, made: Made, profile: str) -> None:
    with transaction.atomic():
        with changing(Change.Kind.CORRECTION, by="clerk") as writing:
            write(made, writing)
        first = exported(profile, parts=PARTS)
        empty_the_node()
        if tables_of(first)["users"]:
            taken_over(first)
            assert texts_of(exported(profile, parts=PARTS)) == texts_of(first)
        transaction.set_rollback(True)
