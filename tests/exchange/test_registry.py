"""Who belongs to the federation: statements, enrolment, the registry, and what is told across nodes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import transaction
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OKPKey
from pytest_django import Settings

from terakoya.access import api as access
from terakoya.exchange import api, errors, registry
from terakoya.exchange.models import Partner
from terakoya.exchange.wire import CONTEXT
from terakoya.identity import api as identity
from terakoya.kit import clock

from .conftest import granted, learner_with, received_grant, work
from .other_node import OtherNode


def signed(node: OtherNode, claims: dict[str, Any], typ: str) -> bytes:
    pem = node.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    now = int(clock.now().timestamp())
    header = {"alg": "Ed25519", "typ": typ, "kid": node.kid}
    dated = {"iss": node.uri, "iat": now, "exp": now + 3600, **claims}
    return jwt.encode(header, dated, OKPKey.import_key(pem), algorithms=["Ed25519"]).encode()


def statement(node: OtherNode, **changes: Any) -> bytes:
    metadata = {"kind": node.kind, "name": node.name, "regime": "private", "endpoints": {}}
    claims = {"sub": node.uri, "jwks": {"keys": [node.jwk]}, "metadata": {"terakoya_node": metadata}, **changes}
    return signed(node, claims, "entity-statement+jwt")


def entry(node: OtherNode) -> dict[str, Any]:
    return {"uri": node.uri, "name": node.name, "kind": node.kind, "regime": "private", "jwk": node.jwk}


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What plain GETs find, by address: statements carry their own signatures."""
    found: dict[str, bytes] = {}

    def get(address: str) -> bytes:
        if address not in found:
            raise errors.PartnerAway(address)
        return found[address]

    monkeypatch.setattr(registry, "get_public", get)
    return found


@pytest.fixture
def anchor(other: Callable[..., OtherNode], outside: dict[str, bytes], settings: Settings) -> OtherNode:
    nation = other("nation")
    settings.TRUST_ANCHOR_URL, settings.TRUST_ANCHOR_KEY = nation.uri, nation.kid
    outside[nation.uri + registry.STATEMENT] = statement(nation)
    return nation


def test_this_node_s_statement_is_by_its_key(db: None) -> None:
    answer = Client().get("/.well-known/terakoya-node")
    entity = registry.read_statement(answer.content.decode(), identity.node_uri(), identity.public_jwk()["kid"])
    assert (entity.kind, entity.uri) == ("city", "http://127.0.0.1:8100")


def test_the_version_of_the_dataspace_protocol_is_public(db: None) -> None:
    [version] = Client().get("/.well-known/dspace-version").json()["protocolVersions"]
    assert (version["version"], version["path"]) == ("2025-1", "/dsp")


def test_a_node_is_enrolled_by_its_key_and_then_in_the_registry(
    other: Callable[..., OtherNode], outside: dict[str, bytes], node_kind: Any
) -> None:
    node_kind("nation")
    juku = other("juku")
    Partner.objects.all().delete()
    outside[juku.uri + registry.STATEMENT] = statement(juku)
    assert api.enrol(juku.uri + "/", juku.kid) == api.enrol(juku.uri, juku.kid)
    us = registry.read_statement(registry.own_statement(), identity.node_uri(), identity.public_jwk()["kid"])
    listed = registry.read_registry(Client().get("/registry/nodes").content.decode(), us)
    assert [entity.uri for entity in listed] == [us.uri, juku.uri]


@pytest.mark.parametrize(
    "changes", [{"sub": "http://elsewhere.example"}, {"iss": "http://x.example"}, {"exp": 1}, {"metadata": {}}]
)
def test_a_statement_that_is_not_right_is_refused(
    other: Callable[..., OtherNode], outside: dict[str, bytes], changes: dict[str, Any]
) -> None:
    juku = other("juku")
    outside[juku.uri + registry.STATEMENT] = statement(juku, **changes)
    with pytest.raises(errors.StatementRefused):
        api.enrol(juku.uri, juku.kid)


@pytest.mark.parametrize("token", [b"", b"nonsense", b"a.b.c", b"e30.e30.", b"\xff\xfe"])
def test_what_is_no_statement_is_refused(
    other: Callable[..., OtherNode], outside: dict[str, bytes], token: bytes
) -> None:
    juku = other("juku")
    outside[juku.uri + registry.STATEMENT] = token
    with pytest.raises(errors.StatementRefused):
        api.enrol(juku.uri, juku.kid)


def test_a_statement_by_another_key_than_the_thumbprint_s_is_refused(
    other: Callable[..., OtherNode], outside: dict[str, bytes]
) -> None:
    juku, impostor = other("juku"), other("juku")
    forged = statement(impostor, iss=juku.uri, sub=juku.uri, jwks={"keys": [juku.jwk]})
    outside[juku.uri + registry.STATEMENT] = forged
    with pytest.raises(errors.StatementRefused):
        api.enrol(juku.uri, juku.kid)


