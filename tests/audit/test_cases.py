import json

import pytest

from terakoya.audit import api as audit
from terakoya.audit.errors import UnknownCase
from terakoya.audit.models import LogEntry

from .log_of import ANNA, BEN, CASE, seen, write

pytestmark = pytest.mark.django_db


def test_what_is_done_in_somebody_s_case_is_shown_to_nobody_else() -> None:
    write(1, [ANNA, BEN], in_case_of=BEN)
    assert (seen(ANNA), seen(BEN)) == ([], [0])


def test_the_person_of_the_case_is_shown_it_even_when_not_named() -> None:
    write(1, [ANNA], in_case_of=BEN)
    assert seen(BEN) == [0]


def test_that_it_touched_others_can_be_proved_with_their_key() -> None:
    write(1, [ANNA, BEN], in_case_of=BEN)
    body = json.loads(LogEntry.objects.get().body)
    assert (len(body["subjects"]), len(body["touched"])) == (1, 1)


def test_a_sealed_entry_is_in_the_log_at_once_and_shown_to_nobody() -> None:
    write(1, [ANNA], sealed=CASE)
    assert audit.log_head().size == 1
    assert seen(ANNA) == []


def test_pages_do_not_tell_that_there_are_sealed_entries() -> None:
    write(2, [ANNA])
    write(3, [ANNA], sealed=CASE)
    write(2, [ANNA])
    assert seen(ANNA, limit=3) == [6, 5, 1]
    assert seen(ANNA, before=5, limit=2) == [1, 0]


def test_a_leaf_does_not_tell_whether_it_is_sealed() -> None:
    write(1, [ANNA])
    write(1, [ANNA], sealed=CASE)
    plain, sealed = (json.loads(entry.body) for entry in LogEntry.objects.order_by("index"))
    assert plain.keys() == sealed.keys()
    assert len(plain["case"]) == len(sealed["case"])
    assert str(CASE) not in json.dumps(sealed)


def test_an_opened_case_shows_its_entries_where_they_stand_and_says_that_it_was_opened() -> None:
    write(1, [ANNA], sealed=CASE)
    write(1, [BEN])
    before = LogEntry.objects.get(index=0).leaf
    audit.open_case(CASE, {"what": "case_opened"})
    assert seen(ANNA) == [2, 0]
    assert seen(BEN) == [1]
    assert LogEntry.objects.get(index=0).leaf == before
    assert audit.verify_log() == []


def test_what_comes_to_an_opened_case_is_shown() -> None:
    write(1, [ANNA], sealed=CASE)
    audit.open_case(CASE, {})
    write(1, [ANNA], sealed=CASE)
    assert seen(ANNA) == [2, 1, 0]


def test_a_case_is_opened_once_and_must_be_known() -> None:
    with pytest.raises(UnknownCase):
        audit.open_case(CASE, {})
    write(1, [ANNA], sealed=CASE)
    audit.open_case(CASE, {})
    with pytest.raises(UnknownCase):
        audit.open_case(CASE, {})
    assert audit.log_head().size == 2
