"""What happens to accounts stands in the log, and in the part of it that the person reads."""

import uuid

import pytest
from django.http import HttpRequest
from django.test import Client

from terakoya.access import api as access
from terakoya.access.sign_ins import SENTENCES, part_of
from terakoya.access.words import what_name
from terakoya.audit.models import LogEntry
from terakoya.identity import api as identity
from terakoya.identity.events import NAMES

from .school import make_school

pytestmark = pytest.mark.django_db
PASSWORD = "asagao-to-tsuki-2026"


def lines_of(person: uuid.UUID) -> list[str]:
    return [line.what for line in access.accesses_of(person)]


@pytest.fixture
def mother() -> identity.Account:
    return identity.create_account("mother", display_name="Mother", password=PASSWORD, person=uuid.uuid4())


def test_every_event_has_words() -> None:
    assert set(SENTENCES) == set(NAMES)
    assert all(str(what_name(what)) == str(words) for what, words in SENTENCES.items())


def test_one_reads_one_s_own_sign_ins(client: Client, mother: identity.Account) -> None:
    assert mother.person
    client.post("/sign-in/", {"username": "mother", "password": PASSWORD})
    client.post("/sign-out/")
    assert sorted(lines_of(mother.person)) == ["signed_in", "signed_out"]


def test_a_pause_is_read_by_the_owner_of_the_login_name(client: Client, mother: identity.Account) -> None:
    assert mother.person
    for _ in range(7):
        client.post("/sign-in/", {"username": "mother", "password": "wrong"})
    assert lines_of(mother.person) == ["sign_in_paused"]


def test_guessing_at_a_name_that_nobody_has_writes_nothing(client: Client) -> None:
    for _ in range(7):
        client.post("/sign-in/", {"username": "no-such-name", "password": "wrong"})
    assert not LogEntry.objects.exists()


def test_a_reset_names_the_clerk(mother: identity.Account) -> None:
    clerk = identity.create_account("clerk", display_name="The clerk", is_administrator=True)
    identity.reset_factors(mother, clerk)
    assert mother.person
    assert [line.name for line in access.accesses_of(mother.person)] == ["The clerk"]


def test_the_part_follows_from_the_role() -> None:
    school = make_school(2)
    parts = {}
    for name in ("teacher", "subject_teacher", "head", "clerk", "guardian", "pupil"):
        request = HttpRequest()
        request.user = getattr(school, name)
        parts[name] = part_of(request)
    staff = dict.fromkeys(("teacher", "subject_teacher", "head", "clerk"), "staff")
    assert parts == {**staff, "guardian": "family", "pupil": "pupil"}
