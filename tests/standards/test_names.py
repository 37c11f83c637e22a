import re

import pytest

from terakoya.standards import names
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.course_of_study import ITEMS, SUBJECTS
from terakoya.standards.purposes import PURPOSES

ENGLISH = [known.en for kind in (CATEGORIES, PURPOSES, SUBJECTS, ITEMS) for known in kind.values()]
RETENTIONS = [known.retention for known in CATEGORIES.values()]


@pytest.mark.parametrize("language", names.LANGUAGES)
def test_every_category_purpose_subject_and_unit_has_its_name(language: str) -> None:
    assert [name for name in ENGLISH if name not in names.names(language)] == []


@pytest.mark.parametrize("language", names.LANGUAGES)
def test_how_long_a_category_is_kept_is_said_in_every_language(language: str) -> None:
    assert [term for term in RETENTIONS if term not in names.names(language)] == []


@pytest.mark.parametrize("language", names.LANGUAGES)
def test_a_translated_name_is_not_empty_and_holds_no_kana(language: str) -> None:
    for english, name in names.names(language).items():
        assert name.strip() and not re.search("[\u3041-\u30fa｜《》]", name), english


@pytest.mark.parametrize("language", names.LANGUAGES)
def test_placeholders_are_those_of_the_english(language: str) -> None:
    for english, name in names.names(language).items():
        assert sorted(re.findall(r"\{\w+\}", name)) == sorted(re.findall(r"\{\w+\}", english)), english


def test_a_name_that_is_not_translated_is_said_in_english() -> None:
    assert names.say("vi", "塾", "｜塾《じゅく》", "a cram school nobody named") == "a cram school nobody named"
    assert names.say("fr", "塾", "｜塾《じゅく》", "cram school") == "cram school"


def test_japanese_readers_get_their_own_text() -> None:
    assert names.say("ja", "塾", "｜塾《じゅく》", "x") == "塾"
    assert names.say("ja-easy", "塾", "｜塾《じゅく》", "x") == "｜塾《じゅく》"


def test_a_category_is_named_in_the_familys_language() -> None:
    assert CATEGORIES["activity.learning_school"].name("pt-br") == "registros de aprendizagem da escola"
