from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from terakoya.standards import merkle

# the eight inputs and roots that implementations of certificate transparency test with (RFC 6962, RFC 9162)
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(data) for data in INPUTS]
sizes = st.integers(min_value=1, max_value=200)


def tree(size: int) -> tuple[list[bytes], merkle.Node]:
    """A tree grown leaf by leaf: its peaks, and a node function over what the growing left behind."""
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(size)]
    known, peaks = {(0, index): leaf for index, leaf in enumerate(leaves)}, []
    for index, leaf in enumerate(leaves):
        peaks, fresh = merkle.grow(index, peaks, leaf)
        known |= dict(fresh)
    return peaks, lambda level, index: known[level, index]


@given(height=st.integers(0, 9))
def test_the_short_way_to_a_complete_root_gives_the_same(height: int) -> None:
    leaves = [merkle.leaf_hash(b"%d" % number) for number in range(1 << height)]
    assert merkle.complete_root(leaves) == merkle.root(leaves)


def test_the_root_of_1000_leaves_is_that_of_another_implementation() -> None:
    other = InmemoryTree(algorithm="sha256")
    data = [b"leaf %d" % number for number in range(1000)]
    for leaf in data:
        other.append_entry(leaf)
    assert merkle.root([merkle.leaf_hash(leaf) for leaf in data]) == other.get_root()


def test_empty_tree_is_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root_of_peaks([]) == merkle.root([])


def test_roots_are_those_of_the_known_trees() -> None:
    for size, expected in enumerate(ROOTS, 1):
        assert merkle.root(LEAVES[:size]).hex() == expected


def test_growing_gives_the_roots_of_the_known_trees() -> None:
    peaks: list[bytes] = []
    for size, leaf in enumerate(LEAVES):
        peaks, _fresh = merkle.grow(size, peaks, leaf)
        assert merkle.root_of_peaks(peaks).hex() == ROOTS[size]


@given(sizes)
def test_growing_and_computing_at_once_agree(size: int) -> None:
    peaks, node = tree(size)
    whole = merkle.root([node(0, index) for index in range(size)])
    assert merkle.root_of_peaks(peaks) == whole == merkle.subtree(0, size, node)


@given(sizes, st.data())
def test_every_leaf_can_be_shown_to_be_in_the_tree(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    peaks, node = tree(size)
    proof = merkle.inclusion_proof(index, size, node)
    assert len(proof) <= size.bit_length()
    assert merkle.verify_inclusion(node(0, index), index, size, proof, merkle.root_of_peaks(peaks))


@given(sizes, st.data())
def test_an_altered_inclusion_proof_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    peaks, node = tree(size)
    root, proof = merkle.root_of_peaks(peaks), merkle.inclusion_proof(index, size, node)
    other = merkle.leaf_hash(b"something else")
    assert not merkle.verify_inclusion(other, index, size, proof, root)
    assert not merkle.verify_inclusion(node(0, index), index, size, [*proof, other], root)
    assert not merkle.verify_inclusion(node(0, index), size, size, proof, root)
    for place in range(len(proof)):
        altered = [*proof[:place], other, *proof[place + 1 :]]
        assert not merkle.verify_inclusion(node(0, index), index, size, altered, root)


@given(sizes, st.data())
def test_every_earlier_tree_can_be_shown_to_begin_a_later_one(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    old, new = merkle.root_of_peaks(tree(first)[0]), merkle.root_of_peaks(tree(second)[0])
    proof = merkle.consistency_proof(first, second, tree(second)[1])
    assert merkle.verify_consistency(first, second, old, new, proof)


@given(st.integers(2, 100), st.data())
def test_a_rewritten_past_cannot_be_shown_to_be_consistent(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second - 1))
    new = merkle.root_of_peaks(tree(second)[0])
    rewritten = merkle.leaf_hash(b"another past")
    proof = merkle.consistency_proof(first, second, tree(second)[1])
    assert not merkle.verify_consistency(first, second, rewritten, new, proof)
    assert not merkle.verify_consistency(first, second, merkle.root_of_peaks(tree(first)[0]), rewritten, proof)
    assert not merkle.verify_consistency(first, first, new, rewritten, [])


@given(sizes, st.data())
def test_a_proof_needs_few_reads(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    asked = merkle.places(lambda node: merkle.inclusion_proof(index, size, node))
    assert len(asked) <= 2 * size.bit_length()
