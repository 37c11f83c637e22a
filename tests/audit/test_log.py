import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terakoya.audit import api as audit
from terakoya.audit.models import LogEntry

from .log_of import write

SIZE = 700  # two full tiles and a part


@pytest.mark.django_db
def test_every_entry_can_be_proved_to_be_in_the_log() -> None:
    write(11)
    head = audit.log_head()
    assert head.size == 11
    for entry in LogEntry.objects.all():
        proof = audit.inclusion_proof(entry.index)
        assert audit.verify_inclusion(bytes(entry.leaf), entry.index, head.size, proof, head.root)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_proofs_at_every_size_hold_across_tiles(data: st.DataObject) -> None:
    if audit.log_head().size < SIZE:
        write(SIZE)
    size = data.draw(st.integers(1, SIZE))
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    leaf = bytes(LogEntry.objects.get(index=index).leaf)
    proof, root = audit.inclusion_proof(index, size), audit.root_at(size)
    assert audit.verify_inclusion(leaf, index, size, proof, root)
    proof = audit.consistency_proof(first, size)
    assert audit.verify_consistency(first, size, audit.root_at(first), root, proof)


@pytest.mark.django_db
def test_the_log_only_grows() -> None:
    write(5)
    old = audit.log_head()
    write(4)
    new = audit.log_head()
    assert audit.root_at(old.size) == old.root
    assert audit.verify_consistency(old.size, new.size, old.root, new.root, audit.consistency_proof(old.size))


@pytest.mark.django_db
def test_a_proof_beyond_the_log_is_an_error() -> None:
    write()
    for ask in (lambda: audit.inclusion_proof(1), lambda: audit.inclusion_proof(0, 9), lambda: audit.root_at(9)):
        with pytest.raises(IndexError):
            ask()