def test_partners_come_from_the_anchor_s_registry_and_go_with_it(
    anchor: OtherNode, other: Callable[..., OtherNode], outside: dict[str, bytes]
) -> None:
    pds, juku = other("pds"), other("juku")
    Partner.objects.all().delete()
    for listed in ([entry(pds), entry(juku)], [entry(juku)]):
        outside[anchor.uri + registry.NODES] = signed(anchor, {"sub": anchor.uri, "nodes": listed}, "registry+jwt")
        api.refresh_registry()
        assert {node.uri for node in api.partners()} == {anchor.uri, *(row["uri"] for row in listed)}
    with pytest.raises(errors.UnknownPartner):
        api.partner(pds.uri)


def test_all_nodes_are_told_of_a_new_one(
    other: Callable[..., OtherNode], outside: dict[str, bytes], node_kind: Any
) -> None:
    node_kind("nation")
    pds, juku = other("pds"), other("juku")
    outside[juku.uri + registry.STATEMENT] = statement(juku)
    api.enrol(juku.uri, juku.kid)
    work()
    assert pds.last("/exchange/messages/registry") and juku.last("/exchange/messages/registry")


def test_news_of_the_anchor_and_of_nobody_else_lets_the_registry_be_read(
    anchor: OtherNode, other: Callable[..., OtherNode], outside: dict[str, bytes]
) -> None:
    pds, juku = other("pds"), other("juku")
    listed = [entry(pds)]
    outside[anchor.uri + registry.NODES] = signed(anchor, {"sub": anchor.uri, "nodes": listed}, "registry+jwt")
    assert juku.post("/exchange/messages/registry", {}).status_code == 422
    assert anchor.post("/exchange/messages/registry", {}).status_code == 200
    work()
    assert {node.uri for node in api.partners()} == {anchor.uri, pds.uri}


def test_a_registry_by_another_than_the_anchor_changes_nothing(
    anchor: OtherNode, other: Callable[..., OtherNode], outside: dict[str, bytes]
) -> None:
    impostor = other("nation")
    before = {node.uri for node in api.partners()}
    outside[anchor.uri + registry.NODES] = signed(impostor, {"iss": anchor.uri, "nodes": []}, "registry+jwt")
    with pytest.raises(errors.StatementRefused):
        api.refresh_registry()
    assert {node.uri for node in api.partners()} == before


def test_while_the_anchor_is_away_what_is_known_stays(
    anchor: OtherNode, other: Callable[..., OtherNode], outside: dict[str, bytes]
) -> None:
    pds = other("pds")
    outside.clear()
    with pytest.raises(errors.PartnerAway):
        api.refresh_registry()
    assert api.partner(pds.uri).kind == "pds"


def test_an_anchor_with_another_key_than_the_configured_one_is_refused(anchor: OtherNode, settings: Settings) -> None:
    settings.TRUST_ANCHOR_KEY = "another"
    with pytest.raises(errors.StatementRefused):
        api.refresh_registry()


def test_only_the_anchor_shows_a_registry(anchor: OtherNode) -> None:
    assert Client().get("/registry/nodes").status_code == 404


def test_the_catalog_offers_each_data_set_for_its_purposes(pds: OtherNode) -> None:
    asked = {"@context": CONTEXT, "@type": "CatalogRequestMessage"}
    found = pds.post("/dsp/catalog/request", asked).json()
    [records] = [row for row in found["dataset"] if row["@id"] == "learning-records"]
    assert all(offer["permission"] for offer in records["hasPolicy"])
    assert pds.get("/dsp/catalog/datasets/learning-records").status_code == 200
    assert pds.get("/dsp/catalog/datasets/secrets").status_code == 404


# --- who looked ---


def test_the_person_s_own_store_is_told_who_looked(pds: OtherNode) -> None:
    grant = granted(learner_with(1), pds)
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        _look(grant.subject)
    [line] = pds.get(f"/exchange/subjects/{grant.pairwise}/accesses").json()["lines"]
    assert line["what"] == "deletion"


def test_a_cram_school_is_not_told_who_looked(other: Callable[..., OtherNode]) -> None:
    juku = other("juku")
    grant = granted(learner_with(1), juku, "tutoring")
    assert juku.get(f"/exchange/subjects/{grant.pairwise}/accesses").status_code == 404


def test_after_the_end_of_the_last_grant_nothing_newer_is_told(pds: OtherNode) -> None:
    grant = granted(learner_with(1), pds)
    access.withdraw(grant.consent, by=None)
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        _look(grant.subject)
        assert pds.get(f"/exchange/subjects/{grant.pairwise}/accesses").json()["lines"] == []


def test_the_last_answer_is_shown_while_a_partner_is_away(city: OtherNode) -> None:
    child = uuid4()
    received_grant(city, child)
    _look(child)
    [line] = access.accesses_of(child)
    city.answer("/accesses", (200, {"lines": [line.as_dict()]}))
    [now] = api.fetch_accesses(child)
    assert now.reached and (now.lines[0].node, now.lines[0].node_kind) == (city.name, "city")
    city.away = True
    [later] = api.fetch_accesses(child)
    assert not later.reached and later.lines == now.lines and later.at == now.at


def _look(person: Any) -> None:
    actor = access.node_actor()
    decision = access.may(actor, "activity.learning_school", "rights", person)
    with transaction.atomic():
        access.record_access(actor, decision, [person], "activity.learning_school", "rights", "deletion")
