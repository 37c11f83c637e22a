"""The town's register can have what a desk has to decide."""

from datetime import date
from pathlib import Path

import pytest

from terakoya.demo_town import api as demo_town
from terakoya.roster import api as roster


@pytest.mark.django_db
def test_a_pair_and_a_name_to_choose_come_with_the_town(tmp_path: Path) -> None:
    town = demo_town.make_town(7, date(2026, 11, 24), pupils=60)
    report = roster.import_package(demo_town.write_city_package(town, tmp_path, doubts=True), by="clerk")
    assert report.errors == []
    (pair,) = roster.who.duplicates()
    assert "kana_birth_sex" in pair.grounds
    assert roster.who.without_jis_name().count() == 1


@pytest.mark.django_db
def test_another_system_proposes_a_number(tmp_path: Path) -> None:
    town = demo_town.make_town(7, date(2026, 11, 24), pupils=60)
    roster.import_package(demo_town.write_city_package(town, tmp_path), by="clerk")
    key, number = demo_town.phone_to_propose(town)
    person = roster.who.by_identifier(key)
    assert person is not None
    waiting = roster.write(person, "sms", number, origin=demo_town.OTHER_SYSTEM, by="test")
    assert list(roster.who.proposals()) == [waiting]
