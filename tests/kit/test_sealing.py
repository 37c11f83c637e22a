"""Secrets at rest."""

import pytest
from cryptography.exceptions import InvalidTag

from terakoya.kit import sealing

KEY, OTHER = b"k" * 32, b"o" * 32


def test_what_was_sealed_is_read_again_in_its_place() -> None:
    assert sealing.unseal(KEY, sealing.seal(KEY, b"secret", b"here"), b"here") == b"secret"


def test_no_two_seals_are_alike() -> None:
    assert sealing.seal(KEY, b"secret", b"here") != sealing.seal(KEY, b"secret", b"here")


@pytest.mark.parametrize(("key", "place"), [(OTHER, b"here"), (KEY, b"there")])
def test_another_key_or_place_opens_nothing(key: bytes, place: bytes) -> None:
    with pytest.raises(InvalidTag):
        sealing.unseal(key, sealing.seal(KEY, b"secret", b"here"), place)
