"""Files of a package that other rooms keep."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

import pytest

from terakoya.roster import beside
from terakoya.roster.changing import changing, latest
from terakoya.roster.models import Change, Organisation

from .exporting_tools import exported, tables_of

pytestmark = pytest.mark.usefixtures("imported")
PROFILE = "base-1.2.1"
Asked = list[tuple[str, Collection[UUID] | None, datetime | None]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What a room that keeps two files was asked for; it has rows for one of them."""
    asked: Asked = []

    def give(name: str, places: Collection[UUID] | None, since: datetime | None) -> Iterator[Sequence[str]]:
        asked.append((name, places, since))
        if name == "categories":
            yield ["category-1", "", "", "単元テスト", "30"]

    keeper = beside.Keeper(("categories", "lineItems"), lambda files, taking: {}, give, lambda change, by: None)
    monkeypatch.setattr(beside, "_keepers", [keeper])
    return asked


def test_what_a_room_keeps_goes_out_where_it_is_asked_for(asked: Asked) -> None:
    tables = tables_of(exported(PROFILE, parts=("gradebook",)))
    (row,) = tables["categories"]
    assert (row["sourcedId"], row["title"], row["weight"]) == ("category-1", "単元テスト", "30")
    manifest = {one["propertyName"]: one["value"] for one in tables["manifest"]}
    assert (manifest["file.categories"], manifest["file.lineItems"]) == ("bulk", "absent")
    assert "lineItems" not in tables


def test_it_stays_here_where_it_is_not(asked: Asked) -> None:
    assert "categories" not in tables_of(exported(PROFILE))
    assert asked == []


def test_the_room_is_told_whose_rows_and_since_when(asked: Asked) -> None:
    school = Organisation.objects.filter(kind="school").order_by("sourced_id")[0]
    since = latest()
    with changing(Change.Kind.CORRECTION, by="clerk") as writing:
        pass
    exported(PROFILE, parts=("gradebook",), organisations=[school.pk], since=since)
    assert {(name, frozenset(places or ()), moment) for name, places, moment in asked} == {
        (name, frozenset({school.pk}), writing.change.at) for name in ("categories", "lineItems")
    }
