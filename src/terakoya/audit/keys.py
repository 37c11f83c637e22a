"""The keys of the log: one of the node (a file), one for each person (a row), one for each entry (never stored bare).

An entry's detail is encrypted under a key of its own, which is wrapped for each person whom it is about under that
person's key. Whoever reads for one person needs that person's key only; when it is destroyed, the detail stays
readable for the others. All encryption is AES-256-GCM with a random nonce (NIST SP 800-38D) and binds its place.
"""

import hmac
import secrets
from collections.abc import Iterable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from terakoya.kit.keyfiles import load_or_make_secret

from .errors import Unreadable
from .models import SubjectKey

NONCE = 12


def node_key(use: str) -> bytes:
    """The node's key for one use ("persons", "details", "cases"), from the key file."""
    return hmac.digest(load_or_make_secret(settings.DATA_DIR, "log.secret"), use.encode(), "sha256")


def seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    """Encrypt, bound to where it will stand."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """Decrypt; raises ``Unreadable`` when key, bytes or place are others."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place)
    except (InvalidTag, ValueError) as fault:
        raise Unreadable from fault


def wrap(person_key: bytes, entry_key: bytes, index: int) -> bytes:
    """The key of entry ``index`` for one of its persons."""
    return seal(person_key, entry_key, b"entry key %d" % index)


def unwrap(person_key: bytes, wrapped: bytes, index: int) -> bytes:
    """The key of entry ``index``, for one of its persons; raises ``Unreadable``."""
    return unseal(person_key, wrapped, b"entry key %d" % index)


def commitment(person_key: bytes, index: int) -> str:
    """What stands for a person in a leaf: only their key tells whom it means, and no two leaves share one."""
    return hmac.digest(person_key, b"subject of %d" % index, "sha256").hex()


def commitment_of_case(key: bytes, index: int, case: UUID | None) -> str:
    """What stands for a case in a leaf. Entries of no case have one too, so that it cannot be seen which are."""
    return hmac.digest(key, b"case of %d %s" % (index, str(case or "").encode()), "sha256").hex()


def keys_of(persons: Iterable[UUID] | None = None) -> dict[UUID, bytes]:
    """The keys of those persons who have one (default: of everybody). Raises ``Unreadable`` under another key file."""
    rows = SubjectKey.objects.all() if persons is None else SubjectKey.objects.filter(person__in=list(persons))
    key = node_key("persons")
    return {person: unseal(key, bytes(sealed), person.bytes) for person, sealed in rows.values_list("person", "sealed")}


def keys_for(persons: set[UUID]) -> dict[UUID, bytes]:
    """The keys of the persons; those who have none get one. Called under the lock of the head, so that none is lost."""
    known = keys_of(persons) if persons else {}
    fresh = {person: secrets.token_bytes(32) for person in persons - known.keys()}
    if fresh:
        node = node_key("persons")
        SubjectKey.objects.bulk_create(
            [SubjectKey(person=person, sealed=seal(node, key, person.bytes)) for person, key in fresh.items()]
        )
    return known | fresh
