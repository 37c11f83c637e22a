"""Names that change, and the forms in which they can be shown."""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from terakoya.identity import api as identity
from terakoya.roster import api
from terakoya.roster.errors import CannotRename
from terakoya.roster.models import JisForm, NameChoice, Person
from terakoya.roster.people.form_lists import ListUnreadable, read_lists

from .conftest import Desk

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
HIGH, LUCKY, KATSU = "\u9ad9", "\U00020bb7", "\u845b\U000e0100"  # outside of JIS X 0213, the last by its selector


def test_the_name_on_a_day_is_the_one_that_held_then(desk: Desk) -> None:
    person = desk.pupil()
    api.who.rename(person, {"official_family": "佐藤"}, since=JUNE, by="clerk")
    api.who.rename(person, {"official_family": "鈴木"}, since=JULY, by="clerk")
    families = [api.who.name_on(person, day).official_family for day in (MAY, JUNE, date(2026, 6, 30), JULY)]
    assert families == ["山田", "佐藤", "佐藤", "鈴木"]
    assert {one.official_family for one in api.who.names_on([person], MAY).values()} == {"山田"}


def test_a_mistake_is_corrected_for_all_days(desk: Desk) -> None:
    person = desk.pupil()
    api.who.correct_names(person, {"official_family": "山本"}, by="clerk")
    assert api.who.name_on(person, MAY).official_family == "山本"
    assert not api.who.past_names_of(person.uuid).exists()


def test_a_change_of_name_can_be_taken_back(desk: Desk) -> None:
    person = desk.pupil()
    before = api.state()
    change = api.who.rename(person, {"official_family": "佐藤"}, since=JUNE, by="clerk")
    api.undo(change, by="clerk")
    assert api.state() == before


def test_the_account_shows_the_new_name(desk: Desk) -> None:
    person = desk.pupil()
    identity.create_account(person.username, display_name=person.name, person=person.uuid)
    api.who.rename(person, {"official_family": "佐藤"}, since=JUNE, by="clerk")
    account = identity.account_of(person.uuid)
    assert account is not None and account.display_name == "佐藤 花子"


@pytest.mark.parametrize(
    ("names", "since", "reason"),
    [
        ({"official_family": "山田"}, JUNE, "unchanged"),
        ({"official_family": "佐藤"}, date(2027, 1, 1), "future"),
        ({"official_family": "", "official_given": ""}, JUNE, "empty"),
    ],
)
def test_what_is_no_change_of_name_is_refused(desk: Desk, names: dict[str, str], since: date, reason: str) -> None:
    with pytest.raises(CannotRename) as refusal:
        api.who.rename(desk.pupil(), names, since=since, by="clerk")
    assert refusal.value.reason == reason


def test_a_change_before_a_known_one_is_refused(desk: Desk) -> None:
    person = desk.pupil()
    api.who.rename(person, {"official_family": "佐藤"}, since=JULY, by="clerk")
    with pytest.raises(CannotRename) as refusal:
        api.who.rename(person, {"official_family": "鈴木"}, since=JUNE, by="clerk")
    assert refusal.value.reason == "before"


def test_an_earlier_name_finds_the_person(desk: Desk) -> None:
    person = desk.pupil()
    api.who.rename(person, {"official_family": "佐藤"}, since=JUNE, by="clerk")
    assert list(api.who.known_as("山田", MAY)) == [person]


@pytest.mark.parametrize("text", ["山本", "old-id", "はるか"])
def test_a_name_or_identifier_of_the_other_entry_finds_the_person(desk: Desk, text: str) -> None:
    kept = desk.pupil()
    entry = desk.pupil(official_family="山本", kana_given="はるか", identifier="old-id")
    api.who.merge(kept.uuid, entry.uuid, by="clerk")
    assert list(api.who.known_as(text, MAY)) == [kept]


def test_class_and_number_find_the_person_as_of_the_day(desk: Desk) -> None:
    person = desk.person()
    desk.enrol(person, desk.first, MAY, ends=JUNE, number=12)
    assert list(api.who.known_as("5-1 12", MAY)) == [person]
    assert not api.who.known_as("5-1 12", JULY).exists()


def test_who_cannot_be_shown_is_on_the_list_and_nobody_else(desk: Desk) -> None:
    official = desk.pupil(official_family=HIGH + "橋")
    shown = desk.pupil(official_family="吉田", display_family=LUCKY + "田", display_given="花")
    desk.pupil(official_family=HIGH + "橋", display_family="高橋", display_given="花")
    desk.pupil()
    assert set(api.who.without_jis_name()) == {official, shown}


