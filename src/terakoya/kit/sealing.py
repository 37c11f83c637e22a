"""Secrets at rest: AES-256-GCM with a random nonce (NIST SP 800-38D), bound to the place where they stand."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


def seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    """Encrypt, bound to where it will stand."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """What ``seal`` made; ``InvalidTag`` (cryptography) or ``ValueError`` when key, bytes or place are others."""
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place)
