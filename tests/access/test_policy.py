"""The policies over every cell of the matrix; and against their schema."""

from functools import cache
from itertools import product

import cedarpy
import pytest

from terakoya.access import policy
from terakoya.access.cells import NOBODY
from terakoya.access.matrix import matrix
from terakoya.access.situations import Facts
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

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


def every(**flags: bool) -> list[Facts]:
    """The facts of each cell of the matrix, with the flags given."""
    return [Facts(*key, **flags) for key in product(matrix().parts, CATEGORIES, PURPOSES)]


def judged(regime: str = "public", **flags: bool) -> list[tuple[Facts, policy.Verdict]]:
    return _judged(regime, **{name: True for name, holds in flags.items() if holds})


@cache
def _judged(regime: str, **flags: bool) -> list[tuple[Facts, policy.Verdict]]:
    facts = every(**flags)
    return list(zip(facts, policy.judge(facts, regime), strict=True))


def basis_of(fact: Facts, regime: str) -> str:
    return matrix().cell(fact.part, fact.category, fact.purpose, regime).basis


@pytest.mark.parametrize("regime", ["public", "private"])
@pytest.mark.parametrize("consented", [False, True])
def test_the_verdict_is_the_ground_of_the_cell(regime: str, consented: bool) -> None:
    open_by = {"primary_use", "law", "consent"} if consented else {"primary_use", "law"}
    wrong = [
        (fact, verdict)
        for fact, verdict in judged(regime, consented=consented)
        if (verdict.basis if verdict.permitted else "") != (cell if (cell := basis_of(fact, regime)) in open_by else "")
    ]
    assert not wrong[:3]


@pytest.mark.parametrize("ban", ["outside", "revoked", "protected"])
def test_a_ban_beats_primary_use_law_and_consent(ban: str) -> None:
    banned = {
        "outside": lambda fact: True,
        "revoked": lambda fact: PURPOSES[fact.purpose].on_withdrawal == "delete",
        "protected": lambda fact: fact.category in policy.TELL_WHERE,
    }[ban]
    for fact, verdict in judged(consented=True, **{ban: True}):
        assert not (banned(fact) and verdict.permitted), fact


def test_another_node_is_refused_after_a_withdrawal_whatever_the_purpose() -> None:
    assert not any(verdict.permitted for _fact, verdict in judged(node=True, revoked=True))


def test_whoever_is_nobody_to_the_person_sees_nothing_and_is_told_so() -> None:
    told = {verdict.rule for fact, verdict in judged(consented=True) if fact.part == NOBODY}
    assert told == {"ban-no-tie", "ban-screening", "ban-inner-life"}


def test_sensitive_information_stays_with_those_bound_to_secrecy_save_by_consent() -> None:
    for fact, verdict in judged():
        if CATEGORIES[fact.category].sensitive and verdict.permitted:
            assert matrix().parts[fact.part].confidential, fact


def test_a_cell_closed_for_good_is_not_opened_by_consent() -> None:
    for fact, verdict in judged(consented=True):
        cell = matrix().cell(fact.part, fact.category, fact.purpose, "public")
        if cell.named and cell.basis == "never":
            assert verdict.basis == "ban", fact


def test_equal_facts_get_equal_verdicts_in_their_places() -> None:
    seen, unseen = (
        Facts("school.nurse", "activity.health", "health_care"),
        Facts("nobody", "activity.health", "teaching"),
    )
    assert [one.permitted for one in policy.judge([seen, unseen, seen], "public")] == [True, False, True]


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
    assert not [verdict for _fact, verdict in judged(node=True, consented=True) if verdict.basis == "primary_use"]


@pytest.mark.parametrize("purpose", ["selective_screening", "inner_life"])
def test_no_consent_and_no_role_opens_a_banned_purpose(purpose: str) -> None:
    assert {verdict.basis for fact, verdict in judged(consented=True) if fact.purpose == purpose} == {"ban"}
