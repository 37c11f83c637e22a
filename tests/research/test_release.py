import json

import pytest

from terakoya.audit import api as audit
from terakoya.audit.models import LogEntry, LogSubject
from terakoya.kit.models import Job
from terakoya.records.models import Statement
from terakoya.research import jobs
from terakoya.research.actions import _body_of, make_release
from terakoya.research.messages import write_release
from terakoya.research.models import Cell, Release

from .conftest import Make

pytestmark = pytest.mark.django_db


def cell(grade: str) -> tuple[int | None, int | None]:
    return Cell.objects.values_list("pupils", "mean").get(grade=grade, subject="P030")


def test_release_counts_pupils_and_means_of_the_settled_term(records_of: Make) -> None:
    records_of("P4", 12, scaled=0.5)
    records_of("P5", 20, scaled=0.75)
    make_release()
    assert (cell("P4"), cell("P5"), cell("")) == ((12, 50), (20, 75), (32, 66))


def test_small_grade_is_suppressed_with_a_second_one(records_of: Make) -> None:
    for grade, pupils in (("P3", 4), ("P4", 15), ("P5", 30)):
        records_of(grade, pupils)
    make_release()
    assert [cell(grade)[0] for grade in ("P3", "P4", "P5", "")] == [None, None, 30, 49]


def test_term_is_released_once(records_of: Make) -> None:
    records_of("P5", 20)
    first = make_release()
    records_of("P5", 1)
    assert make_release() == first
    assert cell("P5") == (20, 70)


def test_term_without_records_is_not_released() -> None:
    assert make_release() is None
    assert not Release.objects.exists()


def test_release_is_logged_once_and_about_nobody(records_of: Make) -> None:
    records_of("P5", 20)
    make_release()
    body = audit.entry_at(LogEntry.objects.get().index).facts
    assert (body["purpose"], body["basis"], body["what"]) == ("statistics", "law", "statistic")
    assert not LogSubject.objects.exists()


def test_message_of_a_release_holds_no_key_of_a_person_or_record(records_of: Make) -> None:
    records_of("P5", 20)
    release = make_release()
    assert release is not None
    text = json.dumps(write_release(_body_of(release)))
    keys = [str(key) for row in Statement.objects.values_list("person", "statement_id") for key in row]
    assert not any(key in text for key in keys)


def test_release_waits_in_the_outbox_with_its_own_row(records_of: Make) -> None:
    records_of("P5", 20)
    release = make_release()
    assert Job.objects.get(topic="research.send").body == {"release": str(release.uuid)}  # type: ignore[union-attr]


def test_release_waits_until_records_stop_coming(records_of: Make) -> None:
    records_of("P5", 20)
    jobs.release()
    records_of("P4", 20)
    jobs.release()
    assert not Release.objects.exists()
    jobs.release()
    assert Release.objects.count() == 1
