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
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from terakoya.kit import sealing
from terakoya.kit.keyfiles import load_or_make_secret
from terakoya.kit.sealing import NONCE

from .errors import Unreadable
from .models import SubjectKey


def node_key(use: str) -> bytes:
    """The node's key for one use ("persons", "details", "cases"), from the key file."""
    return hmac.digest(load_or_make_secret(settings.DATA_DIR, "log.secret"), use.encode(), "sha256")


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """Decrypt; raises ``Unreadable`` when key, bytes or place are others."""
    try:
        return sealing.unseal(key, sealed, place)
    except (InvalidTag, ValueError) as fault:
        raise Unreadable from fault


class PersonKey:
    """A person's key at work, prepared once for all entries about the person: preparing costs more than using."""

    __slots__ = ("_cipher", "_mac")

    def __init__(self, key: bytes) -> None:
        self._cipher, self._mac = AESGCM(key), HMAC(key, SHA256())

    def wrap(self, entry_key: bytes, index: int) -> bytes:
        """The key of entry ``index`` for the person."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, entry_key, b"entry key %d" % index)

    def unwrap(self, wrapped: bytes, index: int) -> bytes:
        """The key of entry ``index``; raises ``Unreadable``."""
        try:
            return self._cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], b"entry key %d" % index)
        except (InvalidTag, ValueError) as fault:
            raise Unreadable from fault

    def commitment(self, index: int) -> str:
        """What stands for the person in a leaf: only their key tells whom it means, and no two leaves share one."""
        mac = self._mac.copy()
        mac.update(b"subject of %d" % index)
        return mac.finalize().hex()


class CaseKey:
    """The node's key for what stands for cases in leaves."""

    __slots__ = ("_mac",)

    def __init__(self) -> None:
        self._mac = HMAC(node_key("cases"), SHA256())

    def commitment(self, index: int, case: UUID | None) -> str:
        """What stands for a case in a leaf. Entries of no case have one too, so that it cannot be seen which are."""
        mac = self._mac.copy()
        mac.update(b"case of %d %s" % (index, str(case).encode() if case else b""))
        return mac.finalize().hex()


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
            [SubjectKey(person=person, sealed=sealing.seal(node, key, person.bytes)) for person, key in fresh.items()]
        )
    return known | fresh
