"""JSON that is nested so deeply that reading it would exhaust the stack: refused like any other nonsense."""

from uuid import uuid4

import pytest

from terakoya.exchange import api, datasets, errors
from terakoya.exchange.client import Answer

from .conftest import received_grant, work
from .other_node import OtherNode
from .test_transfers import Holder


def deep(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize("path", ["/exchange/grants", "/dsp/negotiations/request", "/exchange/messages/deep"])
@pytest.mark.parametrize("levels", [950, 100_000])
def test_a_deep_message_is_a_wrong_one(pds: OtherNode, path: str, levels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(datasets._receivers, "deep", lambda _partner, body: body)
    answer = pds.post(path, deep(levels))
    assert (answer.status_code, answer.json()["type"]) == (400, "wrong-shape")


@pytest.mark.parametrize("levels", [300, 600, 800, 900])
def test_a_deep_receipt_is_a_wrong_one(pds: OtherNode, levels: int) -> None:
    receipt = deep(levels)
    body = b'{"code":"A","subject":"' + str(uuid4()).encode() + b'","receipt":' + receipt + b"}"
    assert pds.post("/exchange/grants", body).status_code == 400


def test_a_deep_answer_is_one_that_cannot_be_trusted() -> None:
    with pytest.raises(errors.PartnerAway):
        Answer(200, deep(100_000)).json()


def test_a_deep_page_ends_the_transfer(city: OtherNode) -> None:
    holder, child = Holder(city, [1]), uuid4()
    received_grant(city, child)
    work()
    holder.start()
    deepest = b'{"items":[' + deep(5000) + b'],"number":0,"next":null}'
    city.answer("/pages", (200, deepest))
    work()
    [transfer] = api.transfers_of(child)
    assert (transfer.state, transfer.error) == ("TERMINATED", "records-refused")
