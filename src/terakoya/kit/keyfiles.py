"""The node's own secrets as files: made at first start, readable by the node alone."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc.jwk import OKPKey


def load_or_make_secret(data_dir: Path, name: str) -> bytes:
    """A secret of 32 bytes from ``keys/<name>`` below the data folder; made when it is not there."""
    return _load_or_make(data_dir / "keys" / name, lambda: secrets.token_bytes(32))


def load_or_make_signing_key(data_dir: Path) -> Ed25519PrivateKey:
    """The node's Ed25519 key, by which other nodes know it (RFC 8032)."""
    pem = _load_or_make(
        data_dir / "keys" / "node.pem",
        lambda: Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{data_dir / 'keys' / 'node.pem'} holds no Ed25519 key.")
    return key


def thumbprint_of(key: Ed25519PublicKey) -> str:
    """The thumbprint by which people compare a key (RFC 7638, SHA-256, base64url)."""
    return OKPKey.import_key(key).thumbprint()


def _load_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    if path.exists():
        return path.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)  # the first of two starting processes wins; the other reads what it wrote
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
