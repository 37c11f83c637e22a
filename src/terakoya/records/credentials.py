"""Sources of records and how they sign in: HTTP Basic with a key and a secret, checked by a keyed digest."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from terakoya.kit import clock, keyfiles

from .models import Credential

WRITE = "statements/write"
READ_OWN = "statements/read/mine"
SCOPES = (WRITE, READ_OWN)
REMEMBERED_SECONDS = 10.0  # how long a revoked credential may still work


@dataclass(frozen=True)
class Source:
    """A source that has signed in: its name and what it may do."""

    name: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        return scope in self.scopes


_remembered: dict[tuple[str, bytes], tuple[float, Source]] = {}


def issue_credential(source_name: str, scopes: tuple[str, ...] | list[str]) -> tuple[str, str]:
    """Make a credential for a source and return its key and its secret; the secret is not kept and not shown again.

    ``scopes`` are of ``statements/write`` and ``statements/read/mine`` (what this source wrote). ``ValueError`` for an
    empty name, or for an unknown scope or none.
    """
    unknown = set(scopes) - set(SCOPES)
    if unknown or not scopes:
        raise ValueError(f"unknown scopes: {', '.join(sorted(unknown)) or 'none given'}; known: {', '.join(SCOPES)}")
    if not source_name.strip():
        raise ValueError("a source needs a name")
    key, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    Credential.objects.create(
        key=key,
        secret_digest=_digest(secret),
        source=source_name.strip()[:200],
        scopes=sorted(set(scopes)),
        created_at=clock.now(),
    )
    return key, secret


def revoke_credential(key: str) -> bool:
    """Revoke a credential; True when it was valid until now. Running processes refuse it within ten seconds."""
    _remembered.clear()
    return bool(Credential.objects.filter(key=key, revoked_at=None).update(revoked_at=clock.now()))


def source_of(authorization: str) -> Source | None:
    """The source behind an ``Authorization`` header; None when it is not a valid credential of this node."""
    kind, _, encoded = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        key, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # no Base64, or no text in it
        return None
    return _source(key, _digest(secret))


def _source(key: str, digest: bytes) -> Source | None:
    now = time.monotonic()
    known = _remembered.get((key, digest))
    if known is not None and known[0] > now:
        return known[1]
    credential = Credential.objects.filter(key=key, revoked_at=None).first()
    if credential is None or not hmac.compare_digest(bytes(credential.secret_digest), digest):
        return None
    source = Source(credential.source, frozenset(credential.scopes))
    if len(_remembered) > 1000:
        _remembered.clear()
    _remembered[key, digest] = (now + REMEMBERED_SECONDS, source)
    return source


def _digest(secret: str) -> bytes:
    return hmac.new(_digest_key(settings.DATA_DIR), secret.encode(), hashlib.sha256).digest()


@cache
def _digest_key(data_dir: Path) -> bytes:
    return keyfiles.load_or_make_secret(data_dir, "credentials.secret")
