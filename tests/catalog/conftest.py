"""A node of the federation as a real HTTP server on loopback, which answers what a test tells it to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from terakoya.catalog.adapters.dcat import write_catalog
from terakoya.catalog.entries import Entry
from terakoya.exchange.models import Partner

RECORDS = Entry(
    id="learning-records",
    title={"ja": "学習の記録", "en": "Learning records"},
    category="activity.learning_school",
    standards=(),
    purposes=("tutoring",),
    access="restricted",
    placement="table2",
    offered=True,
)


@dataclass
class OtherNode:
    """The other side: its address, and what it answers."""

    uri: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pause: float = 0.0

    def serves(self, *entries: Entry) -> None:
        self.body = json.dumps(write_catalog(self.uri, "Hill City", "city", list(entries))).encode()


@pytest.fixture
def other() -> Iterator[OtherNode]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(node.status)
            for name, value in node.headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # the reader may give up
                for start in range(0, len(node.body), 4096):
                    self.wfile.write(node.body[start : start + 4096])
                    time.sleep(node.pause)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    node = OtherNode(f"http://127.0.0.1:{server.server_port}")
    node.serves(RECORDS)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield node
    server.shutdown()
    server.server_close()


@pytest.fixture
def partner(db: None, other: OtherNode) -> Partner:
    return Partner.objects.create(uri=other.uri, name="Hill City", kind="city", jwk={}, kid="hill")
