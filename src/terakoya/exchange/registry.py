"""Who belongs to the federation: each node's signed statement about itself, and the nation's signed list of them.

The shapes follow OpenID Federation 1.0 (entity statements): a JWT signed with EdDSA by the key it names.
"""

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from terakoya.identity import api as identity
from terakoya.kit import clock, jobs

from .client import get_public
from .errors import Refused, StatementRefused
from .models import Partner
from .outbox import send_soon

STATEMENT = "/.well-known/terakoya-node"
NODES = "/registry/nodes"
NEWS = "registry"
VALID_FOR = timedelta(hours=24)
SKEW_SECONDS = 300
ALGORITHM = "Ed25519"  # RFC 9864


@dataclass(frozen=True)
class Entity:
    """A node as a statement describes it."""

    uri: str
    name: str
    kind: str
    regime: str
    jwk: dict[str, Any]

    @property
    def kid(self) -> str:
        return identity.thumbprint(self.jwk)


def own_statement() -> str:
    """This node's statement about itself, valid for a day."""
    uri = identity.node_uri()
    metadata = {
        "kind": settings.NODE_KIND,
        "name": settings.NODE_NAME,
        "regime": settings.NODE_REGIME,
        "endpoints": {"dsp": f"{uri}/dsp", "exchange": f"{uri}/exchange", "catalog": f"{uri}/catalog.jsonld"},
    }
    return _signed(
        {"iss": uri, "sub": uri, "jwks": {"keys": [identity.public_jwk()]}, "metadata": {"terakoya_node": metadata}},
        "entity-statement+jwt",
    )


def own_registry() -> str:
    """The signed list of the nodes that this node (the nation) has enrolled."""
    uri = identity.node_uri()
    listed = [
        {"uri": row.uri, "name": row.name, "kind": row.kind, "regime": row.regime, "jwk": row.jwk}
        for row in Partner.objects.filter(status="active").order_by("uri")
    ]
    return _signed({"iss": uri, "sub": uri, "nodes": listed}, "registry+jwt")


def read_statement(token: str, uri: str, thumbprint: str) -> Entity:
    """A node's statement about itself: by the key of this thumbprint, of this address, in date. StatementRefused."""
    try:
        unproved = _claims_unproved(token)
        jwk = next(key for key in unproved["jwks"]["keys"] if identity.thumbprint(key) == thumbprint)
    except (StopIteration, LookupError, TypeError, ValueError, RecursionError) as fault:
        raise StatementRefused(f"{uri} does not show the key {thumbprint}.") from fault
    claims = _verified(token, jwk, "entity-statement+jwt", uri)
    try:
        if claims["sub"] != uri:
            raise StatementRefused(f"The statement is about {claims['sub']}, not {uri}.")
        return _entity({**claims["metadata"]["terakoya_node"], "uri": uri, "jwk": jwk})
    except (KeyError, TypeError, ValueError) as fault:
        raise StatementRefused(f"The statement of {uri} lacks something: {fault}.") from fault


def read_registry(token: str, anchor: Entity) -> list[Entity]:
    """The nodes of a registry signed by the trust anchor, the anchor itself among them. StatementRefused."""
    claims = _verified(token, anchor.jwk, "registry+jwt", anchor.uri)
    try:
        return [anchor, *(_entity(row) for row in claims["nodes"])]
    except (KeyError, TypeError, ValueError) as fault:
        raise StatementRefused(f"The registry has not the expected shape: {fault}.") from fault


def enrol(base_url: str, thumbprint: str) -> Partner:
    """Take a node into the registry of this node (the nation's), after its statement was found to be by the key of
    this thumbprint, which came by another way. All nodes are told that there is news. StatementRefused, PartnerAway."""
    uri = base_url.rstrip("/")
    entity = read_statement(get_public(uri + STATEMENT).decode("ascii", "replace"), uri, thumbprint)
    with transaction.atomic():
        enrolled = _keep(entity)
        for partner in Partner.objects.filter(status="active"):
            send_soon(partner, f"/exchange/messages/{NEWS}", {})
    return enrolled


