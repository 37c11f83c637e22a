"""The history of changes, for the board: what each touched, taking it back, and refusals in words."""

import pytest
import time_machine

from terakoya.identity.api import Account
from terakoya.roster import api as roster
from terakoya.roster.models import Change, Organisation

from .conftest import DAY, Open
from .test_class_lists import class_of, pupils_of

Schools = dict[str, Organisation]


@pytest.fixture
def moved(schools: Schools) -> Change:
    pupil = pupils_of(class_of(schools["hibari"])).pop()
    return roster.life.move(pupil.uuid, class_of(schools["keyaki"]), DAY, by="board", note="転居")


def test_the_newest_change_stands_first(moved: Change, board: Account, open_page: Open) -> None:
    kinds = [one.kind for one in open_page(board, "register.changes").context["changes"]]
    assert kinds == ["move", "import"]


def test_a_change_says_what_it_touched(moved: Change, board: Account, open_page: Open) -> None:
    touched = {one.table: one for _name, one in open_page(board, "register.change", moved.pk).context["touched"]}
    assert (touched["Enrolment"].made, touched["Enrolment"].changed) == (1, 1)
    assert touched["Person"].changed == 1


def test_a_change_is_taken_back_on_its_page(schools: Schools, board: Account, send: Open, open_page: Open) -> None:
    before = roster.state()
    pupil = pupils_of(class_of(schools["hibari"])).pop()
    change = roster.life.move(pupil.uuid, class_of(schools["keyaki"]), DAY, by="board")
    send(board, "register.change", change.pk)
    assert roster.state() == before
    assert open_page(board, "register.change", change.pk).context["undone"]


def test_what_a_later_change_rests_on_is_refused_in_words(moved: Change, board: Account, send: Open) -> None:
    after = roster.state()
    send(board, "register.change", Change.objects.get(kind="import").pk)
    answer = send(board, "register.change", Change.objects.get(kind="import").pk)
    assert roster.state() == after
    assert answer.status_code == 302
    said = [str(message) for message in answer.wsgi_request._messages]
    assert f"Number {moved.pk}" in said[-1]


def test_a_begun_year_is_not_taken_back_here(schools: Schools, board: Account, send: Open) -> None:
    plan = roster.life.draft(2027, [schools["hibari"].uuid], by="board")
    change = roster.life.begin(plan, by="board")
    with time_machine.travel("2027-04-01T03:00:00Z", tick=False):
        after = roster.state()
        send(board, "register.change", change.pk)
        assert roster.state() == after


def test_the_history_is_the_boards(moved: Change, office: Account, open_page: Open, send: Open) -> None:
    assert open_page(office, "register.changes").status_code == 403
    assert send(office, "register.change", moved.pk).status_code == 403


@pytest.mark.parametrize("before", ["x", "-1", "99999", "²"])
def test_an_odd_place_in_the_history_is_none(moved: Change, board: Account, open_page: Open, before: str) -> None:
    assert open_page(board, "register.changes", before=before).status_code == 200
