"""Days that were written down: in numbers, as files, and how the roster differs since."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from terakoya.identity.api import Account
from terakoya.register.counts import Counts
from terakoya.register.pages.days import survey_day
from terakoya.roster import api as roster
from terakoya.roster.models import Enrolment, Organisation, Person, SchoolClass, Snapshot

from .conftest import Open
from .test_class_lists import class_of, pupils_of

Schools = dict[str, Organisation]


def frozen(send: Open, who: Account, school: Organisation | None = None) -> Snapshot:
    answer = send(who, "register.days", day="2026-05-01", school=school.uuid if school else "")
    assert answer.status_code == 302
    return Snapshot.objects.get(pk=answer.headers["Location"].rstrip("/").split("/")[-1])


def test_the_survey_day_is_the_latest_first_of_may() -> None:
    assert survey_day().isoformat() == "2026-05-01"


def test_the_numbers_are_those_of_the_roster(schools: Schools, board: Account, send: Open, open_page: Open) -> None:
    kept = frozen(send, board)
    counts: Counts = open_page(board, "register.day", kept.pk).context["counts"]
    wholes = {row.school: row.pupils for row in counts.rows if not row.grade}
    for school in schools.values():
        rows = Enrolment.objects.filter(role="student", school_class__kind="homeroom", school_class__school=school)
        assert wholes[school.name] == rows.count()
        assert sum(row.pupils for row in counts.rows if row.school == school.name and row.grade) == rows.count()


def test_classes_are_counted_by_their_kind(schools: Schools, board: Account, send: Open, open_page: Open) -> None:
    SchoolClass.objects.filter(school=schools["hibari"], title="1年1組").update(special_needs=True)
    second = class_of(schools["hibari"], "2年1組")
    pupil = pupils_of(class_of(schools["hibari"], "3年1組")).pop()
    Enrolment.objects.filter(person=pupil).update(school_class=second)
    SchoolClass.objects.filter(pk=second.pk).update(grades="P2,P3")
    page = open_page(board, "register.day", frozen(send, board).pk)
    row = next(row for row in page.context["counts"].class_rows if row.school == schools["hibari"].name)
    assert (row.single, row.combined, row.special_needs) == (10, 1, 1)


def test_a_later_correction_is_shown_beside_what_was_written_down(
    schools: Schools, board: Account, send: Open, open_page: Open
) -> None:
    kept = frozen(send, board)
    before = open_page(board, "register.day", kept.pk).context["counts"].total
    pupil = pupils_of(class_of(schools["hibari"])).pop()
    Enrolment.objects.filter(person=pupil).delete()
    Person.objects.filter(pk=pupil.pk).update(sex="other")
    page = open_page(board, "register.day", kept.pk)
    assert page.context["counts"].total == before
    assert [(person, now) for _words, person, _then, now in page.context["lines"]] == [
        (Person.objects.get(pk=pupil.pk), "without a class elementary, year 5 other")
    ]


def test_the_office_freezes_and_reads_its_own_school(
    schools: Schools, office: Account, board: Account, send: Open, open_page: Open
) -> None:
    own = frozen(send, office, schools["hibari"])
    assert open_page(office, "register.day", own.pk).status_code == 200
    for other in (frozen(send, board), frozen(send, board, schools["keyaki"])):
        assert open_page(office, "register.day", other.pk).status_code == 404
    assert send(office, "register.days", day="2026-05-01", school=schools["keyaki"].uuid).status_code == 400
    assert send(office, "register.days", day="2026-05-01", school="").status_code == 400


def test_a_day_to_come_is_refused_in_words(schools: Schools, board: Account, send: Open) -> None:
    answer = send(board, "register.days", day="2027-05-01", school="")
    assert answer.status_code == 400
    assert "has not come yet" in answer.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_numbers_are_a_file_too(schools: Schools, board: Account, send: Open, open_page: Open, kind: str) -> None:
    kept = frozen(send, board)
    content = open_page(board, f"register.day_{kind}", kept.pk).content
    if kind == "xlsx":
        numbers = [row[5] for row in list(load_workbook(BytesIO(content)).active.values)[1:]]
    else:
        numbers = [int(line.split(",")[-1]) for line in content.decode("utf-8-sig").splitlines()[1:]]
    assert sum(numbers) == len(roster.life.places_on(kept.day))
