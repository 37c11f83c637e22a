"""The promises are proved, and what breaks one of them is found."""

import json
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import cedarpy
import pytest
import z3

from terakoya.access import policy
from terakoya.access.matrix import matrix
from terakoya.access.proving import versions
from terakoya.access.proving.__main__ import main
from terakoya.access.proving.promises import PROMISES
from terakoya.access.proving.proofs import counterexample, prove
from terakoya.access.proving.questions import CIRCUMSTANCES, Questions, Rules
from terakoya.access.proving.sentences import sentence
from terakoya.access.proving.snapshot import REGIMES, taken
from terakoya.access.situations import Facts
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

SEED = 20261124
NEVER = "principal.never.contains(resource)"
OFFICE = '{effect} (principal == Part::"school.office", action, resource) when {{ {when} }};'
OPEN_TO = 'permit (principal == Part::"{part}", action, resource) when {{ resource.category == "{category}" }};'


@cache
def rules() -> dict[str, Any]:
    return taken()


def with_policies(*replacements: tuple[str, str], more: str = "") -> dict[str, Any]:
    """The rules with policies in which each text is replaced, and one more policy."""
    text = policy.policy_text()
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    text += f'\n@id("fault") {more}' if more else ""
    return {**rules(), "policies": json.loads(cedarpy.policies_to_json_str(text))}


def without_a_clause() -> dict[str, Any]:
    rows = [[*row[:4], "", *row[5:]] if row[3] == "law" else row for row in rules()["cells"]["public"]]
    return {**rules(), "cells": {**rules()["cells"], "public": rows}}


FAULTS = (
    lambda: with_policies(("context.consented && principal.consent", "principal.consent")),
    lambda: with_policies(
        (
            f"forbid (principal, action, resource)\nwhen {{ {NEVER}",
            f"permit (principal, action, resource)\nwhen {{ {NEVER}",
        )
    ),
    lambda: with_policies(
        (
            'forbid (principal, action, resource)\nwhen { resource.purpose == "inner',
            'permit (principal, action, resource)\nwhen { resource.purpose == "inner',
        )
    ),
    lambda: with_policies(("context.revoked && (context.node || resource.deletes)", "context.revoked && context.node")),
    lambda: with_policies(("context.protected && resource.tells_where", "context.protected && context.node")),
    lambda: with_policies(("when { context.outside }", "when { context.outside && !context.consented }")),
    lambda: with_policies(
        (NEVER, f'{NEVER} && principal != Part::"nation"'),
        more=OPEN_TO.format(part="nation", category="subject.identity"),
    ),
    lambda: with_policies(
        ("resource.sensitive && ", "resource.sensitive && context.node && "),
        more=OPEN_TO.format(part="school.subject_teacher", category="activity.health"),
    ),
    lambda: with_policies(
        (NEVER, f'{NEVER} && principal != Part::"school.nurse"'),
        more=OPEN_TO.format(part="school.nurse", category="outside.child_protection"),
    ),
    lambda: with_policies(more=OPEN_TO.format(part="school.homeroom_teacher", category="activity.learning_private")),
    lambda: with_policies(("!context.node && principal.primary", "principal.primary")),
    without_a_clause,
    lambda: with_policies(more=OFFICE.format(effect="permit", when="context.protected")),
    lambda: with_policies(more=OFFICE.format(effect="forbid", when="context.consented")),
    lambda: with_policies(
        ("when { principal.law.contains(resource) }", "when { principal.law.contains(resource) && context.node }")
    ),
)


def test_every_promise_is_proved() -> None:
    assert [result.promise.id for result in prove(rules()) if result.example] == []


@pytest.mark.parametrize("number", range(len(PROMISES)))
def test_a_fault_breaks_its_promise_with_an_example(number: int) -> None:
    [result] = prove(FAULTS[number](), [PROMISES[number]])
    assert result.example is not None


def test_the_example_of_a_broken_promise_is_a_sentence() -> None:
    fault = with_policies(more=OPEN_TO.format(part="school.homeroom_teacher", category="activity.learning_private"))
    [result] = prove(fault, [PROMISES[9]])
    assert result.example
    said = sentence("broken", result.example, fault, "en", regimes=[result.regime])
    assert said.startswith("Homeroom teacher may see “learning records from cram school and home” for: ")
    assert "without consent" in said


@pytest.mark.parametrize("regime", REGIMES)
def test_the_formulas_say_what_cedar_says(regime: str) -> None:
    lot = random.Random(SEED)
    facts = [
        Facts(
            *(lot.choice(list(known)) for known in (matrix().parts, CATEGORIES, PURPOSES)),
            **{name: lot.random() < 0.4 for name in CIRCUMSTANCES},
        )
        for _ in range(1000)
    ]
    # and cells that are open to somebody, which are few among all
    opened = [row for row in rules()["cells"][regime] if row[3] != "never"]
    facts += [
        Facts(*lot.choice(opened)[:3], **{name: lot.random() < 0.4 for name in CIRCUMSTANCES}) for _ in range(1000)
    ]
    verdicts = policy.judge(facts, regime)
    assert 150 < sum(verdict.permitted for verdict in verdicts) < 1000
    asked = Questions(Rules(rules(), regime))
    permitted = asked.permitted(Rules(rules(), regime))
    differs = [
        z3.And(point(asked, fact), permitted != verdict.permitted)
        for fact, verdict in zip(facts, verdicts, strict=True)
    ]
    assert counterexample(asked, z3.Or(differs)) is None


def point(asked: Questions, fact: Facts) -> z3.BoolRef:
    """The question is exactly this one."""
    places = (
        asked.part.place == asked.part.values.index(fact.part),
        asked.use.place == asked.use.values.index((fact.category, fact.purpose)),
    )
    return z3.And(*places, *(flag == getattr(fact, name) for name, flag in asked.holds.items()))


def test_nothing_in_operation_imports_the_prover() -> None:
    imports = re.compile(r"^\s*(import|from)\s.*\b(z3|proving)\b", re.MULTILINE)
    users = {path.parent.name for path in versions.PACKAGE.rglob("*.py") if imports.search(path.read_text("utf-8"))}
    assert users == {"proving"}


def test_rules_that_break_a_promise_end_in_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (versions.PACKAGE / "access" / "policies" / "4_consent.cedar").read_text("utf-8")
    (tmp_path / "4_consent.cedar").write_text(text.replace("context.consented && ", ""), "utf-8")
    assert main(["--rules", str(tmp_path)]) == 1
    shown = capsys.readouterr().out
    assert "BROKEN  同意の欄は" in shown and "のために見られます（同意なし" in shown
