import hmac
import secrets
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terakoya.audit import keys
from terakoya.audit.errors import Unreadable

KEY = secrets.token_bytes(32)
OWN = keys.PersonKey(KEY)


@given(index=st.integers(0, 2**63 - 1))
def test_a_commitment_is_the_hmac_of_the_place_under_the_person_s_key(index: int) -> None:
    assert OWN.commitment(index) == hmac.digest(KEY, f"subject of {index}".encode(), "sha256").hex()


@given(index=st.integers(0, 2**63 - 1), case=st.none() | st.uuids())
def test_a_case_s_commitment_is_the_hmac_of_the_place_under_the_node_s_key(index: int, case: UUID | None) -> None:
    said = hmac.digest(keys.node_key("cases"), f"case of {index} {case or ''}".encode(), "sha256").hex()
    assert keys.CaseKey().commitment(index, case) == said


def test_a_prepared_key_gives_the_same_commitment_again() -> None:
    assert OWN.commitment(3) == OWN.commitment(3) != OWN.commitment(4)


@given(entry_key=st.binary(min_size=32, max_size=32), index=st.integers(0, 2**40))
def test_only_the_person_s_key_opens_what_was_wrapped_and_only_at_its_place(entry_key: bytes, index: int) -> None:
    wrapped = OWN.wrap(entry_key, index)
    assert OWN.unwrap(wrapped, index) == entry_key
    for key, place in ((OWN, index + 1), (keys.PersonKey(secrets.token_bytes(32)), index)):
        with pytest.raises(Unreadable):
            key.unwrap(wrapped, place)


@given(noise=st.binary(max_size=80))
def test_noise_is_unreadable(noise: bytes) -> None:
    with pytest.raises(Unreadable):
        OWN.unwrap(noise, 0)
    with pytest.raises(Unreadable):
        keys.unseal(KEY, noise, b"")
