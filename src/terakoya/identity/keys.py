"""The node's name and its key: what other nodes know it by."""

import hashlib
import hmac
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from joserfc.jwk import OKPKey

from terakoya.kit import keyfiles, sealing


def node_uri() -> str:
    """The address of this node, without a trailing slash: its name in the federation."""
    return settings.NODE_URL


def signing_key() -> Ed25519PrivateKey:
    """The node's private Ed25519 key (RFC 8032)."""
    return _signing_key(settings.DATA_DIR)


def public_jwk() -> dict[str, Any]:
    """The node's public key as a JWK (RFC 8037) whose ``kid`` is its thumbprint."""
    return dict(_public_jwk(settings.DATA_DIR))


def thumbprint(jwk: dict[str, Any]) -> str:
    """The RFC 7638 SHA-256 thumbprint of a public Ed25519 JWK, base64url. ValueError when it is no such key."""
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(jwk.get("x"), str):
        raise ValueError("not a public Ed25519 key as a JWK")
    return OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")}).thumbprint()


def derived_uuid(purpose: str, *parts: str) -> UUID:
    """A UUID from the node's pairwise secret: the same for the same parts, joinable by nobody else."""
    text = "\x1f".join((purpose, *parts)).encode()
    digest = hmac.new(_pairwise_secret(settings.DATA_DIR), text, hashlib.sha256).digest()
    return UUID(bytes=digest[:16], version=4)


def keyed_digest(purpose: str, text: str) -> str:
    """A hex digest under the node's secret, to recognise a text without keeping it."""
    message = f"{purpose}\x1f{text}".encode()
    return hmac.new(_pairwise_secret(settings.DATA_DIR), message, hashlib.sha256).hexdigest()


def seal(text: str, about: str) -> bytes:
    """A secret under the node's key (AES-256-GCM), readable again only for what it is about."""
    return sealing.seal(_factor_secret(settings.DATA_DIR), text.encode(), about.encode())


def unseal(sealed: bytes | memoryview, about: str) -> str:
    """What ``seal`` made. cryptography.exceptions.InvalidTag when it is about another, or under another key."""
    return sealing.unseal(_factor_secret(settings.DATA_DIR), bytes(sealed), about.encode()).decode()


@cache
def _signing_key(data_dir: Path) -> Ed25519PrivateKey:
    return keyfiles.load_or_make_signing_key(data_dir)


@cache
def _public_jwk(data_dir: Path) -> dict[str, Any]:
    pem = _signing_key(data_dir).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jwk = OKPKey.import_key(pem).as_dict(private=False)
    return {"kty": jwk["kty"], "crv": jwk["crv"], "x": jwk["x"], "kid": thumbprint(jwk)}


@cache
def _pairwise_secret(data_dir: Path) -> bytes:
    return keyfiles.load_or_make_secret(data_dir, "pairwise.secret")


@cache
def _factor_secret(data_dir: Path) -> bytes:
    return keyfiles.load_or_make_secret(data_dir, "factors.secret")
