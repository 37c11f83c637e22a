"""Which row of a delta counts: the one with the latest moment, in whichever order packages come."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from terakoya.roster.changing import Writing
from terakoya.roster.models import Applied

from .part import in_parts


def losing(kind: str, moments: Mapping[str, datetime]) -> set[str]:
    """Those of the rows of a file that are older than what came before; equal or newer ones win."""
    return {row.sourced_id for row in _held(kind, moments) if row.at > moments[row.sourced_id]}


def note(kind: str, moments: Mapping[str, datetime], writing: Writing) -> None:
    """Note the moments of the rows of a file that were taken over."""
    known = {row.sourced_id: row for row in _held(kind, moments)}
    writing.update((row, {"at": moments[key]}) for key, row in known.items())
    new = [Applied(kind=kind, sourced_id=key, at=at) for key, at in moments.items() if key not in known]
    writing.create(new)


def noted(kinds: Collection[str]) -> list[str]:
    """Those of some files of which moments are kept."""
    return list(Applied.objects.filter(kind__in=kinds).order_by("kind").values_list("kind", flat=True).distinct())


def forget(kind: str, keys: Iterable[str], writing: Writing) -> None:
    """Forget the moments of rows of which a bulk file said how they stand."""
    writing.remove(list(_held(kind, keys)))


def _held(kind: str, keys: Iterable[str]) -> Iterator[Applied]:
    for some in in_parts(keys):
        yield from Applied.objects.filter(kind=kind, sourced_id__in=some)
