"""What comes in wrong, at every door: the answer is right and in words, nothing is written, and nothing breaks."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine
from django.http import HttpResponse
from pytest_django import Settings

from terakoya.exchange.models import AuthorisationRequest
from terakoya.kit import clock
from terakoya.records.api import revoke_credential
from tests.exchange.other_node import OtherNode, deliver
from tests.records.conftest import statement

from .doors import GREETING, Doors, changed, rows, town_package, zipped

BODY = b'{"hello":"there"}'
SMALL = 1_000_000
DEEP = b"[" * 100_000
DSP = '"@context":["https://w3id.org/dspace/2025/1/context.jsonld"]'
END = f'{{{DSP},"@type":"ContractNegotiationTerminationMessage","providerPid":"urn:uuid:1","consumerPid":"urn:uuid:2"}}'
SOMEONE = uuid.UUID(int=7)
HISTORY = "roster.RosterImport"  # the clerk's list of packages tells of refused ones too
NONCES = "exchange.SeenNonce"  # a refused message is remembered, so that it cannot be sent again
Send = Callable[[Doors], HttpResponse]


@dataclass(frozen=True)
class Bad:
    """One bad input: how it is sent, the status, words of the answer, and the only table that may change."""

    send: Send
    status: int
    says: str = ""
    leaves: str = ""


# --- packages of the roster: the upload leads to a page that says what is wrong, where, and how to mend it ---
def package(change: Callable[..., object]) -> Send:
    def send(doors: Doors) -> HttpResponse:
        made = doors.package()
        change(made)
        return doors.upload(made.bytes())

    return send


def refused(send: Send, says: str) -> Bad:
    return Bad(send, 422, says, HISTORY)


PACKAGES = {
    "no ZIP file": refused(lambda doors: doors.upload(b"sourcedId,status"), "ZIP"),
    "a ZIP file cut short": refused(lambda doors: doors.upload(doors.package().bytes()[:-100]), "ZIP"),
    "a ZIP bomb": refused(lambda doors: doors.upload(zipped(users__csv=b"0" * 2 * SMALL)), "MB"),
    "a ZIP in the ZIP": refused(package(lambda made: made.raw.update({"more.zip": zipped(a=b"")})), "more.zip"),
    "a path out of the ZIP": refused(package(lambda made: made.raw.update({"../users.csv": b""})), "../users.csv"),
    "no users.csv": refused(package(lambda made: made.files.pop("users")), "users.csv"),
    "no heading givenName": refused(package(lambda made: made.drop_column("users", "givenName")), "givenName"),
    "UTF-16": refused(package(lambda made: made.raw.update({"users.csv": "名".encode("utf-16")})), "UTF-8"),
    "Shift_JIS": refused(package(lambda made: made.raw.update({"users.csv": "名前".encode("cp932")})), "UTF-8"),
    "a NUL in the file": refused(package(lambda made: made.raw.update({"users.csv": b"a,b\0\n"})), "users.csv"),
    "a row cut short": refused(package(lambda made: made.files["users"][5].pop()), "users.csv"),
    "a day that never was": refused(
        package(lambda made: made.set("academicSessions", 2, "startDate", "2026-02-30")), "2026-02-30"
    ),
    "a class of no school": refused(
        package(lambda made: made.set("classes", 2, "schoolSourcedId", "no-such-school")), "no-such-school"
    ),
    "an upload too large": Bad(lambda doors: doors.upload(b"0" * (SMALL + 1)), 400, "too large"),
    "an empty upload": Bad(lambda doors: doors.upload(b""), 400, "empty"),
    "no file chosen": Bad(lambda doors: doors.clerk.post("/roster/imports/"), 400),
    "an upload by a guardian": Bad(lambda doors: doors.guardian.post("/roster/imports/"), 403),
    "a decision about no package": Bad(lambda doors: doors.clerk.post(f"/roster/imports/{SOMEONE}/"), 404),
}


# --- the record store ---
def revoked(doors: Doors) -> HttpResponse:
    revoke_credential(doors.tool.key)
    doors.before = rows()
    return doors.xapi(b"[]")


def json(**changes: object) -> bytes:
    return msgspec.json.encode(statement(**changes))  # type: ignore[arg-type]


def asked(query: str) -> Send:
    return lambda doors: doors.xapi(b"", "GET", query)


RECORDS = {
    "no JSON": Bad(lambda doors: doors.xapi(b"{"), 400, "not JSON"),
    "JSON nested too deeply": Bad(lambda doors: doors.xapi(DEEP), 400, "not JSON"),
    "a statement nested too deeply": Bad(
        lambda doors: doors.xapi(json(context={"extensions": {"http://a.example/": 0}}).replace(b":0}", b":" + DEEP)),
        400,
        "not JSON",
    ),
    "a NUL in the JSON": Bad(lambda doors: doors.xapi(b"[\0]"), 400, "not JSON"),
    "a NUL in a verb": Bad(lambda doors: doors.xapi(json(verb={"id": "http://a.example/\0"})), 400, "verb.id"),
    "a NUL in a page's title": Bad(lambda doors: doors.xapi(json(object={"id": "\0"})), 400, "object.id"),
    "half a sign": Bad(lambda doors: doors.xapi(json().replace(b"answered", b"\\ud800")), 400),
    "no UTF-8": Bad(lambda doors: doors.xapi(b"\xff\xfe{}"), 400, "not JSON"),
    "an id of null": Bad(lambda doors: doors.xapi(json(id=None)), 400, "id"),
    "an id that is no UUID": Bad(lambda doors: doors.xapi(json(id="1")), 400, "id"),
    "a score above all": Bad(lambda doors: doors.xapi(json(scaled=1.5)), 400, "score"),
    "one id twice": Bad(lambda doors: doors.xapi(b"[%s,%s]" % ((json(id=str(SOMEONE)),) * 2)), 400, "same id"),
    "a right one beside a wrong one": Bad(lambda doors: doors.xapi(b"[%s,{}]" % json()), 400, "[1]"),
    "a thousand and one": Bad(lambda doors: doors.xapi(b"[%s]" % b",".join([b"{}"] * 1001)), 413, "1000"),
    "a huge body": Bad(lambda doors: doors.xapi(b" " * 10_000_001), 413, "larger"),
    "no version": Bad(lambda doors: doors.xapi(json(), X_Experience_API_Version=""), 400, "Version"),
    "a version of tomorrow": Bad(lambda doors: doors.xapi(json(), X_Experience_API_Version="9.0.0"), 400, "9.0.0"),
    "another content type": Bad(lambda doors: doors.xapi(json(), Content_Type="text/xml"), 400, "Content-Type"),
    "no credential": Bad(lambda doors: doors.xapi(json(), Authorization=""), 401, "secret"),
    "a wrong credential": Bad(lambda doors: doors.xapi(json(), Authorization="Basic bm86bm8="), 401, "secret"),
    "a credential that is no Base64": Bad(lambda doors: doors.xapi(json(), Authorization="Basic \xff"), 401),
    "a revoked credential": Bad(revoked, 401, "secret"),
    "DELETE": Bad(lambda doors: doors.xapi(b"", "DELETE"), 405, "PUT"),
    "PUT without an id": Bad(lambda doors: doors.xapi(json(), "PUT"), 400, "statementId"),
    "a parameter nobody knows": Bad(asked("?everything=1"), 400, "everything"),
    "a limit below nothing": Bad(asked("?limit=-1"), 400, "limit"),
    "a day that is no day": Bad(asked("?since=yesterday"), 400, "since"),
    "a NUL in a question": Bad(asked("?verb=%00"), 400, "NUL"),
    "a page that was never offered": Bad(asked("?more=forged"), 400, "more"),
}


# --- messages of partners ---
def at(minutes: int) -> Send:
    def send(doors: Doors) -> HttpResponse:
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
            headers = doors.sealed(BODY)
        return deliver("POST", GREETING, BODY, headers)

    return send


def replayed(doors: Doors) -> HttpResponse:
    headers = doors.sealed(BODY)
    assert deliver("POST", GREETING, BODY, headers).status_code == 200
    doors.before = rows()
    return deliver("POST", GREETING, BODY, headers)


def by_a_stranger(doors: Doors) -> HttpResponse:
    stranger = OtherNode("pds", "Nobody")
    stranger.close()
    return stranger.post(GREETING, BODY)


def without(header: str) -> Send:
    return lambda doors: deliver(
        "POST", GREETING, BODY, {name: value for name, value in doors.sealed(BODY).items() if name != header}
    )


def signed(body: bytes | str, path: str = GREETING, **more: str) -> Send:
    return lambda doors: doors.signed(body.encode() if isinstance(body, str) else body, path, **more)


FORM = "application/x-www-form-urlencoded"
MESSAGES = {
    "an unknown partner": Bad(by_a_stranger, 401, "unknown-partner"),
    "a message sent again": Bad(replayed, 401, "repeated"),
    "an altered body": Bad(lambda doors: deliver("POST", GREETING, b"{}", doors.sealed(BODY)), 401, "not-genuine"),
    "another address": Bad(lambda doors: deliver("POST", f"{GREETING}s", BODY, doors.sealed(BODY)), 401, "not-genuine"),
    "no signature": Bad(without("Signature"), 401, "not-genuine"),
    "no digest": Bad(without("Content-Digest"), 401, "not-genuine"),
    "a signature of ten minutes ago": Bad(at(-10), 401, "not-genuine"),
    "a signature of the future": Bad(at(10), 401, "not-genuine"),
    "GET where something is sent": Bad(lambda doors: doors.stranger.get(GREETING), 405, "wrong-method"),
    "a message that is no JSON": Bad(signed("{"), 400, "not-json", NONCES),
    "a message nested too deeply": Bad(signed(b'{"a":' + DEEP), 400, "deep", NONCES),
    "a message of another shape": Bad(signed("[]"), 400, "wrong-shape", NONCES),
    "a huge message": Bad(signed(b" " * 5_000_001), 413, "too-big"),
    "a message of another content type": Bad(signed(BODY, content_type="text/plain"), 415, "wrong-content-type"),
    "a topic nobody takes": Bad(signed(BODY, "/exchange/messages/nothing"), 404, "not-found", NONCES),
    "another's negotiation": Bad(signed(END, "/dsp/negotiations/urn:uuid:1/termination"), 404, "not-found", NONCES),
    "a NUL in an address": Bad(signed(END, "/dsp/negotiations/%00/termination"), 400, "NUL"),
    "a NUL in an id": Bad(
        signed(END.replace("urn:uuid:2", "\\u0000"), "/dsp/negotiations/urn:uuid:1/termination"),
        400,
        "wrong-shape",
        NONCES,
    ),
    "a receipt for no consent": Bad(signed("{}", f"/exchange/consents/{SOMEONE}/deletion"), 400, "wrong-shape", NONCES),
    "a consent id that is none": Bad(signed("{}", "/exchange/consents/1/withdrawal"), 404),
    "a grant without a consent": Bad(
        signed(f'{{"code":"x","subject":"{SOMEONE}","receipt":{{}}}}', "/exchange/grants"), 400, "wrong-receipt", NONCES
    ),
    "a code nobody gave out": Bad(
        signed("grant_type=authorization_code&code=x", "/exchange/token", content_type=FORM), 400, "", NONCES
    ),
    "a field twice": Bad(signed("code=x&code=y", "/exchange/token", content_type=FORM), 400, "twice", NONCES),
    "a question without its fields": Bad(
        signed("response_type=code", "/exchange/par", content_type=FORM), 400, "client_id", NONCES
    ),
}


# --- people's pages ---
def asks(address: str, method: str = "GET", **more: object) -> Send:
    return lambda doors: doors.guardian.generic(method, address, **more)


def expired(doors: Doors) -> HttpResponse:
    kept = AuthorisationRequest.objects.create(
        request_uri="urn:old",
        partner=doors.partner.enrolled(),
        valid_until=clock.today(),
        expires_at=clock.now() - timedelta(seconds=1),
    )
    doors.before = rows()
    return doors.guardian.get("/authorise/", {"request_uri": kept.request_uri})


def with_cookie(name: str, value: str, address: str, status: int) -> Bad:
    return Bad(lambda doors: doors.stranger.get(address, headers={"Cookie": f"{name}={value}"}), status)


def sign_in(data: str, content_type: str = FORM) -> Send:
    return lambda doors: doors.visitor.generic("POST", "/sign-in/", data, content_type)


PAGES = {
    "a form without its token": Bad(
        lambda doors: doors.stranger.post("/sign-in/", {"username": "guardian"}), 403, "open"
    ),
    "a form without its boundary": Bad(sign_in("x", "multipart/form-data"), 400),
    "a form of a thousand fields": Bad(sign_in("&".join(f"f{number}=" for number in range(1001))), 400),
    "a forged question": Bad(asks("/authorise/?request_uri=urn:forged"), 404),
    "no question": Bad(asks("/authorise/"), 404),
    "a NUL in a question": Bad(asks("/authorise/?request_uri=%00"), 400, "NUL"),
    "an answer to a forged question": Bad(asks("/authorise/?request_uri=x", "POST", data="answer=yes"), 404),
    "a question that waited too long": Bad(expired, 410),
    "a key that is none": Bad(asks("/children/1/"), 404),
    "a key of nobody": Bad(asks(f"/children/{SOMEONE}/"), 404),
    "a class of nobody": Bad(asks(f"/classes/{SOMEONE}/?subject=%ff&order=%ff"), 404),
    "a consent of nobody": Bad(asks(f"/consents/{SOMEONE}/withdraw/", "POST"), 404),
    "PUT at a page": Bad(asks("/authorise/", "PUT"), 405),
    "DELETE at a consent": Bad(asks(f"/consents/{SOMEONE}/", "DELETE"), 405),
    "POST where nothing is sent": Bad(asks("/matrix/", "POST"), 405),
    "a method nobody knows": Bad(asks("/catalog/", "BREW"), 405),
    "an address out of the house": Bad(asks("/../../etc/passwd"), 404),
    "an address that is no text": Bad(asks("/children/%ff%fe/"), 404),
    "another host": Bad(asks("/sign-in/", headers={"Host": "evil.example"}), 400),
    "a session nobody has": with_cookie("terakoya_city_session", "x" * 40, "/roster/imports/", 302),
    "a session with a NUL": with_cookie("terakoya_city_session", '"' + r"\000" * 32 + '"', "/consents/", 400),
    "a language nobody speaks": with_cookie("terakoya_city_language", "../../xx", "/sign-in/", 200),
    "a language with a NUL": with_cookie("terakoya_city_language", r'"\000"', "/sign-in/", 400),
    "a reading nobody knows": with_cookie("terakoya_city_furigana", "maybe", "/sign-in/", 200),
}

CASES = {
    f"{door}: {name}": case
    for door, cases in (("roster", PACKAGES), ("records", RECORDS), ("exchange", MESSAGES), ("pages", PAGES))
    for name, case in cases.items()
}


@pytest.fixture(scope="module")
def package_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        return town_package(tmp_path_factory.mktemp("town"))


@pytest.fixture
def doors(db: None, node_kind: Callable[[str], object], settings: Settings, package_path: Path) -> Iterator[Doors]:
    node_kind("city")
    settings.LARGEST_IMPORT_BYTES = SMALL
    settings.ALLOWED_HOSTS = ["testserver"]
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        made = Doors(package_path)
        yield made
        made.close()


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_answered_in_words_and_leaves_nothing(doors: Doors, name: str) -> None:
    case = CASES[name]
    response = case.send(doors)
    assert response.status_code == case.status
    assert case.says in response.content.decode()
    assert changed(doors.before, rows()) <= {case.leaves}


def test_list_is_long_enough_and_expects_no_fault() -> None:
    assert len(CASES) >= 40
    assert not [name for name, case in CASES.items() if case.status >= 500]
