"""The names and texts of the matrix in the families' languages."""

from collections.abc import Iterator

import pytest

from terakoya.access.cells import named, parts
from terakoya.access.matrix import matrix
from terakoya.standards import names


def english() -> Iterator[str]:
    table = matrix()
    rows = [*table.stakeholders.values(), *table.storages]
    yield from (words.en for row in rows for words in (row.name, row.short))
    words = (
        table.source,
        *table.information.values(),
        *table.notes,
        *table.clauses.values(),
        *table.sentences.values(),
    )
    yield from (text.en for text in words)
    yield from (part.en for part in parts().values())
    own = [dict(ground.sentence) for regime in ("public", "private") for ground in named(regime).values()]
    yield from {sentence["en"] for sentence in own if sentence}


@pytest.mark.parametrize("language", names.LANGUAGES)
def test_every_text_of_the_matrix_has_its_translation(language: str) -> None:
    assert [text for text in english() if text not in names.names(language)] == []


@pytest.mark.parametrize("language", names.LANGUAGES)
def test_a_cell_is_a_sentence_without_gaps(language: str) -> None:
    cell = matrix().cell("school.homeroom_teacher", "activity.learning_school", "teaching", "public")
    sentence = cell.sentence(language)
    assert "{" not in sentence and cell.part.name(language) in sentence
    assert matrix().stakeholders["school"].name.say(language) in sentence
