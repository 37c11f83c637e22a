"""A tree of many leaves, put into the tables without the entries that it would belong to."""

from hashlib import sha256

from django.db import transaction

from terakoya.audit.models import LogEntry, LogHead, LogTile
from terakoya.standards import merkle

WIDTH = 256


def leaf(index: int) -> bytes:
    """The hash of a made-up leaf."""
    return sha256(b"\x00%d" % index).digest()


@transaction.atomic
def build(size: int) -> None:
    """Tiles and head of a log of ``size`` leaves; of the entries only those that no full tile covers yet."""
    edge = size // WIDTH * WIDTH
    level, hashes = (
        0,
        [_store(0, start // WIDTH, map(leaf, range(start, start + WIDTH))) for start in range(0, edge, WIDTH)],
    )
    while hashes:
        level += 1
        full = len(hashes) // WIDTH * WIDTH
        if len(hashes) > full:
            LogTile.objects.create(level=level, index=full // WIDTH, hashes=b"".join(hashes[full:]))
        hashes = [_store(level, start // WIDTH, hashes[start : start + WIDTH]) for start in range(0, full, WIDTH)]
    rest = [LogEntry(index=n, leaf=leaf(n), body="", microseconds=0, detail=b"") for n in range(edge, size)]
    LogEntry.objects.bulk_create(rest)
    LogHead.objects.create(pk=1, size=size, peaks=[peak.hex() for peak in _peaks(size)])


def _store(level: int, index: int, hashes: object) -> bytes:
    row = list(hashes)  # type: ignore[call-overload]
    LogTile.objects.create(level=level, index=index, hashes=b"".join(row))
    return merkle.root(row)


def _peaks(size: int) -> list[bytes]:
    """The roots of the complete subtrees, largest first, from the stored tiles."""
    from terakoya.audit import tiles

    places, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            places.append((level, start >> level))
            start += 1 << level
    node = tiles.reader(lambda ask: [ask(*place) for place in places], size)
    return [node(*place) for place in places]
