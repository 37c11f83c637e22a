"""The tree as it grows from the leaves, beside what is stored of it."""

from collections import defaultdict

from terakoya.standards import merkle

from . import tiles
from .faults import Faults
from .models import LogHead, LogTile


class TreeCheck:
    """Takes the leaves one by one; compares each tile that they fill, and at the end the head."""

    def __init__(self, faults: Faults) -> None:
        self.faults, self.size = faults, 0
        self.rows: dict[int, list[bytes]] = defaultdict(list)  # by level, the hashes that fill no tile yet
        self.leaves = self.rows[0]
        self.counts: dict[int, int] = defaultdict(int)  # by level, the tiles that were filled
        places = LogTile.objects.values_list("index", "hashes")
        self.bottom = places.filter(level=0).order_by("index").iterator(64)
        upper = LogTile.objects.filter(level__gt=0).values_list("level", "index", "hashes")
        self.upper = {(level, index): bytes(hashes) for level, index, hashes in upper}

    def add(self, leaf: bytes) -> None:
        """One leaf more."""
        self.size += 1
        self.leaves.append(leaf)
        if len(self.leaves) == tiles.WIDTH:
            self._full(0)

    def peaks(self) -> list[bytes]:
        """The roots of the complete subtrees, largest first."""
        found = []
        for level in sorted(self.rows, reverse=True):
            row, start = self.rows[level], 0
            for width in (1 << shift for shift in reversed(range(tiles.HEIGHT))):
                if len(row) & width:
                    found.append(merkle.complete_root(row[start : start + width]))
                    start += width
        return found

    def check_tiles(self) -> None:
        """After the last leaf: the tiles that are not full, and those that should not be."""
        for index, _hashes in self.bottom:
            self.faults.note(f"tile 0/{index} belongs to nothing")
        for level, row in sorted(self.rows.items()):
            if level and row:
                self._compare(level, b"".join(row))
        for level, index in self.upper:
            self.faults.note(f"tile {level}/{index} belongs to nothing")

    def check_head(self) -> None:
        """After the last leaf: the stored head is that of the entries."""
        heads = [(head.pk, head.size, head.peaks) for head in LogHead.objects.all()]
        if heads != [(1, self.size, [peak.hex() for peak in self.peaks()])] and (heads or self.size):
            self.faults.note("the head is not that of the entries")

    def _push(self, level: int, digest: bytes) -> None:
        self.rows[level].append(digest)
        if len(self.rows[level]) == tiles.WIDTH:
            self._full(level)

    def _full(self, level: int) -> None:
        row = self.rows[level]
        self._compare(level, b"".join(row))
        self.counts[level] += 1
        root = merkle.complete_root(row)
        row.clear()
        self._push(level + 1, root)

    def _compare(self, level: int, hashes: bytes) -> None:
        index = self.counts[level]
        if level:
            place, stored = index, self.upper.pop((level, index), b"")
        else:
            place, found = next(self.bottom, (index, b""))
            stored = bytes(found)
        if (place, stored) != (index, hashes):
            self.faults.note(f"tile {level}/{index} differs")
