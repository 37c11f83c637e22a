"""Takes over the accounts that people have in applications, as userProfiles.csv tells of them."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

import polars as pl

from terakoya.roster.changing import AT_ONCE, Writing
from terakoya.roster.models import UserProfile
from terakoya.roster.periods import Counts, by_key, replace_rows

from .people import People

FACTS = ("kind", "vendor", "application", "description", "credential_kind", "username")


def replace_profiles(
    frames: Iterable[pl.DataFrame], people: People, writing: Writing, day: date, *, gone: list[str] | None = None
) -> Counts:
    """Bring the accounts to what the frames say; of the delivered people, those that are not delivered end.

    gone: the keys of those that end instead
    """
    total, seen = Counts(), set[str]()
    keys = people.keys.select(person="key", person_key="uuid")
    for frame in frames:
        for part in frame.join(keys, "person", "left", maintain_order="left").iter_slices(AT_ONCE):
            wanted = {
                row["key"]: {name: row[name] for name in FACTS}
                | {"sourced_id": row["key"], "person_id": UUID(row["person_key"]), "ended": None}
                for row in part.iter_rows(named=True)
            }
            known = by_key(UserProfile.objects.filter(sourced_id__in=list(wanted)), lambda row: row.sourced_id)
            total += replace_rows(UserProfile, known, wanted, writing)[1]
            seen |= set(wanted)
    for some in _parts(_missing(seen, people) if gone is None else gone):
        rows = UserProfile.objects.filter(sourced_id__in=some, ended=None)
        total.ended += writing.update((row, {"ended": day}) for row in rows)
    return total


def keys_of_profiles() -> pl.DataFrame:
    """The keys of all accounts in applications: ``profile_id`` by ``profile``, their identifier."""
    rows = list(UserProfile.objects.order_by().values_list("sourced_id", "pk").iterator(10_000))
    return pl.DataFrame(rows, schema={"profile": pl.String, "profile_id": pl.Int64}, orient="row")


def _missing(seen: set[str], people: People) -> list[str]:
    living = UserProfile.objects.filter(ended=None).order_by().values_list("sourced_id", "person__sourced_id")
    left = {key: person for key, person in living.iterator(10_000) if key not in seen}
    delivered = people.difference.delivered(list(set(left.values())))
    return [key for key, person in left.items() if person in delivered]


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
