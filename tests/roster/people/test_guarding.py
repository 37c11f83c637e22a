"""Who guards whom since when, who has custody, and whose address is hidden from whom."""

from datetime import date

import pytest

from terakoya.roster import api
from terakoya.roster.errors import CannotGuard
from terakoya.roster.models import AddressProtection, Guardianship

from .conftest import APRIL, Desk

JUNE, TODAY = date(2026, 6, 1), date(2026, 11, 24)


def test_a_guardianship_holds_from_its_first_day_until_it_ends(desk: Desk) -> None:
    mother, child = desk.person(), desk.pupil()
    row = api.who.begin_guardianship(mother.uuid, child.uuid, since=APRIL, relation="mother", by="clerk")
    assert api.is_guardian(mother.uuid, child.uuid, APRIL)
    api.who.end_guardianship(row, on=JUNE, by="clerk")
    assert api.is_guardian(mother.uuid, child.uuid, date(2026, 5, 31))
    assert not api.is_guardian(mother.uuid, child.uuid, JUNE)


def test_who_has_no_custody_decides_nothing_and_is_shown_nothing(desk: Desk) -> None:
    father, child = desk.person(), desk.pupil()
    api.who.begin_guardianship(father.uuid, child.uuid, since=APRIL, has_custody=False, by="clerk")
    assert not api.is_guardian(father.uuid, child.uuid)
    assert api.guardians_of(child.uuid) == []
    assert api.children_of(father.uuid) == []
    assert not api.guarded_by(father.uuid, TODAY).exists()
    assert (father.uuid, child.uuid) not in api.guardians_and_children(TODAY)


def test_custody_that_changes_leaves_two_periods(desk: Desk) -> None:
    father, child = desk.person(), desk.pupil()
    row = api.who.begin_guardianship(father.uuid, child.uuid, since=APRIL, relation="father", by="clerk")
    api.who.change_custody(row, False, since=JUNE, by="clerk")
    rows = Guardianship.objects.filter(child=child).order_by("begins")
    assert [(one.begins, one.ends, one.has_custody, one.relation) for one in rows] == [
        (APRIL, JUNE, True, "father"),
        (JUNE, None, False, "father"),
    ]
    assert api.is_guardian(father.uuid, child.uuid, APRIL)
    assert not api.is_guardian(father.uuid, child.uuid, JUNE)


def test_a_mistake_about_a_guardian_is_corrected_in_place(desk: Desk) -> None:
    row = api.who.begin_guardianship(desk.person().uuid, desk.pupil().uuid, since=APRIL, relation="father", by="x")
    api.who.correct_guardianship(row, by="clerk", relation="mother")
    assert Guardianship.objects.get().relation == "mother"


def test_who_came_back_is_a_guardian_again(desk: Desk) -> None:
    mother, child = desk.person(), desk.pupil()
    desk.guard(mother, child, APRIL, ends=JUNE)
    api.who.begin_guardianship(mother.uuid, child.uuid, since=TODAY, by="clerk")
    assert not api.is_guardian(mother.uuid, child.uuid, JUNE)
    assert api.is_guardian(mother.uuid, child.uuid, TODAY)


def test_what_holds_already_is_not_entered_twice(desk: Desk) -> None:
    mother, child = desk.person(), desk.pupil()
    desk.guard(mother, child)
    with pytest.raises(CannotGuard) as refusal:
        api.who.begin_guardianship(mother.uuid, child.uuid, since=JUNE, by="clerk")
    assert refusal.value.reason == "known"


def test_nobody_is_their_own_guardian(desk: Desk) -> None:
    child = desk.pupil()
    with pytest.raises(CannotGuard) as refusal:
        api.who.begin_guardianship(child.uuid, child.uuid, since=JUNE, by="clerk")
    assert refusal.value.reason == "same"


def test_no_guardianship_ends_before_it_begins(desk: Desk) -> None:
    row = desk.guard(desk.person(), desk.pupil(), JUNE)
    with pytest.raises(CannotGuard) as refusal:
        api.who.end_guardianship(row, on=APRIL, by="clerk")
    assert refusal.value.reason == "dates"


def test_an_address_is_hidden_while_it_is_protected(desk: Desk) -> None:
    father, child = desk.person(), desk.pupil()
    api.who.protect(child.uuid, father.uuid, since=JUNE, by="clerk")
    assert not api.address_hidden_from(father.uuid, child.uuid, APRIL)
    assert api.address_hidden_from(father.uuid, child.uuid, TODAY)
    api.who.end_guardianship(AddressProtection.objects.get(), on=TODAY, by="clerk")
    assert not api.address_hidden_from(father.uuid, child.uuid, TODAY)


def test_each_of_it_can_be_taken_back(desk: Desk) -> None:
    mother, child = desk.person(), desk.pupil()
    before = api.state()
    row = api.who.begin_guardianship(mother.uuid, child.uuid, since=APRIL, by="clerk")
    between = api.state()
    change = api.who.end_guardianship(row, on=JUNE, by="clerk")
    api.undo(change, by="clerk")
    assert api.state() == between
    assert row.made_by is not None
    api.undo(row.made_by, by="clerk")
    assert api.state() == before
