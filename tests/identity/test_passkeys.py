"""Passkeys, with an authenticator made of a key pair: what a browser's answer must hold to be taken."""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256

from terakoya.identity import passkeys
from terakoya.identity.errors import Paused, WrongCode
from terakoya.identity.models import Account, Factor

from .conftest import sign_in

pytestmark = pytest.mark.django_db
ORIGIN = "https://city.example"
PRESENT_AND_VERIFIED, WITH_CREDENTIAL = 0x05, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """A security key that counts its signatures (WebAuthn level 2, sections 6.1 and 6.5)."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: os.urandom(16))
    count: int = 0
    origin: str = ORIGIN

    def _client_data(self, kind: str, options: str) -> bytes:
        said = {"type": kind, "challenge": json.loads(options)["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _data(self, flags: int) -> bytes:
        self.count += 1
        return hashlib.sha256(b"city.example").digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _answer(self, **response: bytes) -> str:
        fields = {name: b64(value) for name, value in response.items()}
        return json.dumps(
            {"id": b64(self.credential), "rawId": b64(self.credential), "type": "public-key", "response": fields}
        )

    def create(self, options: str) -> str:
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + public
        data = self._data(PRESENT_AND_VERIFIED | WITH_CREDENTIAL) + attested
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=self._client_data("webauthn.create", options), attestationObject=made)

    def get(self, options: str) -> str:
        said, data = self._client_data("webauthn.get", options), self._data(PRESENT_AND_VERIFIED)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.NODE_URL = ORIGIN


@pytest.fixture
def key(clerk: Account) -> Authenticator:
    """A passkey that the clerk has set up."""
    made = Authenticator()
    options, state = passkeys.begin_adding(clerk)
    passkeys.add(clerk, "Key", made.create(options), state)
    return made


def test_a_passkey_that_was_set_up_is_taken(clerk: Account, key: Authenticator) -> None:
    options, state = passkeys.begin_checking(clerk)
    passkeys.check(clerk, key.get(options), state)
    assert Factor.objects.get().used_at is not None


def test_an_answer_is_good_for_its_own_question_only(clerk: Account, key: Authenticator) -> None:
    options, _ = passkeys.begin_checking(clerk)
    _, state_of_another = passkeys.begin_checking(clerk)
    with pytest.raises(WrongCode):
        passkeys.check(clerk, key.get(options), state_of_another)


def test_an_answer_without_a_question_is_refused(clerk: Account, key: Authenticator) -> None:
    options, _ = passkeys.begin_checking(clerk)
    with pytest.raises(WrongCode):
        passkeys.check(clerk, key.get(options), None)


def test_a_copy_that_counts_behind_is_refused(clerk: Account, key: Authenticator) -> None:
    options, state = passkeys.begin_checking(clerk)
    passkeys.check(clerk, key.get(options), state)
    key.count -= 1
    options, state = passkeys.begin_checking(clerk)
    with pytest.raises(WrongCode):
        passkeys.check(clerk, key.get(options), state)


def test_an_answer_made_at_another_site_is_refused(clerk: Account, key: Authenticator) -> None:
    key.origin = "https://city.example.evil.example"
    options, state = passkeys.begin_checking(clerk)
    with pytest.raises(WrongCode):
        passkeys.check(clerk, key.get(options), state)


def test_the_passkey_of_another_is_refused(clerk: Account, key: Authenticator) -> None:
    options, state = passkeys.begin_checking(clerk)
    with pytest.raises(WrongCode):
        passkeys.check(clerk, Authenticator().get(options), state)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "not json", '{"id": 3}', '{"response": {}}', "{" * 5000])
def test_what_is_no_answer_is_refused(clerk: Account, key: Authenticator, answer: str) -> None:
    _, state = passkeys.begin_checking(clerk)
    with pytest.raises(WrongCode):
        passkeys.check(clerk, answer, state)
    with pytest.raises(WrongCode):
        passkeys.add(clerk, "x", answer, state)
    assert Factor.objects.count() == 1


def test_guessing_meets_pauses(clerk: Account, key: Authenticator) -> None:
    for _ in range(5):
        with pytest.raises(WrongCode):
            passkeys.check(clerk, "{}", None)
    options, state = passkeys.begin_checking(clerk)
    with pytest.raises(Paused):
        passkeys.check(clerk, key.get(options), state)


def test_the_pages_set_up_and_take_a_passkey(client: Client, clerk: Account) -> None:
    made, key = Authenticator(), "data-options"
    sign_in(client, "clerk")
    page = client.get("/second-factor/set-up/")
    assert key in page.content.decode()
    answer = made.create(page.context["passkey"])
    assert "id-codes" in client.post("/second-factor/set-up/", {"passkey": answer, "name": "Key"}).content.decode()
    sign_in(again := Client(), "clerk")
    page = again.get("/second-factor/")
    assert again.post("/second-factor/", {"passkey": made.get(page.context["passkey"])})["Location"] == "/"
    assert again.get("/roster/imports/").status_code == 200


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://city.example", True),
        ("http://localhost:8100", True),
        ("http://127.0.0.1:8100", False),
        ("https://[::1]", False),
        ("http://city.example", False),
    ],
)
def test_passkeys_are_offered_where_browsers_give_them(settings: Any, address: str, possible: bool) -> None:
    settings.NODE_URL = address
    assert passkeys.are_possible() is possible
