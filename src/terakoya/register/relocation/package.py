"""The package that moves with a pupil: its shape, and the signature of the old municipality on it (JWS, Ed25519).

It is signed as a whole, beside the signature on the message that brings it: the same package goes as a file too.
"""

import hashlib
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils.translation import gettext as _
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Meta

from terakoya.identity import api as identity
from terakoya.register.errors import CannotRelocate
from terakoya.roster import api as roster

ALGORITHM, TYPE, FORM = "Ed25519", "relocation+jws", 1  # RFC 9864
LARGEST = 4_000_000  # bytes; a message of the exchange holds a little more
Text = Annotated[str, Meta(max_length=255)]


class NotAPackage(Exception):
    """What came is no package of the one who brought it; says why, in English."""


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """What moves: subject information as of the last day, and the parts that other rooms add, by name.

    ``issuer`` and ``audience`` are addresses of nodes; no audience: a file for somebody outside the federation.
    """

    form: int = FORM
    relocation: UUID
    issuer: Text
    issuer_name: Text
    audience: Text
    audience_name: Text
    made_at: datetime
    school: Text
    last_day: date
    mover: roster.Mover
    parts: dict[str, Any] = {}


def sealed(package: Package) -> str:
    """A package signed with the key of this node."""
    pem = identity.signing_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": identity.public_jwk()["kid"]}
    content = msgspec.json.encode(package)
    token = jws.serialize_compact(header, content, OKPKey.import_key(pem), algorithms=[ALGORITHM])
    if len(token) > LARGEST:
        raise CannotRelocate(
            _("The package is too large to be sent: at most %(limit)s MB.") % {"limit": LARGEST // 10**6}
        )
    return token


def opened(token: str, jwk: dict[str, Any]) -> Package:
    """The package behind a signature that was made by the key. NotAPackage."""
    try:
        read = jws.deserialize_compact(token, OKPKey.import_key(jwk), algorithms=[ALGORITHM])
    except (JoseError, ValueError, RecursionError) as fault:
        raise NotAPackage(f"The signature of the package is not good: {fault}.") from fault
    if read.headers().get("typ") != TYPE:
        raise NotAPackage(f"A package is of the type {TYPE}.")
    try:
        package = msgspec.json.decode(read.payload, type=Package)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise NotAPackage(f"The package has not the expected shape: {fault}.") from fault
    if package.form != FORM:
        raise NotAPackage(f"Packages of the form {FORM} are read here, not {package.form}.")
    if package.made_at.tzinfo is None:
        raise NotAPackage("The time of the package has no zone.")
    return package


def kept(token: str) -> Package:
    """A package that was checked when it came, or made here."""
    return msgspec.json.decode(jws.extract_compact(token.encode()).payload, type=Package)


def digest_of(token: str) -> str:
    """SHA-256 (hex) of a package as it is signed; both sides name it by this."""
    return hashlib.sha256(token.encode()).hexdigest()
