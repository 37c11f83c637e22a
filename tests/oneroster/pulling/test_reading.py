"""What another server answers, and what of it is believed."""

from collections.abc import Iterator

import pytest

from terakoya.oneroster.pulling import reading
from terakoya.oneroster.pulling.errors import Away, CannotRead
from terakoya.oneroster.pulling.reading import Server

from .other_server import OtherServer


@pytest.fixture
def reader(server: OtherServer) -> Iterator[Server]:
    made = Server(server.base, f"{server.address}/token", "a", "b", "scopes")
    yield made
    made.close()


def test_a_token_that_is_refused_is_renewed_once(reader: Server, server: OtherServer) -> None:
    reader.page(reader.first("orgs"), "orgs")
    server.tokens += 1  # the server knows the old one no more
    assert len(reader.page(reader.first("orgs"), "orgs").objects) == 2


def test_a_server_that_refuses_every_token_is_not_asked_for_ever(reader: Server, server: OtherServer) -> None:
    server.before = lambda path: (401, {}, {})
    with pytest.raises(CannotRead, match="401"):
        reader.page(reader.first("orgs"), "orgs")
    assert len(server.asked) == 2


def test_a_token_is_never_sent_to_another_server(reader: Server, server: OtherServer) -> None:
    server.before = lambda path: (
        200,
        {"Link": '<http://elsewhere.example/next>; rel="next"'},
        {"orgs": [{"sourcedId": "a"}]},
    )
    page = reader.page(reader.first("orgs"), "orgs")
    with pytest.raises(CannotRead, match="elsewhere"):
        reader.page(page.next, "orgs")


@pytest.mark.parametrize(
    "body", [b"", b"nothing", b"[]", b'{"orgs": {}}', b'{"others": []}', b'{"orgs": [{}]}', b'{"orgs": [1]}', b"\xff"]
)
def test_an_answer_of_another_shape_is_refused(reader: Server, server: OtherServer, body: bytes) -> None:
    server.before = lambda path: (200, {}, body)
    with pytest.raises(CannotRead):
        reader.page(reader.first("orgs"), "orgs")


def test_a_page_without_end_is_cut_off(reader: Server, server: OtherServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_PAGE", 1000)
    server.before = lambda path: (200, {}, b" " * 5000)
    with pytest.raises(CannotRead, match=r"too large|大きすぎ"):
        reader.page(reader.first("orgs"), "orgs")


@pytest.mark.parametrize(("header", "seconds"), [("30", 30), ("", 60), ("soon", 60), ("999999", 3600)])
def test_a_busy_server_says_when_to_come_again(
    reader: Server, server: OtherServer, header: str, seconds: float
) -> None:
    server.before = lambda path: (429, {"Retry-After": header}, {})
    with pytest.raises(Away) as away:
        reader.page(reader.first("orgs"), "orgs")
    assert away.value.seconds == seconds
