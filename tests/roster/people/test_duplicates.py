"""Entries that may be one person."""

from datetime import date

from terakoya.roster import api
from terakoya.roster.models import Person

from .conftest import Desk

BORN = date(2015, 6, 1)


def test_reading_birth_date_and_sex_speak_for_one_person(desk: Desk) -> None:
    one = desk.pupil(birth_date=BORN, sex="female")
    other = desk.pupil(desk.second, birth_date=BORN, sex="female", official_family="山\U000e0100田")
    (pair,) = api.who.duplicates()
    assert ({pair.one, pair.other}, pair.grounds) == ({one, other}, ("kana_birth_sex",))


def test_signs_add_up_and_come_first(desk: Desk) -> None:
    for klass in (desk.first, desk.first):
        desk.pupil(klass, birth_date=BORN, sex="female", identifier="same")
    for klass in (desk.first, desk.second):
        desk.pupil(klass, birth_date=BORN, sex="male", kana_given="たろう", official_given="太郎")
    first, second = api.who.duplicates()
    assert first.grounds == ("identifier", "kana_birth_sex", "name_birth", "name_class")
    assert first.score == 100 > second.score


def test_what_differs_speaks_against(desk: Desk) -> None:
    desk.pupil(birth_date=BORN)
    desk.pupil(birth_date=date(2015, 7, 1))
    (pair,) = api.who.duplicates()
    assert (pair.grounds, pair.against) == (("name_class",), ("other_birth",))


def test_twins_are_no_pair(desk: Desk) -> None:
    desk.pupil(birth_date=BORN, sex="male", kana_given="いちろう", official_given="一郎")
    desk.pupil(birth_date=BORN, sex="male", kana_given="じろう", official_given="二郎")
    assert api.who.duplicates() == []


def test_a_value_that_many_share_is_no_sign(desk: Desk) -> None:
    for number in range(9):
        desk.person(identifier="unknown", official_given=f"{number}", kana_given=f"{number}")
    assert api.who.duplicates() == []


def test_two_people_are_not_shown_again_until_the_word_is_taken_back(desk: Desk) -> None:
    one, other = desk.pupil(), desk.pupil()
    api.who.not_the_same(one.uuid, other.uuid, by="clerk", reason="twins")
    api.who.not_the_same(other.uuid, one.uuid, by="clerk")
    assert api.who.duplicates() == []
    api.who.maybe_the_same(other.uuid, one.uuid)
    assert len(api.who.duplicates()) == 1


def test_who_is_put_together_is_no_pair_any_more(desk: Desk) -> None:
    one, other = desk.pupil(), desk.pupil()
    api.who.merge(one.uuid, other.uuid, by="clerk")
    assert api.who.duplicates() == []


def test_both_of_a_pair_are_among_those_asked_about(desk: Desk) -> None:
    one, _other = desk.pupil(), desk.pupil()
    assert api.who.duplicates(Person.objects.filter(pk=one.pk)) == []


def test_the_number_of_queries_does_not_grow_with_the_people(desk: Desk, django_assert_max_num_queries: object) -> None:
    for number in range(12):
        for _twice in range(2):
            desk.pupil(birth_date=BORN, kana_given=f"{number}", official_given=f"{number}")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert len(api.who.duplicates()) == 12
