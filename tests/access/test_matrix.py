import re

from terakoya.access.api import matrix
from terakoya.access.matrix import Words
from terakoya.access.words import CLAUSE_OF_BAN, REFUSALS, RELATIONS
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES


def all_words() -> list[Words]:
    rules = matrix()
    named = (*rules.stakeholders.values(), *rules.storages)
    return [
        rules.source,
        *rules.information.values(),
        *rules.notes,
        *rules.clauses.values(),
        *(row.name for row in named),
    ]


def test_every_word_of_the_matrix_speaks_three_languages() -> None:
    for words in all_words():
        assert words.ja and words.ja_easy and words.en
        assert not re.search("[\u3040-\u9fff]", words.en)


def test_plain_japanese_has_a_reading_on_every_kanji() -> None:
    for words in all_words():
        assert not re.search("[\u4e00-\u9fff《》｜]", re.sub(r"｜[^｜《]+《[^》]+》", "", words.ja_easy)), words.ja_easy


def test_law_cells_name_known_things_and_clauses() -> None:
    rules = matrix()
    for law in rules.laws:
        assert law.stakeholder in rules.stakeholders
        assert set(law.categories) <= set(CATEGORIES) and set(law.purposes) <= set(PURPOSES)
        assert set(law.relations) <= set(RELATIONS)
        assert {law.public, law.private} <= {"", *rules.clauses} and (law.public or law.private)


def test_every_relation_that_the_matrix_asks_for_has_words() -> None:
    assert {relation for row in matrix().stakeholders.values() for relation in row.relations} <= set(RELATIONS)


def test_every_ban_has_a_clause_and_words() -> None:
    from terakoya.access.policy import policy_text

    bans = set(re.findall(r'@id\("(ban-[a-z-]+)"\)\s*@clause\("([a-z0-9-]+)"\)', policy_text()))
    assert dict(bans) == CLAUSE_OF_BAN
    assert set(REFUSALS) == set(CLAUSE_OF_BAN)
    assert set(CLAUSE_OF_BAN.values()) <= set(matrix().clauses)
