"""Tokens of systems (RFC 7519): signed by the node, an hour long, checked without a write; void once revoked."""

from datetime import timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from terakoya.identity.api import node_uri
from terakoya.kit import clock, keyfiles

from . import systems
from .models import System

LIFETIME = timedelta(hours=1)
MOST_TOKENS = 1_000  # whose signatures need not be reckoned again


def issue(system: System, scopes: list[str]) -> str:
    """A token for a system with some of its scopes."""
    now = clock.now()
    claims = {
        "iss": node_uri(),
        "sub": system.client_id,
        "gen": system.generation,
        "scope": " ".join(scopes),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
    }
    System.objects.filter(pk=system.pk).update(last_token_at=now)
    return jwt.encode({"alg": "HS256"}, claims, _key(settings.DATA_DIR))


def holder_of(token: str) -> tuple[System, frozenset[str]] | None:
    """The system that a token of this node stands for, with the scopes it still has; None when it is void."""
    claims = _claims(token, settings.DATA_DIR)
    if claims.get("iss") != node_uri() or claims.get("exp", 0) <= clock.now().timestamp():
        return None
    system = systems.living(str(claims.get("sub")))
    if system is None or system.generation != claims.get("gen"):
        return None
    return system, frozenset(str(claims.get("scope")).split()) & frozenset(system.scopes)


@lru_cache(MOST_TOKENS)
def _claims(token: str, data_dir: Path) -> dict[str, Any]:
    """What a token says, empty where this node has not signed it: the same for one token however often it comes."""
    try:
        return jwt.decode(token, _key(data_dir), algorithms=["HS256"]).claims
    except (JoseError, ValueError):
        return {}


@cache
def _key(data_dir: Path) -> OctKey:
    return OctKey.import_key(keyfiles.load_or_make_secret(data_dir, "tokens.secret"))