def take_news(partner: Partner, _body: dict[str, Any]) -> None:
    """The trust anchor says that its registry has changed: it is read soon, not only at the next turn."""
    if partner.uri != settings.TRUST_ANCHOR_URL:
        raise Refused("The registry is the trust anchor's.")
    jobs.enqueue("exchange.registry", {"partner": partner.uri})


def refresh_registry() -> int:
    """Read the trust anchor's registry anew; the number of nodes in it. What is known stays when the anchor is away.

    Does nothing on the anchor itself. PartnerAway, StatementRefused.
    """
    anchor_uri = settings.TRUST_ANCHOR_URL
    if not anchor_uri or anchor_uri == identity.node_uri():
        return 0
    token = get_public(anchor_uri + STATEMENT).decode("ascii", "replace")
    anchor = read_statement(token, anchor_uri, settings.TRUST_ANCHOR_KEY)
    entities = read_registry(get_public(anchor_uri + NODES).decode("ascii", "replace"), anchor)
    others = [entity for entity in entities if entity.uri != identity.node_uri()]
    with transaction.atomic():
        for entity in others:
            _keep(entity)
        Partner.objects.exclude(uri__in=[entity.uri for entity in others]).exclude(status="gone").update(status="gone")
    return len(entities)


def _keep(entity: Entity) -> Partner:
    known = Partner.objects.filter(uri=entity.uri).first()
    columns = {
        "name": entity.name,
        "kind": entity.kind,
        "regime": entity.regime,
        "jwk": entity.jwk,
        "kid": entity.kid,
        "status": "active",
    }
    if known is not None and all(getattr(known, name) == value for name, value in columns.items()):
        return known
    return Partner.objects.update_or_create(uri=entity.uri, defaults=columns)[0]


def _entity(row: dict[str, Any]) -> Entity:
    jwk = {name: row["jwk"][name] for name in ("kty", "crv", "x")}
    entity = Entity(str(row["uri"]), str(row["name"])[:200], str(row["kind"]), str(row["regime"]), jwk)
    if not entity.uri.startswith(("http://", "https://")) or entity.uri.endswith("/") or not entity.kid:
        raise ValueError(f"{entity.uri!r} is no address of a node")
    return entity


def _signed(claims: dict[str, Any], typ: str) -> str:
    moment = int(clock.now().timestamp())
    pem = identity.signing_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    header = {"alg": ALGORITHM, "typ": typ, "kid": identity.public_jwk()["kid"]}
    dated = {**claims, "iat": moment, "exp": moment + int(VALID_FOR.total_seconds())}
    return jwt.encode(header, dated, OKPKey.import_key(pem), algorithms=[ALGORITHM])


def _verified(token: str, jwk: dict[str, Any], typ: str, issuer: str) -> dict[str, Any]:
    try:
        read = jwt.decode(token, OKPKey.import_key(jwk), algorithms=[ALGORITHM])
    except (JoseError, ValueError, RecursionError) as fault:
        raise StatementRefused(f"The signature of {issuer} is not good: {fault}.") from fault
    claims, now = read.claims, clock.now().timestamp()
    if read.header.get("typ") != typ or claims.get("iss") != issuer:
        raise StatementRefused(f"This is no {typ} of {issuer}.")
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(expires, int):
        raise StatementRefused(f"The {typ} of {issuer} bears no dates.")
    if issued > now + SKEW_SECONDS or expires < now - SKEW_SECONDS:
        raise StatementRefused(f"The {typ} of {issuer} is not in date; compare the clocks.")
    return claims


def _claims_unproved(token: str) -> dict[str, Any]:
    """The claims before anything is believed, to find the key that the thumbprint then proves."""
    payload = token.split(".")[1]
    padded = payload + "=" * (-len(payload) % 4)
    claims = json.loads(base64.urlsafe_b64decode(padded))
    return claims if isinstance(claims, dict) else {}
