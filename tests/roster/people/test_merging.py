"""Two entries of one person become one, and two again, without losing anything."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from terakoya.identity import api as identity
from terakoya.roster import api
from terakoya.roster.changing import changing
from terakoya.roster.errors import CannotMerge, CannotUndo
from terakoya.roster.models import Alias, Enrolment, Guardianship, PastName, Role
from terakoya.roster.people.periods import NEVER_ENDS, Span, left_of

from .conftest import APRIL, Desk

JUNE, SEPTEMBER = date(2026, 6, 1), date(2026, 9, 1)
TODAY = date(2026, 11, 24)


def _reloaded(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_periods_of_the_entry_go_over_as_they_are(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.person()
    lessons = desk.school_class("music", "scheduled")
    row = desk.enrol(entry, lessons, JUNE, ends=SEPTEMBER, number=7)
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    gone = _reloaded(row)
    assert (gone.person_id, gone.begins, gone.ends, gone.number) == (kept.uuid, JUNE, SEPTEMBER, 7)


def test_a_child_listed_twice_in_a_class_is_in_it_once(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert [pupil.person for pupil in api.pupils_in(desk.first)] == [kept.uuid]


def test_days_that_only_the_entry_has_are_kept(desk: Desk, spans: Any) -> None:
    kept, entry = desk.person(), desk.person()
    desk.enrol(kept, desk.first, SEPTEMBER)
    desk.enrol(entry, desk.first, APRIL)
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert spans(Enrolment.objects.filter(person=kept)) == [(APRIL, SEPTEMBER), (SEPTEMBER, None)]


def test_days_between_two_periods_of_the_person_are_kept(desk: Desk, spans: Any) -> None:
    kept, entry = desk.person(), desk.person()
    desk.enrol(kept, desk.first, APRIL, ends=JUNE)
    desk.enrol(kept, desk.first, SEPTEMBER)
    desk.enrol(entry, desk.first, APRIL - timedelta(30))
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    held = spans(Enrolment.objects.filter(person=kept))
    assert held[0][0] == APRIL - timedelta(30)
    assert held[-1][1] is None
    assert all(one[1] == other[0] for one, other in pairwise(held))


def test_of_two_homerooms_of_today_the_persons_own_stands(desk: Desk) -> None:
    kept, entry = desk.pupil(desk.first), desk.pupil(desk.second)
    plan = api.who.plan(kept, entry)
    assert [conflict.kind for conflict in plan.conflicts] == ["same", "homeroom"]
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    homeroom = api.homeroom_of(kept.uuid)
    assert homeroom is not None and homeroom.title == "5-1"
    assert not api.pupils_in(desk.second)
    assert [pupil.person for pupil in api.pupils_in(desk.second, JUNE)] == [kept.uuid]


def test_guardians_of_both_are_guardians_of_the_person_once(desk: Desk) -> None:
    kept, entry, mother, father = desk.pupil(), desk.pupil(), desk.person(), desk.person()
    desk.guard(mother, kept)
    desk.guard(mother, entry)
    desk.guard(father, entry)
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert {one.uuid for one in api.guardians_of(kept.uuid)} == {mother.uuid, father.uuid}
    assert Guardianship.objects.living().filter(child=kept).count() == 2


@pytest.mark.parametrize("field", ["sourced_id", "username", "identifier"])
def test_an_old_identifier_answers_with_the_person(desk: Desk, field: str) -> None:
    kept, entry = desk.pupil(identifier="new"), desk.pupil(identifier="old")
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert api.who.by_identifier(getattr(entry, field)) == kept


def test_the_old_key_answers_with_the_person(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert api.person(entry.uuid) == kept
    assert api.people([entry.uuid, kept.uuid]) == {entry.uuid: kept, kept.uuid: kept}
    assert api.also_known_as(kept.uuid) == api.also_known_as(entry.uuid) == {kept.uuid, entry.uuid}


def test_whoever_becomes_somebody_else_takes_the_earlier_entries_along(desk: Desk) -> None:
    first, second, third = desk.pupil(), desk.pupil(), desk.pupil()
    api.who.merge(second.uuid, first.uuid, by="clerk")
    api.who.merge(third.uuid, second.uuid, by="clerk")
    assert api.person(first.uuid) == third
    assert set(Alias.objects.values_list("person", flat=True)) == {third.uuid}


def test_the_chosen_values_are_taken_and_the_old_name_is_kept_as_a_past_one(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil(official_family="佐藤", birth_date=date(2015, 5, 5))
    api.who.merge(kept.uuid, entry.uuid, take=["official_family", "birth_date"], by="clerk")
    now = _reloaded(kept)
    assert (now.official_family, now.birth_date) == ("佐藤", date(2015, 5, 5))
    assert PastName.objects.get(person=kept).official_family == "山田"


def test_the_entry_counts_as_gone_and_keeps_its_row(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert _reloaded(entry).ended == TODAY
    assert not Role.objects.on(TODAY).filter(person=entry).exists()


def test_of_two_accounts_one_stays_open_and_the_other_points_to_it(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    for one in (kept, entry):
        identity.create_account(one.username, display_name=one.name, person=one.uuid)
    change = api.who.merge(kept.uuid, entry.uuid, by="clerk")
    closed, opened = identity.account_of(entry.uuid), identity.account_of(kept.uuid)
    assert closed is not None and opened is not None
    assert (closed.is_active, closed.continued_in, opened.is_active) == (False, opened, True)
    api.who.unmerge(change, by="clerk")
    again = identity.account_of(entry.uuid)
    assert again is not None and again.is_active and again.continued_in is None


def test_the_only_account_becomes_the_persons_and_goes_back(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    account = identity.create_account(entry.username, display_name=entry.name, person=entry.uuid)
    change = api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert identity.account_of(kept.uuid) == account
    api.who.unmerge(change, by="clerk")
    assert identity.account_of(entry.uuid) == account
    assert identity.account_of(kept.uuid) is None


def test_a_guardian_and_the_child_are_not_one_person(desk: Desk) -> None:
    child, mother = desk.pupil(), desk.person()
    desk.guard(mother, child)
    with pytest.raises(CannotMerge) as refusal:
        api.who.merge(child.uuid, mother.uuid, by="clerk")
    assert refusal.value.reason == "family"


def test_an_entry_is_put_together_once(desk: Desk) -> None:
    kept, entry, other = desk.pupil(), desk.pupil(), desk.pupil()
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    with pytest.raises(CannotMerge) as refusal:
        api.who.merge(other.uuid, entry.uuid, by="clerk")
    assert refusal.value.reason == "alias"


def test_identifiers_are_not_taken_from_the_other(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    with pytest.raises(CannotMerge) as refusal:
        api.who.merge(kept.uuid, entry.uuid, take=["sourced_id"], by="clerk")
    assert refusal.value.reason == "field"


def test_what_came_after_the_merge_stays_with_the_person(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    change = api.who.merge(kept.uuid, entry.uuid, by="clerk")
    lessons = desk.school_class("music", "scheduled")
    new = desk.enrol(kept, lessons)
    api.who.unmerge(change, by="clerk")
    assert _reloaded(new).person_id == kept.uuid
    assert api.person(entry.uuid) == entry


def test_what_was_corrected_since_the_merge_goes_back_corrected(desk: Desk) -> None:
    kept, entry = desk.person(), desk.pupil()
    row = Enrolment.objects.get(person=entry)
    change = api.who.merge(kept.uuid, entry.uuid, by="clerk")
    with changing("correction", by="clerk") as writing:
        writing.update([(_reloaded(row), {"number": 31})])
    api.who.unmerge(change, by="clerk")
    back = _reloaded(row)
    assert (back.person_id, back.number) == (entry.uuid, 31)


def test_a_merge_is_taken_back_once(desk: Desk) -> None:
    kept, entry = desk.pupil(), desk.pupil()
    change = api.who.merge(kept.uuid, entry.uuid, by="clerk")
    api.who.unmerge(change, by="clerk")
    with pytest.raises(CannotUndo) as refusal:
        api.who.unmerge(change, by="clerk")
    assert refusal.value.reason == "done"


def test_of_two_merges_in_a_row_the_later_one_is_taken_back_first(desk: Desk) -> None:
    first, second, third = desk.pupil(), desk.pupil(), desk.pupil()
    before = api.state()
    earlier = api.who.merge(second.uuid, first.uuid, by="clerk")
    later = api.who.merge(third.uuid, second.uuid, by="clerk")
    with pytest.raises(CannotUndo) as refusal:
        api.who.unmerge(earlier, by="clerk")
    assert (refusal.value.reason, refusal.value.by) == ("later", later)
    api.who.unmerge(later, by="clerk")
    api.who.unmerge(earlier, by="clerk")
    assert api.state() == before


def test_other_rooms_are_told_of_a_merge_and_of_its_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from terakoya.roster.people import aliases

    told: list[Any] = []
    monkeypatch.setattr(aliases, "_on_merge", [lambda *facts: told.append(("merged", *facts))])
    monkeypatch.setattr(aliases, "_on_unmerge", [lambda *facts: told.append(("apart", *facts))])
    kept, entry = desk.pupil(), desk.pupil()
    change = api.who.merge(kept.uuid, entry.uuid, by="clerk")
    undone = api.who.unmerge(change, by="clerk")
    assert told == [
        ("merged", entry.uuid, kept.uuid, str(change.uuid)),
        ("apart", entry.uuid, kept.uuid, str(undone.uuid)),
    ]


DAYS = st.integers(0, 300).map(lambda number: APRIL + timedelta(number))
SPANS = st.tuples(DAYS, st.integers(0, 120) | st.none()).map(
    lambda drawn: (drawn[0], None if drawn[1] is None else drawn[0] + timedelta(drawn[1]))
)


def _days_held(rows: Any) -> set[tuple[Any, str, int]]:
    held = set()
    for row in rows:
        for number in range(420):
            day = APRIL + timedelta(number)
            if row.begins <= day and (row.ends is None or row.ends > day):
                held.add((row.school_class_id, row.role, number))
    return held


@pytest.mark.django_db
@settings(max_examples=30)
@example(  # two rows of the entry with days before the same row of the person's own
    own=[(date(2026, 4, 3), date(2026, 4, 4))],
    others=[(date(2026, 4, 1), None), (date(2026, 4, 2), None)],
    classes=[False] * 6,
)
@given(own=st.lists(SPANS, max_size=3), others=st.lists(SPANS, max_size=3), classes=st.lists(st.booleans(), min_size=6))
def test_a_merge_loses_no_day_and_taking_it_back_gives_the_state_back(
    own: list[Any], others: list[Any], classes: list[bool]
) -> None:
    desk = Desk()
    lessons = [desk.school_class(title, "scheduled") for title in ("music", "art")]
    kept, entry = desk.pupil(), desk.person(official_given="はなこ")
    drawn = iter(classes)
    for person, rows in ((kept, own), (entry, others)):
        for begins, ends in rows:
            desk.enrol(person, lessons[next(drawn)], begins, ends=ends)
    before, held = api.state(), _days_held(Enrolment.objects.filter(person__in=[kept.pk, entry.pk]))
    change = api.who.merge(kept.uuid, entry.uuid, take=["official_given"], by="clerk")
    assert _days_held(Enrolment.objects.filter(person=kept.pk)) == held
    api.who.unmerge(change, by="clerk")
    assert api.state() == before


@given(span=SPANS, others=st.lists(SPANS, max_size=5))
def test_what_is_left_of_a_span_and_the_others_cover_it_without_overlap(span: Any, others: list[Any]) -> None:
    whole = Span(span[0], span[1] or NEVER_ENDS)
    rest = [Span(begins, ends or NEVER_ENDS) for begins, ends in others]
    left = left_of(whole, rest)
    for number in range(700):
        day = APRIL + timedelta(number)
        inside = whole.begins <= day < whole.ends
        taken = any(one.begins <= day < one.ends for one in rest)
        assert sum(one.begins <= day < one.ends for one in left) == (inside and not taken)
