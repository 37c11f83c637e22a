"""The other side of the exchange in tests: a node with a key of its own, heard by a real HTTP server on loopback.

What it sends goes through Django's test client; what it is sent, its server takes, checks and answers signed.
"""

import base64
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from terakoya.exchange import messages
from terakoya.exchange.models import Partner
from terakoya.identity import api as identity

Reply = tuple[int, Any]
Answering = Callable[["Heard"], Reply]


@dataclass(frozen=True)
class Heard:
    """A message that reached the other node, after its signature was checked."""

    method: str
    path: str
    body: bytes
    message_id: str

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def type(self) -> str:
        return self.json.get("@type", "") if self.body else ""


@dataclass
class OtherNode:
    """A node of some kind; ``away`` makes it refuse connections as a stopped process would answer 503."""

    kind: str
    name: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    heard: list[Heard] = field(default_factory=list)
    away: bool = False
    signs: bool = True
    routes: list[tuple[re.Pattern[str], Answering]] = field(default_factory=list)
    public: dict[str, bytes] = field(default_factory=dict)  # what strangers are shown, by path, without a signature

    def __post_init__(self) -> None:
        handler = type("Handler", (_Handler,), {"node": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.uri = f"http://127.0.0.1:{self.server.server_port}"
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).rstrip(b"=").decode()}
        self.kid = identity.thumbprint(self.jwk)

    @property
    def signer(self) -> messages.Signer:
        return messages.Signer(self.kid, self.key)

    def enrolled(self) -> Partner:
        """This node in the registry of the node under test."""
        columns = {"name": self.name, "kind": self.kind, "jwk": self.jwk, "kid": self.kid}
        return Partner.objects.update_or_create(uri=self.uri, defaults=columns)[0]

    def answer(self, path: str, answering: Answering | Reply) -> None:
        """What to answer to paths of a pattern; the newest pattern counts, else it is 200 and an empty object."""
        say = answering if callable(answering) else lambda _heard: answering
        self.routes.insert(0, (re.compile(path), say))

    def headers(
        self, method: str, path: str, body: bytes, *, message_id: str = "", content_type: str = "application/json"
    ) -> dict[str, str]:
        """The header fields of a message of this node to the node under test."""
        return messages.signed_request(
            self.signer, method, settings.NODE_URL + path, body, content_type, message_id or str(uuid.uuid4())
        )

    def post(self, path: str, content: Any, **more: str) -> HttpResponse:
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        return deliver("POST", path, body, self.headers("POST", path, body, **more))

    def get(self, path: str) -> HttpResponse:
        return deliver("GET", path, b"", self.headers("GET", path, b""))

    def messages_of(self, type: str) -> list[Heard]:
        return [heard for heard in self.heard if heard.type == type]

    def last(self, path: str) -> Heard:
        return next(heard for heard in reversed(self.heard) if re.search(path, heard.path))

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def deliver(method: str, path: str, body: bytes, headers: dict[str, str]) -> HttpResponse:
    """Hand a request to the node under test as it is."""
    more = dict(headers)
    content_type = more.pop("Content-Type", "application/json")
    return Client(raise_request_exception=False).generic(method, path, body, content_type, headers=more)


class _Handler(BaseHTTPRequestHandler):
    node: OtherNode

    def do_GET(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def log_message(self, *_: Any) -> None:
        pass

    def _take(self) -> None:
        node = self.node
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if node.away:
            self._say(503, {}, b"")
            return
        if self.path in node.public:
            self._say(200, {"Content-Type": "text/plain"}, node.public[self.path])
            return
        parts = messages.request_parts(self.command, node.uri + self.path, dict(self.headers.items()))
        ours = identity.public_jwk()
        messages.verify_request(parts, body, ours, ours["kid"])
        heard = Heard(self.command, self.path, body, self.headers[messages.MESSAGE_ID])
        node.heard.append(heard)
        status, content = next((say(heard) for way, say in node.routes if way.search(self.path)), (200, {}))
        raw = content if isinstance(content, bytes) else msgspec.json.encode(content)
        headers = {"Content-Type": "application/json"}
        if node.signs:
            headers = messages.signed_answer(node.signer, parts, status, raw, "application/json")
        self._say(status, headers, raw)

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
