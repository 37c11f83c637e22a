"""The tree in tiles of 256 hashes (C2SP tlog-tiles): a million leaves are 3,922 rows, and a proof reads a handful."""

from collections.abc import Collection

from terakoya.standards import merkle

from . import rows
from .models import LogEntry, LogTile

HEIGHT = 8
WIDTH = 1 << HEIGHT
SIZE = merkle.DIGEST_BYTES


def store(first: int, leaves: list[bytes], fresh: list[tuple[merkle.Place, bytes]]) -> None:
    """Bring the tiles up to date: ``leaves`` came in from index ``first`` on and completed the subtrees ``fresh``."""
    grown: dict[merkle.Place, bytes] = {}
    for (level, index), digest in fresh:
        if level == HEIGHT:
            grown[0, index] = _bottom(index, first, leaves)
        if level % HEIGHT == 0:
            place = level // HEIGHT, index // WIDTH
            before = grown[place] if place in grown else _stored(place, index % WIDTH)
            grown[place] = before + digest
    tiles = [(level, index, hashes) for (level, index), hashes in grown.items()]
    rows.put(LogTile, ("level", "index", "hashes"), ("level", "index"), tiles)


def reader(ask: merkle.Ask, size: int) -> merkle.Node:
    """A node function over what ``ask`` will need of a tree of ``size`` leaves, read with two queries.

    Asked for what is not stored, it raises ``KeyError``.
    """
    wanted = merkle.places(ask)
    edge = size // WIDTH * WIDTH
    tiles = _read_tiles({_tile(place) for place in wanted if _end(place) <= edge or place[0] >= HEIGHT})
    loose = {leaf for place in wanted if _end(place) > edge and place[0] < HEIGHT for leaf in _leaves(place)}
    leaves = _read_leaves(loose)

    def node(level: int, index: int) -> bytes:
        if level < HEIGHT and _end((level, index)) > edge:
            return merkle.complete_root([leaves[leaf] for leaf in _leaves((level, index))])
        shift = level % HEIGHT
        place, start = _tile((level, index)), (index << shift) % WIDTH
        part = tiles[place][start * SIZE : (start + (1 << shift)) * SIZE]
        if len(part) != SIZE << shift:
            raise KeyError(place)
        return merkle.complete_root(hashes_of(part))

    return node


def hashes_of(tile: bytes) -> list[bytes]:
    """The hashes of a tile, one by one."""
    return [tile[place : place + SIZE] for place in range(0, len(tile), SIZE)]


def _bottom(index: int, first: int, leaves: list[bytes]) -> bytes:
    """The leaf hashes of the bottom tile that has just become full: those before this batch are read."""
    start = index * WIDTH
    before = LogEntry.objects.filter(index__gte=start, index__lt=min(first, start + WIDTH)).order_by("index")
    known = [bytes(leaf) for leaf in before.values_list("leaf", flat=True)] if first > start else []
    return b"".join([*known, *leaves[max(start - first, 0) : start + WIDTH - first]])


def _stored(place: merkle.Place, count: int) -> bytes:
    """The first hashes of a tile."""
    level, index = place
    hashes = LogTile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first() if count else b""
    return bytes(hashes or b"")[: count * SIZE]


def _tile(place: merkle.Place) -> merkle.Place:
    level, index = place
    return level // HEIGHT, (index << level % HEIGHT) // WIDTH


def _leaves(place: merkle.Place) -> range:
    level, index = place
    return range(index << level, (index + 1) << level)


def _end(place: merkle.Place) -> int:
    level, index = place
    return (index + 1) << level


def _read_tiles(wanted: Collection[merkle.Place]) -> dict[merkle.Place, bytes]:
    """Bare, as the models would take longer to make the question than the database to answer it."""
    if not wanted:
        return {}
    places = " OR ".join(["(level = %s AND {index} = %s)"] * len(wanted))
    query = f"SELECT level, {{index}}, hashes FROM {{table}} WHERE {places}"  # noqa: S608
    found = rows.select(LogTile, query, [number for place in wanted for number in place])
    return {(level, index): bytes(hashes) for level, index, hashes in found}


def _read_leaves(wanted: Collection[int]) -> dict[int, bytes]:
    """The leaf hashes of entries that no full tile covers yet; they stand side by side."""
    if not wanted:
        return {}
    query = "SELECT {index}, leaf FROM {table} WHERE {index} BETWEEN %s AND %s"
    return {index: bytes(leaf) for index, leaf in rows.select(LogEntry, query, [min(wanted), max(wanted)])}
