"""Signed HTTP messages between nodes: RFC 9421 signatures with Ed25519 over RFC 9530 digests, requests and answers."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from joserfc.jwk import OKPKey

from terakoya.kit import clock

MESSAGE_ID = "Terakoya-Message-Id"
TAG = "terakoya"
YOUNG_ENOUGH = timedelta(seconds=300)
REQUEST = ("@method", "@target-uri", "content-digest", "terakoya-message-id")
ANSWER = (
    "@status",
    "content-digest",
    "content-type",
    '"@method";req',
    '"@target-uri";req',
    '"terakoya-message-id";req',
)


class NotGenuine(Exception):
    """The message is unsigned, altered, too old, or signed by nobody known; the text says which."""


@dataclass(frozen=True)
class Signer:
    """Who signs: a private key and the name (thumbprint) of its public half."""

    kid: str
    key: Ed25519PrivateKey


@dataclass(frozen=True)
class Seal:
    """What a good signature says of its message: the key that made it, the nonce that makes it the only one, and when
    it was made."""

    kid: str
    nonce: str
    created: datetime


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, kid: str, key: Any) -> None:
        self.kid, self.key = kid, key

    def resolve_private_key(self, key_id: str) -> Any:
        return self.key

    def resolve_public_key(self, key_id: str) -> Any:
        return self.key if key_id == self.kid else None


class _Verifier(HTTPMessageVerifier):
    max_clock_skew = YOUNG_ENOUGH


def signed_request(
    signer: Signer, method: str, url: str, body: bytes, content_type: str, message_id: str
) -> dict[str, str]:
    """The header fields of a signed request. A request without a body has no content type."""
    headers = {MESSAGE_ID: message_id, **({"Content-Type": content_type} if body else {})}
    message = SimpleNamespace(method=method, url=url, headers=headers)
    covered = (*REQUEST, "content-type") if body else REQUEST
    _sign(signer, message, covered, body)
    return headers


def signed_answer(
    signer: Signer, request: SimpleNamespace, status: int, body: bytes, content_type: str
) -> dict[str, str]:
    """The header fields of a signed answer; the signature ties it to the request it answers."""
    headers = {"Content-Type": content_type}
    message = SimpleNamespace(status_code=status, headers=headers, request=request)
    _sign(signer, message, ANSWER, body)
    return headers


def request_parts(method: str, url: str, headers: Mapping[str, str]) -> SimpleNamespace:
    """A request as the signature sees it."""
    return SimpleNamespace(method=method, url=url, headers=dict(headers.items()))


def named_key(request: SimpleNamespace) -> str:
    """The key that a request claims to be signed with, before anything is believed. NotGenuine without a signature."""
    try:
        found = list(
            _Verifier(signature_algorithm=ED25519, key_resolver=None)._get_sig_inputs_and_signatures(
                request, expect_tag=TAG
            )
        )
        kid = found[0][1].params.get("keyid") if len(found) == 1 else None
    except HTTPMessageSignaturesException as fault:
        raise NotGenuine(_sentence(fault)) from fault
    if not isinstance(kid, str):
        raise NotGenuine("The signature names no key.")
    return kid


def verify_request(request: SimpleNamespace, body: bytes, jwk: Mapping[str, Any], kid: str) -> Seal:
    """Check a request against the key of the partner it claims to be from. NotGenuine."""
    required = (*REQUEST, "content-type") if body else REQUEST
    return _verify(request, body, jwk, kid, required)


def verify_answer(
    request: SimpleNamespace, status: int, headers: Mapping[str, str], body: bytes, jwk: Mapping[str, Any], kid: str
) -> Seal:
    """Check an answer against the key of the partner that was asked. NotGenuine."""
    message = SimpleNamespace(status_code=status, headers=dict(headers.items()), request=request)
    return _verify(message, body, jwk, kid, ANSWER)


def public_key(jwk: Mapping[str, Any]) -> Ed25519PublicKey:
    """The Ed25519 key of a JWK."""
    key = OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")}).public_key
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")
    return key


def _sign(signer: Signer, message: SimpleNamespace, covered: tuple[str, ...], body: bytes) -> None:
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_OneKey(signer.kid, signer.key)).sign(
        message,
        key_id=signer.kid,
        created=clock.now(),
        nonce=uuid.uuid4().hex,
        label="node",
        tag=TAG,
        covered_component_ids=covered,
        body=body,
    )


def _verify(message: SimpleNamespace, body: bytes, jwk: Mapping[str, Any], kid: str, required: tuple[str, ...]) -> Seal:
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=_OneKey(kid, public_key(jwk)))
    try:
        (result,) = verifier.verify(
            message, max_age=timedelta(0), expect_tag=TAG, require_components=required, body=body
        )
    except HTTPMessageSignaturesException as fault:
        raise NotGenuine(_sentence(fault)) from fault
    except ValueError as fault:
        raise NotGenuine("Exactly one signature of a node is expected.") from fault
    if not result.nonce or len(result.nonce) > 64:
        raise NotGenuine("The signature has no nonce of 1 to 64 characters.")
    return Seal(kid, result.nonce, datetime.fromtimestamp(int(result.parameters["created"]), UTC))


def _sentence(fault: Exception) -> str:
    return str(fault).rstrip(".") + "." if str(fault) else "The signature does not fit the message."
