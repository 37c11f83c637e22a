"""The Merkle tree of RFC 9162 (section 2.1) with SHA-256: pure functions on digests, no storage.

A subtree that is complete is named by its level and its index on that level: it covers the leaves
``index * 2**level`` to ``(index + 1) * 2**level``. Level 0 are the leaf hashes themselves.
"""

import hashlib
from collections.abc import Callable, Sequence

Digest = bytes
Node = Callable[[int, int], Digest]
Place = tuple[int, int]
Ask = Callable[[Node], object]

DIGEST_BYTES = 32
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> Digest:
    """The hash of a leaf: SHA-256 over 0x00 and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: Digest, right: Digest) -> Digest:
    """The hash of an inner node: SHA-256 over 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(size: int, peaks: Sequence[Digest], leaf: Digest) -> tuple[list[Digest], list[tuple[Place, Digest]]]:
    """Append a leaf to a tree of ``size`` leaves whose complete subtrees, largest first, have the roots ``peaks``.

    Gives the new peaks, and the places and roots of the subtrees above the leaves that became complete: O(log n).
    """
    stack, place, fresh = [*peaks, leaf], (0, size), []
    while place[1] & 1:
        right, left = stack.pop(), stack.pop()
        place = (place[0] + 1, place[1] >> 1)
        stack.append(node_hash(left, right))
        fresh.append((place, stack[-1]))
    return stack, fresh


def root_of_peaks(peaks: Sequence[Digest]) -> Digest:
    """The root of the tree whose complete subtrees, largest first, have these roots."""
    if not peaks:
        return EMPTY
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def complete_root(hashes: Sequence[Digest]) -> Digest:
    """The root over hashes whose number is a power of two, with nothing but the hashing."""
    row = list(hashes)
    while len(row) > 1:
        row = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def root(leaves: Sequence[Digest]) -> Digest:
    """The root over leaf hashes."""
    return subtree(0, len(leaves), lambda _level, index: leaves[index], complete=False)


def subtree(low: int, high: int, node: Node, *, complete: bool = True) -> Digest:
    """The root over the leaves ``low`` to ``high``, of which ``low`` is where such a subtree may begin.

    ``node`` gives the roots of complete subtrees; with ``complete=False`` it is asked for leaves only.
    """
    count = high - low
    if count == 0:
        return EMPTY
    if count == 1 or (complete and count & (count - 1) == 0):
        level = count.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(count)
    return node_hash(subtree(low, middle, node, complete=complete), subtree(middle, high, node, complete=complete))


def inclusion_proof(index: int, size: int, node: Node) -> list[Digest]:
    """The proof that leaf ``index`` is in the tree of ``size`` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} is not in a tree of {size}")
    return _path(index, 0, size, node)


def consistency_proof(first: int, second: int, node: Node) -> list[Digest]:
    """The proof that the tree of ``first`` leaves is the beginning of that of ``second`` (RFC 9162, 2.1.4.1)."""
    if not 0 < first <= second:
        raise IndexError(f"no tree of {first} leaves begins one of {second}")
    return _common(first, 0, second, True, node)


def verify_inclusion(leaf: Digest, index: int, size: int, proof: Sequence[Digest], expected: Digest) -> bool:
    """Whether the proof shows that the leaf stands at ``index`` below the root ``expected`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, digest = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            digest = node_hash(step, digest)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            digest = node_hash(digest, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and digest == expected


def verify_consistency(
    first: int, second: int, first_root: Digest, second_root: Digest, proof: Sequence[Digest]
) -> bool:
    """Whether the proof shows that the first tree is the beginning of the second (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node_hash(step, old), node_hash(step, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == first_root and new == second_root


def places(ask: Ask) -> set[Place]:
    """The complete subtrees that a proof or root will ask for, so that they can be read at once."""
    asked: set[Place] = set()

    def note(level: int, index: int) -> Digest:
        asked.add((level, index))
        return EMPTY

    ask(note)
    return asked


def _split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _path(index: int, low: int, high: int, node: Node) -> list[Digest]:
    if high - low == 1:
        return []
    middle = low + _split(high - low)
    if index < middle:
        return [*_path(index, low, middle, node), subtree(middle, high, node)]
    return [*_path(index, middle, high, node), subtree(low, middle, node)]


def _common(first: int, low: int, high: int, whole: bool, node: Node) -> list[Digest]:
    if first == high:
        return [] if whole else [subtree(low, high, node)]
    middle = low + _split(high - low)
    if first <= middle:
        return [*_common(first, low, middle, whole, node), subtree(middle, high, node)]
    return [*_common(first, middle, high, False, node), subtree(low, middle, node)]
