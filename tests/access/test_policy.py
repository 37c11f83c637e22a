"""Cedar against an oracle of plain sets over the whole space of questions; and the policies against their schema."""

import tomllib
from functools import cache
from importlib.resources import files
from itertools import product

import cedarpy
import pytest

from terakoya.access import policy
from terakoya.access.matrix import matrix
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

RELATIONS = (
    "",
    "self",
    "guardian",
    "homeroom_teacher",
    "subject_teacher",
    "head",
    "own_municipality",
    "own_organisation",
    "cram_school_teacher",
    "keeps_for_the_person",
    "own_node",
    "entrusted",
)
# the roadmap's table 1 as it was printed, kept apart from the file that decides
CIRCLES = {
    "school_affairs_provider": "o-----",
    "establisher": "oo----",
    "school": "oo-o--",
    "student": "-ooooo",
    "cram_school": "--o-o-",
    "material_company": "-oo---",
    "other_public_body": "-----o",
    "outside_body": "-----o",
}
STORED = {
    "establisher": "o--o--",
    "material_company": "-ooo--",
    "cram_school": "----o-",
    "school_affairs_provider": "o-----",
    "student_pds": "---ooo",
}


@cache
def law_cells(regime: str) -> set[tuple[str, str, str, str]]:
    raw = tomllib.loads(files("terakoya.access").joinpath("matrix.toml").read_text("utf-8"))
    return {
        (law["stakeholder"], category, purpose, relation)
        for law in raw["law"]
        if law[regime]
        for category, purpose, relation in product(law["categories"], law["purposes"], law["relations"])
    }


def expected(fact: policy.Facts, regime: str) -> str:
    """The basis that the rules of the house give, without Cedar."""
    purpose, row = PURPOSES[fact.purpose], matrix().stakeholders[fact.stakeholder]
    column = CATEGORIES[fact.category].information
    hidden = fact.protected and fact.category in ("subject.contact", "rights.access_log", "rights.consent")
    ended = fact.revoked and (fact.node or purpose.on_withdrawal == "delete")
    if fact.purpose in ("selective_screening", "inner_life") or ended or hidden or fact.outside:
        return "ban"
    if (fact.stakeholder, fact.category, fact.purpose, fact.relation) in law_cells(regime):
        return "law"
    circle = column in row.primary and fact.purpose in row.purposes
    tied = fact.relation in row.relations
    if circle and tied and not fact.node:
        return "primary_use"
    if fact.consented and purpose.by_consent and (fact.node or tied):
        return "consent"
    return "none"


@pytest.mark.parametrize(
    ("stakeholder", "regime"),
    [
        *((stakeholder, "public") for stakeholder in matrix().stakeholders),
        *((stakeholder, "private") for stakeholder in ("student", "cram_school", "operator")),
    ],
)
def test_cedar_agrees_with_the_oracle_on_every_question(stakeholder: str, regime: str) -> None:
    flags = (
        (False,) * 5,
        *(tuple(place == one for place in range(5)) for one in range(5)),
        (True, True, True, False, False),
    )
    facts = [
        policy.Facts(stakeholder, category, purpose, relation, *flag)
        for category, purpose, relation, flag in product(CATEGORIES, PURPOSES, RELATIONS, flags)
    ]
    verdicts = policy.judge(facts, regime)
    wrong = [
        (fact, verdict)
        for fact, verdict in zip(facts, verdicts, strict=True)
        if (verdict.basis != expected(fact, regime)) or verdict.permitted != (verdict.basis not in ("ban", "none"))
    ]
    assert not wrong[:3]


def test_cedar_agrees_with_the_oracle_on_every_combination_of_flags() -> None:
    facts = [
        policy.Facts(stakeholder, category, purpose, relation, *flags)
        for stakeholder in ("school", "student", "cram_school")
        for category in ("activity.learning_school", "subject.contact", "rights.access_log")
        for purpose in ("teaching", "own_use", "tutoring", "rights", "inner_life")
        for relation in ("", "guardian", "homeroom_teacher", "cram_school_teacher")
        for flags in product((False, True), repeat=5)
    ]
    verdicts = policy.judge(facts, "private")
    assert [verdict.basis for verdict in verdicts] == [expected(fact, "private") for fact in facts]


def test_policies_and_matrix_fit_their_schema() -> None:
    result = cedarpy.validate_policies(policy.policy_text(), policy.schema_text())
    assert result.validation_passed, [str(error) for error in result.errors]


def test_a_misspelt_attribute_does_not_pass_the_schema() -> None:
    text = policy.policy_text().replace("context.consented", "context.consentd")
    assert not cedarpy.validate_policies(text, policy.schema_text()).validation_passed


def test_every_policy_has_a_name() -> None:
    assert policy.policy_text().count("@id(") == len(cedarpy.PolicySet.from_str(policy.policy_text()))


def test_table_1_is_the_roadmap_s() -> None:
    columns = list(matrix().information)
    rows = {key: row for key, row in matrix().stakeholders.items() if row.in_table}
    assert {
        key: "".join("o" if column in row.primary else "-" for column in columns) for key, row in rows.items()
    } == CIRCLES


def test_table_2_is_the_roadmap_s() -> None:
    columns = list(matrix().information)
    assert {
        row.id: "".join("o" if column in row.holds else "-" for column in columns) for row in matrix().storages
    } == STORED


def test_no_partner_node_ever_has_primary_use() -> None:
    facts = [
        policy.Facts(stakeholder, category, purpose, relation, node=True)
        for stakeholder, category, purpose, relation in product(matrix().stakeholders, CATEGORIES, PURPOSES, RELATIONS)
    ]
    assert not [verdict for verdict in policy.judge(facts, "public") if verdict.basis == "primary_use"]


def test_without_a_relation_and_without_consent_nothing_is_open() -> None:
    facts = [
        policy.Facts(stakeholder, category, purpose)
        for stakeholder, category, purpose in product(matrix().stakeholders, CATEGORIES, PURPOSES)
    ]
    assert not any(verdict.permitted for verdict in policy.judge(facts, "public"))


@pytest.mark.parametrize("purpose", ["selective_screening", "inner_life"])
def test_no_consent_and_no_role_opens_a_banned_purpose(purpose: str) -> None:
    facts = [
        policy.Facts(stakeholder, category, purpose, relation, node, consented=True)
        for stakeholder, category, relation, node in product(
            matrix().stakeholders, CATEGORIES, RELATIONS, (False, True)
        )
    ]
    assert {verdict.basis for verdict in policy.judge(facts, "public")} == {"ban"}