def test_nothing_is_chosen_by_itself(desk: Desk) -> None:
    person = desk.pupil(official_family=HIGH + "橋")
    api.who.needed(person)
    assert Person.objects.get(pk=person.pk).display_family == ""


def test_a_choice_gives_a_display_name_and_is_kept_with_who_made_it(desk: Desk) -> None:
    person = desk.pupil(official_family=HIGH + KATSU)
    needed = api.who.needed(person)
    assert [(one.character, [each.form for each in one.candidates]) for one in needed] == [
        (HIGH, ["高"]),
        (KATSU, ["葛"]),
    ]
    chosen = {one.key: one.candidates[0].form for one in needed}
    change = api.who.choose(person, chosen, since=JUNE, by="clerk")
    now = Person.objects.get(pk=person.pk)
    assert (now.display_family, now.display_given, now.official_family) == ("高葛", "花子", HIGH + KATSU)
    kept = NameChoice.objects.filter(made_by=change).order_by("pk")
    assert [(one.character, one.chosen, one.ground) for one in kept] == [
        (HIGH, "高", "usual"),
        (KATSU, "葛", "variation"),
    ]
    assert change.by == "clerk"
    assert not api.who.without_jis_name().exists()


@pytest.mark.parametrize(("form", "reason"), [(LUCKY, "jis"), ("", "jis")])
def test_a_form_that_cannot_be_shown_is_refused(desk: Desk, form: str, reason: str) -> None:
    person = desk.pupil(official_family=HIGH + "橋")
    with pytest.raises(CannotRename) as refusal:
        api.who.choose(person, {"display_family-0": form}, since=JUNE, by="clerk")
    assert refusal.value.reason == reason


def test_every_character_needs_a_choice(desk: Desk) -> None:
    person = desk.pupil(official_family=HIGH + LUCKY)
    with pytest.raises(CannotRename) as refusal:
        api.who.choose(person, {"display_family-0": "高"}, since=JUNE, by="clerk")
    assert refusal.value.reason == "choices"


def test_how_often_a_form_was_chosen_before_is_told(desk: Desk) -> None:
    first = desk.pupil(official_family=HIGH + "橋")
    api.who.choose(first, {"display_family-0": "高"}, since=JUNE, by="clerk")
    assert [(one.form, one.chosen_before) for one in api.who.candidates(HIGH)] == [("高", 1)]


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    """The two official files in small: three glyphs, of which two have forms."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["図形", "MJ文字図形名", "実装したUCS", "実装したMoji_JohoコレクションIVS", "実装したSVS"])
    sheet.append(["", "MJ000001", "U+20BB7", "20BB7_E0100", ""])
    sheet.append(["", "MJ000002", "", "845B_E0100;845B_E0101", ""])
    sheet.append(["", "MJ000003", "U+9AD8", "", ""])
    glyphs, shrink = tmp_path / "mji.xlsx", tmp_path / "map.json"
    book.save(glyphs)
    content = [
        {
            "MJ文字図形名": "MJ000001",
            "辞書類等による関連字": [{"JIS X 0213": "1-21-40", "UCS": "U+5409"}],
            "JIS包摂規準・UCS統合規則": [{"JIS X 0213": "1-27-46", "UCS": "U+571F"}],
        },
        {"MJ文字図形名": "MJ000002", "JIS包摂規準・UCS統合規則": [{"JIS X 0213": "1-19-75", "UCS": "U+845B"}]},
        {"MJ文字図形名": "MJ000003", "JIS包摂規準・UCS統合規則": [{"JIS X 0213": "1-25-66", "UCS": "U+9AD8"}]},
    ]
    shrink.write_text(json.dumps({"meta": {}, "content": content}, ensure_ascii=False), "utf-8")
    return glyphs, shrink


@pytest.mark.django_db
def test_the_official_lists_are_read_in_their_order_of_preference(lists: tuple[Path, Path]) -> None:
    assert read_lists(*lists) == 6
    rows = JisForm.objects.filter(character=LUCKY).order_by("rank").values_list("form", "ground")
    assert list(rows) == [("土", "unification"), ("吉", "dictionary")]
    assert JisForm.objects.filter(character=KATSU, form="葛").exists()
    assert read_lists(*lists) == 6  # again: in place of those before


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [0, 1])
def test_another_file_is_no_official_list(lists: tuple[Path, Path], broken: int) -> None:
    lists[broken].write_bytes(b"PK\x03\x04 not it")
    with pytest.raises(ListUnreadable, match=lists[broken].name):
        read_lists(*lists)
