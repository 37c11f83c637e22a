"""The make-believe town: the same from the same seed, and as a town is."""

import csv
import io
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from terakoya.demo_town import api
from terakoya.demo_town.api import Town
from terakoya.standards import codes, oneroster

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def town() -> Town:
    return api.make_town(7, DAY)


def texts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (api.make_town(3, DAY, pupils=60) for _ in range(2))
    paths = [api.write_city_package(one, tmp_path / f"{number}.zip") for number, one in enumerate((first, second))]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert first.cast == second.cast


def test_other_seed_gives_other_people() -> None:
    first, second = api.make_town(3, DAY, pupils=60), api.make_town(4, DAY, pupils=60)
    assert not {one.uuid for one in first.people} & {one.uuid for one in second.people}


def test_town_has_the_size_of_a_town(town: Town) -> None:
    assert 850 <= len(town.pupils) <= 950
    assert [school.kind for school in town.schools] == ["elementary", "elementary", "junior_high"]
    homerooms = [klass for klass in town.classes if klass.is_homeroom]
    assert len(homerooms) == 30
    assert all(25 <= len(town.pupils_of(klass)) <= 35 for klass in homerooms)


def test_small_town_has_every_class_and_the_whole_cast(town: Town) -> None:
    small = api.make_town(7, DAY, pupils=60)
    assert len(small.pupils) == 60
    assert small.cast.keys() == town.cast.keys()


def test_families_have_siblings_and_one_or_two_guardians(town: Town) -> None:
    assert {len(pupil.guardians) for pupil in town.pupils} == {1, 2}
    assert {len(guardian.children) for guardian in town.guardians} == {1, 2, 3}
    for guardian in town.guardians:
        assert all(guardian in child.guardians for child in guardian.children)


def test_attendance_numbers_follow_the_readings(town: Town) -> None:
    for klass in town.classes:
        pupils = sorted(town.pupils_of(klass), key=lambda one: one.number)
        assert [pupil.number for pupil in pupils] == list(range(1, len(pupils) + 1))
        assert [pupil.kana_name for pupil in pupils] == sorted(pupil.kana_name for pupil in pupils)


def test_codes_of_schools_and_board_are_valid(town: Town) -> None:
    assert all(codes.is_school_code(school.code) for school in town.schools)
    assert codes.is_board_code(town.board.code)
    assert town.board.code[5] == codes.municipality_check_digit(town.board.code)


def test_person_keys_are_uuids_of_version_four_and_unique(town: Town) -> None:
    everybody = [*town.people, *town.juku.pupils, *town.juku.teachers]
    assert {person.uuid.version for person in everybody} == {4}
    assert len({person.uuid for person in everybody}) == len(everybody)


def test_user_names_are_unique(town: Town) -> None:
    counts = Counter(person.username for person in town.people)
    assert counts.most_common(1)[0][1] == 1


def test_some_official_names_differ_from_what_is_shown(town: Town) -> None:
    assert any(person.official_family != person.display_family for person in town.people)
    assert any(person.official_family.isascii() for person in town.people)
    for person in town.people:
        person.display_name.encode("euc_jis_2004")
        assert all("ァ" <= sign <= "ー" or sign == " " for sign in person.kana_name)


def test_story_is_cast(town: Town) -> None:
    by_key = {person.uuid: person for person in town.people}
    child = next(one for one in town.pupils if one.uuid == town.cast["pupil"].person)
    guardian = by_key[town.cast["guardian"].person or child.uuid]
    teacher = next(one for one in town.teachers if one.uuid == town.cast["teacher"].person)
    assert child.home_class is teacher.homeroom
    assert child.home_class is not None
    assert child.home_class.title == "5年2組"
    assert guardian in child.guardians
    assert len(child.guardians[0].children) == 2
    assert any(one.of_town is child for one in town.juku.pupils)


def test_one_guardian_must_not_see_the_others_address(town: Town) -> None:
    elsewhere = next(one for one in town.guardians if one.uuid == town.cast["guardian_elsewhere"].person)
    protected = [person for person in town.people if elsewhere.sourced_id in person.hidden_from]
    assert {person.uuid for person in protected} == {
        town.cast["protected_guardian"].person,
        town.cast["protected_pupil"].person,
    }
    assert all(person.address != elsewhere.address for person in protected)


def test_cram_school_knows_its_pupils_under_other_identifiers(town: Town) -> None:
    known = [one for one in town.juku.pupils if one.of_town]
    assert 10 <= len(known) < len(town.juku.pupils) == 30
    for one in known:
        assert one.of_town is not None
        assert one.uuid != one.of_town.uuid
        assert one.sourced_id != one.of_town.sourced_id
        assert one.display_name == one.of_town.display_name


def test_package_has_its_name_and_every_value_quoted(town: Town, tmp_path: Path) -> None:
    path = api.write_city_package(town, tmp_path)
    assert path.name == f"RO_20261124_{town.board.code}.zip"
    for text in texts(path).values():
        assert not text.startswith("\ufeff")
        assert all(line.startswith('"') and line.endswith('"') for line in text.split("\r\n") if line)


def test_package_has_the_columns_of_the_profile_in_order(town: Town, tmp_path: Path) -> None:
    files = texts(api.write_city_package(town, tmp_path, marks=True))
    told = [name for name in oneroster.COLUMNS if f"{name}.csv" in files]
    assert {*oneroster.ROSTERING, "demographics", "lineItems", "results", "resources"} <= set(told)
    for name in told:
        columns = oneroster.COLUMNS[name]
        header = next(csv.reader(io.StringIO(files[f"{name}.csv"])))
        known = [column.name for column in columns]
        assert header == sorted(header, key=known.index)
        assert {column.name for column in columns if column.must_be_there} <= set(header)


def test_mark_is_in_everything_that_names_a_person(tmp_path: Path) -> None:
    town = api.make_town(7, DAY, pupils=60, mark="ZQX7")
    for person in (*town.people, *town.juku.pupils, *town.juku.teachers):
        assert "ZQX7" in person.official_given
        assert "ZQX7" in person.display_given
        assert "zqx7" in person.username
        assert all("ZQX7" in text for text in (person.address, person.phone) if text)
    assert all("zqx7" in login.username for login in town.cast.values())


def test_school_year_is_that_of_the_day() -> None:
    assert api.make_town(7, date(2027, 3, 31), pupils=60).school_year == 2026
    assert api.make_town(7, date(2027, 4, 1), pupils=60).school_year == 2027
