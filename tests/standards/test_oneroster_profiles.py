from datetime import date

import pytest

from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import PROFILES, Profile, alike, recognise

JAPAN = [name for name, profile in PROFILES.items() if profile.is_of_japan]
EVERY = list(PROFILES.values())


def headers(profile: Profile, *files: str) -> dict[str, list[str]]:
    return {file: [heading.name for heading in profile.headings[file]] for file in files or oneroster.ROSTERING}


def test_all_profiles_are_there() -> None:
    assert set(PROFILES) == {
        *("base-1.2", "base-1.2.1", "japan-1.1", "japan-1.2", "japan-1.2.1", "e-portal-3.00", "e-portal-4.00"),
        *("interoperability-5.00", "interoperability-6.00", "k12-schools-1.0"),
    }


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("base-1.2", "1.2"),
        ("base-1.2.1", "1.2"),
        ("japan-1.2.1", "1.2"),
        ("japan-1.1", "1.2"),
        ("e-portal-3.00", "1.2"),
        ("e-portal-4.00", "1.2.1"),
        ("interoperability-5.00", "1.2.1"),
        ("k12-schools-1.0", "1.2_JP"),
        ("interoperability-6.00", "1.2_JP"),
    ],
)
def test_version_of_the_manifest(name: str, version: str) -> None:
    assert PROFILES[name].version == version


@pytest.mark.parametrize("profile", EVERY, ids=lambda one: one.name)
def test_what_is_said_is_said_of_columns_that_the_profile_has(profile: Profile) -> None:
    for said in (profile.required, profile.fixed, profile.fill, profile.full_width):
        for file, names in said.items():
            assert set(names) <= set(headers(profile, file)[file]), (file, names)
    for file, columns in profile.fill.items():
        assert set(columns.values()) <= set(headers(profile, file)[file])


@pytest.mark.parametrize("profile", EVERY, ids=lambda one: one.name)
def test_columns_are_those_of_the_standard_and_extensions_at_the_end(profile: Profile) -> None:
    for names in headers(profile, *oneroster.COLUMNS).values():
        assert names[:3] == ["sourcedId", "status", "dateLastModified"]
        added = [name.startswith(oneroster.EXTENSION) for name in names]
        assert added == sorted(added)


@pytest.mark.parametrize("profile", EVERY, ids=lambda one: one.name)
def test_what_values_become_the_profile_has(profile: Profile) -> None:
    for vocabulary, becomes in profile.becomes.items():
        for value, other in becomes.items():
            assert profile.carried(vocabulary, value) == other
            assert profile.carried(vocabulary, other) == other


def test_resource_ids_of_users_are_in_1_2_alone() -> None:
    with_them = {name for name, one in PROFILES.items() if "resourceSourcedIds" in headers(one, "users")["users"]}
    assert with_them == {"base-1.2", "japan-1.1", "e-portal-3.00"}


def test_attendance_numbers_are_spelled_anew_by_1edtech() -> None:
    for name in JAPAN:
        last = headers(PROFILES[name], "enrollments")["enrollments"][-2:]
        is_new = name in ("k12-schools-1.0", "interoperability-6.00")
        small = ["metadata.jp.shussekiNo", "metadata.jp.publicFlg"]
        assert last == (small if is_new else ["metadata.jp.ShussekiNo", "metadata.jp.PublicFlg"])


def test_readings_of_the_names_in_use_came_with_1_2() -> None:
    with_them = {
        name for name in JAPAN if "metadata.jp.kanaPreferredGivenName" in headers(PROFILES[name], "users")["users"]
    }
    assert set(JAPAN) - with_them == {"japan-1.1", "e-portal-3.00"}


def test_japan_carries_a_parent_as_guardian_and_no_relative() -> None:
    for name in JAPAN:
        assert PROFILES[name].carried("role", "parent") == "guardian"
        assert PROFILES[name].carried("role", "relative") is None
        assert PROFILES[name].carried("role", "ext:driver") is None
    assert PROFILES["base-1.2.1"].carried("role", "relative") == "relative"
    assert PROFILES["base-1.2.1"].carried("role", "ext:driver") == "ext:driver"


@pytest.mark.parametrize(
    ("first_day", "base", "japan"),
    [(date(2026, 4, 1), 2027, 2026), (date(2027, 1, 8), 2027, 2026), (date(2026, 9, 1), 2027, 2026)],
)
def test_school_years_are_counted_by_their_end_or_by_their_april(first_day: date, base: int, japan: int) -> None:
    assert PROFILES["base-1.2.1"].year_of(first_day) == base
    assert PROFILES["k12-schools-1.0"].year_of(first_day) == japan


def test_japan_carries_the_characters_of_jis_x_0213() -> None:
    profile = PROFILES["japan-1.1"]
    assert profile.can_carry("高﨑𠮟")
    assert not profile.can_carry("髙")
    assert not profile.can_carry("葛\U000e0100")
    assert PROFILES["base-1.2.1"].can_carry("葛\U000e0100")


def test_packages_are_called_by_day_and_code() -> None:
    day, code = date(2026, 4, 8), "B123456789012"
    assert PROFILES["interoperability-6.00"].package_name(day, code) == "RO_20260408_B123456789012.zip"


@pytest.mark.parametrize("profile", EVERY, ids=lambda one: one.name)
def test_a_package_is_recognised_as_its_profile_or_one_with_the_same_columns(profile: Profile) -> None:
    found = recognise(profile.version, headers(profile))
    assert found is not None
    assert found is profile or found in alike(profile)


def test_the_least_demanding_of_alike_profiles_is_named() -> None:
    for name, least in [("e-portal-3.00", "japan-1.1"), ("interoperability-6.00", "k12-schools-1.0")]:
        found = recognise(PROFILES[name].version, headers(PROFILES[name]))
        assert found is PROFILES[least]


@pytest.mark.parametrize("version", ["1.2", "1.2.1"])
@pytest.mark.parametrize("name", ["base-1.2.1", "japan-1.2.1"])
def test_1_2_1_is_recognised_under_both_numbers(name: str, version: str) -> None:
    found = recognise(version, headers(PROFILES[name]))
    assert found is PROFILES[name]


def test_foreign_columns_do_not_hide_a_profile() -> None:
    told = headers(PROFILES["japan-1.1"])
    told["users"].append("metadata.vendor.shoeSize")
    assert recognise("1.2", told) is PROFILES["japan-1.1"]


def test_a_version_that_no_profile_names_is_not_recognised() -> None:
    assert recognise("2.0", headers(PROFILES["base-1.2"])) is None
