"""The log as a whole: its head, and proofs of its entries."""

from dataclasses import dataclass

from terakoya.standards import merkle

from . import rows, tiles
from .models import LogHead


@dataclass(frozen=True)
class Head:
    """The size of the log and the root of its tree."""

    size: int
    root: bytes


def log_head() -> Head:
    """The head as it stands."""
    head = LogHead.objects.filter(pk=1).first()
    peaks = [bytes.fromhex(peak) for peak in head.peaks] if head else []
    return Head(head.size if head else 0, merkle.root_of_peaks(peaks))


def root_at(size: int) -> bytes:
    """The root of the tree when it had ``size`` leaves; raises ``IndexError`` beyond the log."""
    whole = _size(size)
    return merkle.subtree(0, size, tiles.reader(lambda node: merkle.subtree(0, size, node), whole))


def inclusion_proof(index: int, size: int | None = None) -> list[bytes]:
    """The proof that entry ``index`` is in the log of ``size`` (default: the present size); IndexError if it is not."""
    whole = _size(size or 0)
    size = whole if size is None else size
    return merkle.inclusion_proof(
        index, size, tiles.reader(lambda node: merkle.inclusion_proof(index, size, node), whole)
    )


def consistency_proof(first: int, second: int | None = None) -> list[bytes]:
    """The proof that the log of ``first`` leaves is the beginning of that of ``second`` (default: the present)."""
    whole = _size(second or 0)
    second = whole if second is None else second
    return merkle.consistency_proof(
        first, second, tiles.reader(lambda node: merkle.consistency_proof(first, second, node), whole)
    )


def _size(asked: int) -> int:
    """The present size; raises ``IndexError`` when less than what is asked for."""
    [size] = [size for (size,) in rows.select(LogHead, "SELECT size FROM {table} WHERE id = 1", [])] or [0]
    if not 0 <= asked <= size:
        raise IndexError(f"the log has no {asked} leaves")
    return size
