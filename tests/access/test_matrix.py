import re
import tomllib
from importlib.resources import files
from itertools import product

import pytest

from terakoya.access import cells
from terakoya.access.api import matrix
from terakoya.access.matrix import Cell, Words
from terakoya.access.words import BANS, CLAUSE_OF_BAN, REFUSALS, RELATIONS
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


def every_cell(regime: str) -> list[Cell]:
    return [matrix().cell(*key, regime) for key in product(matrix().parts, CATEGORIES, PURPOSES)]


def clause_regimes() -> dict[str, str]:
    raw = tomllib.loads(files("terakoya.access").joinpath("matrix.toml").read_text("utf-8"))
    return {key: row.get("regime", "") for key, row in raw["clause"].items()}


def test_a_primary_use_lies_under_a_circle_of_the_roadmap() -> None:
    for cell in every_cell("public"):
        if cell.basis == "primary_use":
            assert CATEGORIES[cell.category].information in matrix().stakeholders[cell.part.row].primary


@pytest.mark.parametrize("regime", ["public", "private"])
def test_a_cell_cites_a_clause_of_its_regime(regime: str) -> None:
    regimes = clause_regimes()
    assert {regimes[cell.clause_id] for cell in every_cell(regime)} <= {"", regime}


@pytest.mark.parametrize("regime", ["public", "private"])
def test_sensitive_information_is_open_only_to_those_bound_to_secrecy(regime: str) -> None:
    for cell in every_cell(regime):
        if CATEGORIES[cell.category].sensitive and cell.basis in ("primary_use", "law"):
            assert cell.part.confidential, cell.sentence("en")


def test_an_obligation_drops_only_what_one_of_the_categories_consists_of() -> None:
    rows = tomllib.loads(files("terakoya.access").joinpath("cells.toml").read_text("utf-8"))["cell"]
    for row in rows:
        fields = {field for category in row["categories"] if category != "*" for field in CATEGORIES[category].fields}
        assert set(row.get("drop", ())) <= fields


def test_a_cell_that_is_not_named_is_by_consent_within_the_ceilings_and_otherwise_never() -> None:
    for cell in every_cell("public"):
        if not cell.named:
            purpose = PURPOSES[cell.purpose]
            within = purpose.by_consent and cell.category in purpose.categories
            assert cell.basis == ("consent" if within else "never")


def test_a_cell_that_is_named_twice_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = cells._raw()
    monkeypatch.setattr(cells, "_raw", lambda: {**raw, "cell": [*raw["cell"], raw["cell"][-1]]})
    with pytest.raises(ValueError, match="named twice"):
        cells.named.__wrapped__("public")


@pytest.mark.parametrize(("column", "wrong"), [("parts", "school.cook"), ("categories", "x"), ("purposes", "x")])
def test_a_cell_of_something_unknown_does_not_load(monkeypatch: pytest.MonkeyPatch, column: str, wrong: str) -> None:
    raw = cells._raw()
    monkeypatch.setattr(cells, "_raw", lambda: {**raw, "cell": [{**raw["cell"][0], column: [wrong]}]})
    with pytest.raises(ValueError, match=f"unknown {column}"):
        cells.named.__wrapped__("public")


@pytest.mark.parametrize(
    ("part", "category", "purposes"),
    [
        ("school.subject_teacher", "subject.contact", ()),
        ("school.subject_teacher", "activity.health", ()),
        ("school.subject_teacher", "activity.guidance", ()),
        ("school.nurse", "activity.health", ("guidance", "health_care", "emergency")),
        ("school.nurse", "activity.infirmary", ("guidance", "health_care")),
        ("school.nurse", "activity.learning_school", ()),
        ("school.head", "outside.child_protection", ("early_support",)),
        ("early_help_worker.case_worker", "outside.child_protection", ("early_support",)),
        ("student.guardian", "outside.child_protection", ()),
        ("student.guardian", "activity.survey", ()),
        ("student.self", "activity.survey", ("own_use", "rights")),
        ("establisher.own_municipality", "activity.learning_school", ()),
    ],
)
def test_what_a_part_may_without_consent(part: str, category: str, purposes: tuple[str, ...]) -> None:
    cells_open = [
        purpose
        for purpose in PURPOSES
        if matrix().cell(part, category, purpose, "public").basis in ("primary_use", "law")
    ]
    assert sorted(cells_open) == sorted(purposes)


@pytest.mark.parametrize("part", ["nation", "researcher", "nobody"])
def test_the_nation_and_researchers_have_no_personal_data(part: str) -> None:
    grounds = {
        matrix().cell(part, category, purpose, "public").basis for category in CATEGORIES for purpose in PURPOSES
    }
    assert grounds == {"never"}


def test_a_cell_says_itself_in_a_sentence_of_each_language() -> None:
    cell = matrix().cell("school.nurse", "activity.health", "health_care", "public")
    assert cell.sentence("en").startswith("School nurse: may use “health check-ups")
    assert "養護教諭は" in cell.sentence("ja") and "学校保健安全法" in cell.sentence("ja")
    assert "《ほけんしつ》" in cell.sentence("ja-easy")


def test_every_sentence_can_be_made_and_leaves_no_gap() -> None:
    for cell, language in product(every_cell("public"), ("ja", "ja-easy", "en")):
        assert not set("{}") & set(cell.sentence(language))


def test_every_relation_that_the_matrix_names_has_words() -> None:
    assert {part.relation for part in matrix().parts.values()} - {""} <= set(RELATIONS)


def test_every_part_belongs_to_a_stakeholder_and_a_row() -> None:
    for part in matrix().parts.values():
        assert part.stakeholder in matrix().stakeholders
        assert part.row == "" or matrix().stakeholders[part.row].in_table


def test_every_ban_has_a_clause_and_words() -> None:
    from terakoya.access.policy import policy_text

    bans = set(re.findall(r'@id\("(ban-[a-z-]+)"\)\s*@clause\("([a-z0-9-]+)"\)', policy_text()))
    assert dict(bans) == CLAUSE_OF_BAN
    assert set(REFUSALS) == set(CLAUSE_OF_BAN) - {"ban-no-tie"}  # which has a sentence with the category
    assert set(BANS) == set(CLAUSE_OF_BAN)
    assert set(CLAUSE_OF_BAN.values()) <= set(matrix().clauses)
