"""Decisions a second: Cedar over the matrix as data, Rego over the same data, and 1,000 explicit policies.

All three answer the same questions in the same run, one core each, nothing remembered between questions; an answer that
differs stops the run. Rates are medians of several rounds, by wall time and by CPU time of the process.
"""

import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from pathlib import Path

import cedarpy
import regopy

from terakoya.access import policy
from terakoya.access.matrix import matrix
from terakoya.access.situations import Facts
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

SEED, ROUNDS, REGIME = 20261124, 7, "public"
QUESTIONS, SLOW_QUESTIONS, EXPLICIT = 20_000, 2_000, 1_000
Answer = Callable[[Sequence[Facts]], list[bool]]

# an object of Rego is searched from its beginning: small nested ones are many times as fast as large flat ones
REGO = """
package access
import rego.v1

basis := data.cells[input.part][input.category][input.purpose]
purpose := data.purposes[input.purpose]
category := data.categories[input.category]

ban if purpose.banned
ban if input.outside
ban if { input.revoked; input.node }
ban if { input.revoked; purpose.deletes }
ban if { input.protected; category.tells_where }
ban if { category.sensitive; not data.confidential[input.part]; not input.consented }

open if { basis == "primary_use"; not input.node }
open if basis == "law"
open if { basis == "consent"; input.consented }

default permit := false
permit if { open; not ban }
"""


def run() -> None:
    """Measure and print."""
    facts = random_facts(QUESTIONS)
    print(f"{_cpu()}; {len(_cells()):,} cells, {QUESTIONS:,} different questions, {SLOW_QUESTIONS:,} to the last two\n")
    print("| engine | decisions/s | lowest to highest | decisions per CPU second |")
    print("|---|---|---|---|")
    _measure("Cedar, matrix as data", by_cedar, facts)
    _measure("Rego, matrix as data", by_rego(), facts[:SLOW_QUESTIONS])
    _measure(f"Cedar, {EXPLICIT:,} explicit policies", by_explicit_policies(), facts[:SLOW_QUESTIONS])


def random_facts(count: int) -> list[Facts]:
    """Different questions over the whole matrix; half of them about cells that open to somebody."""
    lot = random.Random(SEED)  # noqa: S311
    everything, opened = list(_cells()), [cell for cell, basis in _cells().items() if basis != "never"]
    found: dict[Facts, None] = {}
    while len(found) < count:
        cell = lot.choice(lot.choice((everything, opened)))
        found[Facts(*cell, *(lot.random() < 0.3 for _ in range(5)))] = None
    return list(found)


def by_cedar(facts: Sequence[Facts]) -> list[bool]:
    """The engine as it is in operation."""
    return [verdict.permitted for verdict in policy.judge(facts, REGIME)]


def by_rego() -> Answer:
    """The same rules in Rego, compiled once, over the same cells; those that never open are denied by being absent."""
    rego = regopy.Interpreter()
    rego.add_data(_data())
    rego.add_module("access", REGO)
    bundle = rego.build(None, ["access/permit"])

    def answer(facts: Sequence[Facts]) -> list[bool]:
        found = []
        for fact in facts:
            rego.set_input(vars(fact))
            found.append(rego.query_bundle_entrypoint(bundle, "access/permit").results[0].expressions[0])
        return found

    return answer


def by_explicit_policies() -> Answer:
    """The bans, a policy for each cell that opens, and bans of single cells that the matrix closes, to the number."""
    cells = sorted((basis == "never", part, use, basis) for (part, use), basis in _by_use().items())
    policies = cedarpy.PolicySet.from_str("\n".join([_bans(), *(_policy(*cell[1:]) for cell in cells[:EXPLICIT])]))
    entities = cedarpy.Entities.from_json_str(json.dumps(policy.entities(REGIME)))

    def answer(facts: Sequence[Facts]) -> list[bool]:
        asked = [policy.request(fact) for fact in facts]
        return [each.allowed for each in cedarpy.is_authorized_batch(asked, policies, entities)]

    return answer


def _bans() -> str:
    return Path(policy.__file__).with_name("policies").joinpath("1_bans.cedar").read_text("utf-8")


def _policy(part: str, use: str, basis: str) -> str:
    effect = "forbid" if basis == "never" else "permit"
    when = {"primary_use": "!context.node", "consent": "context.consented"}.get(basis, "true")
    return f'{effect} (principal == Part::"{part}", action, resource == Use::"{use}") when {{ {when} }};'


def _measure(name: str, answer: Answer, facts: Sequence[Facts]) -> None:
    if answer(facts) != by_cedar(facts):
        raise AssertionError(f"{name} answers otherwise")
    wall, busy = [], []
    for _ in range(ROUNDS):
        begun, cpu = time.perf_counter(), time.process_time()
        answer(facts)
        wall.append(len(facts) / (time.perf_counter() - begun))
        busy.append(len(facts) / (time.process_time() - cpu))
    middle = statistics.median
    print(f"| {name} | {middle(wall):,.0f} | {min(wall):,.0f} to {max(wall):,.0f} | {middle(busy):,.0f} |")


@cache
def _cells() -> dict[tuple[str, str, str], str]:
    keys = product(matrix().parts, CATEGORIES, PURPOSES)
    return {key: matrix().cell(*key, REGIME).basis for key in keys}


def _by_use() -> dict[tuple[str, str], str]:
    return {(part, f"{category}/{purpose}"): basis for (part, category, purpose), basis in _cells().items()}


def _data() -> dict[str, object]:
    cells: dict[str, dict[str, dict[str, str]]] = {part: {} for part in matrix().parts}
    for (part, category, purpose), basis in _cells().items():
        if basis != "never":
            cells[part].setdefault(category, {})[purpose] = basis
    return {
        "cells": cells,
        "categories": {
            each.id: {"sensitive": each.sensitive, "tells_where": each.id in policy.TELL_WHERE}
            for each in CATEGORIES.values()
        },
        "purposes": {
            each.id: {"banned": each.banned, "deletes": each.on_withdrawal == "delete"} for each in PURPOSES.values()
        },
        "confidential": {part.id: part.confidential for part in matrix().parts.values()},
    }


def _use(fact: Facts) -> str:
    return f"{fact.category}/{fact.purpose}"


def _cpu() -> str:
    """The model of the processor (Linux)."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown processor"
    )
