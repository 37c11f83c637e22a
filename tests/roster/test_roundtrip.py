import pytest

from terakoya.roster import api
from terakoya.standards.oneroster_profiles import PROFILES

from .exporting_tools import empty_the_node, exported, taken_over

pytestmark = pytest.mark.usefixtures("imported")
PARTS = ("demographics", "userProfiles")


@pytest.mark.parametrize("profile", PROFILES)
def test_what_was_written_out_and_read_into_an_empty_node_is_written_out_alike(profile: str) -> None:
    first = exported(profile, parts=PARTS)
    empty_the_node()
    taken_over(first)
    assert exported(profile, parts=PARTS) == first


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
