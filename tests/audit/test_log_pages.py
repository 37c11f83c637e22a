"""What everybody may read of the log, in words and for programs."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.test import Client

from terakoya.audit import checkpoints, standing
from terakoya.audit.log import root_at
from terakoya.audit.models import Checkpoint, LogFault
from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.standards import signed_notes as notes
from terakoya.standards.merkle import verify_consistency
from tests.standards.test_signed_notes import public_part

from .witnessing import grow, held, signed


def shown(client: Client) -> str:
    """The text of the page, in English, without its tags."""
    answer = client.get("/log/", headers={"accept-language": "en"}, HTTP_COOKIE="terakoya_city_language=en")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_checkpoint_is_public_and_verifies_with_the_key_that_the_page_shows(
    client: Client,
    checkpoint: Checkpoint,
) -> None:
    answer = client.get("/log/checkpoint")
    name, number, key = public_part(checkpoints.verifier_key())
    head, _ = checkpoints.read_checkpoint(answer.content, key)
    assert (head.origin, head.size) == (name, 3) and number == notes.key_id(name, notes.ED25519, key)
    assert answer["Content-Type"].startswith("text/plain")


def test_checkpoint_carries_the_newest_cosignature_of_each_witness(
    client: Client,
    checkpoint: Checkpoint,
) -> None:
    for uri, line in (("b", "— b BBBBBBBB\n"), ("a", "— a AAAAAAAA\n"), ("b", "— b CCCCCCCC\n")):
        checkpoint.cosignatures.create(witness=uri, name=uri, line=line, at=clock.now())
    assert client.get("/log/checkpoint").content.decode() == checkpoint.note + "— a AAAAAAAA\n— b CCCCCCCC\n"


def test_checkpoint_that_others_confirm_is_shown_rather_than_a_newer_one(
    client: Client, checkpoint: Checkpoint
) -> None:
    checkpoint.cosignatures.create(witness="a", name="a", line="— a AAAAAAAA\n", at=clock.now())
    grow(1)
    checkpoints.make_checkpoint()
    assert client.get("/log/checkpoint").content.decode().splitlines()[1] == "3"


def test_log_without_a_checkpoint_says_so(client: Client, db: None) -> None:
    assert client.get("/log/checkpoint").status_code == 404


def test_consistency_can_be_proved_by_anybody(client: Client, checkpoint: Checkpoint) -> None:
    grow(4)
    checkpoints.make_checkpoint()
    lines = client.get("/log/consistency?from=3&to=7").content.decode().splitlines()
    assert verify_consistency(3, 7, root_at(3), root_at(7), [notes.exact_base64(line) for line in lines])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("from=1", 400),
        ("from=0&to=3", 400),
        ("from=x&to=3", 400),
        ("from=１&to=3", 400),
        (f"from=1&to={'9' * 30}", 400),
        ("from=3&to=1", 404),
        ("from=1&to=9", 404),
        (f"from=1&to={'9' * 19}", 404),
    ],
)
def test_consistency_of_sizes_that_are_not_there_is_refused(
    client: Client,
    checkpoint: Checkpoint,
    query: str,
    status: int,
) -> None:
    assert client.get(f"/log/consistency?{query}").status_code == status


def test_what_is_not_signed_yet_is_not_proved(client: Client, checkpoint: Checkpoint) -> None:
    grow(1)
    assert client.get("/log/consistency?from=3&to=4").status_code == 404


def test_page_says_how_many_others_confirm_the_log(
    client: Client,
    checkpoint: Checkpoint,
    watchers: Callable[..., None],
) -> None:
    watchers("a", "b", "c")
    signed(checkpoint, "a", "b", "c")
    assert "3 other organisations have confirmed that nothing was changed until" in shown(client)


def test_page_says_that_nobody_confirms_the_log_any_more(
    client: Client,
    checkpoint: Checkpoint,
    watchers: Callable[..., None],
) -> None:
    watchers("a")
    signed(checkpoint, "a")
    with time_machine.travel(clock.now() + timedelta(hours=80)):
        text = shown(client)
    assert "not enough others have confirmed" in text and "no records go to other organisations" in text


def test_page_says_that_the_log_is_broken(client: Client, checkpoint: Checkpoint) -> None:
    standing.check_against(held(9, b"\x01" * 32), "a")
    assert "may have been changed or lost" in shown(client)


def test_page_says_when_the_log_was_begun_anew(client: Client, checkpoint: Checkpoint) -> None:
    standing.check_against(held(9, b"\x01" * 32), "a")
    standing.acknowledge("restored the backup of Monday", "operator")
    text = shown(client)
    assert "the log was begun anew" in text and "backup of Monday" not in text


def test_page_shows_what_was_seen_in_the_logs_of_others(client: Client, db: None) -> None:
    LogFault.objects.create(origin="o", uri="u", name="The other", kind="fork", known="", shown="", at=clock.now())
    assert "The other: two different logs of the same size were shown" in shown(client)


def test_family_line_leads_to_the_page(checkpoint: Checkpoint, watchers: Callable[..., None]) -> None:
    watchers("a")
    signed(checkpoint, "a")
    line = Template("{% load witnessed %}{% log_confirmed %}").render(Context({}))
    assert 'href="/log/"' in line


def test_key_of_the_page_is_that_of_the_node(db: None) -> None:
    _, _, key = public_part(checkpoints.verifier_key())
    assert key.public_bytes_raw() == identity.signing_key().public_key().public_bytes_raw()
