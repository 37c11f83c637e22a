"""The promises put to Z3."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import z3

from .promises import PROMISES, Case, Promise
from .questions import Example, Questions, Rules
from .snapshot import REGIMES


@dataclass(frozen=True)
class Result:
    """What became of a promise: the number of cells it was proved for, in seconds, or an example that breaks it."""

    promise: Promise
    cells: int
    seconds: float
    example: Example | None = None
    regime: str = ""


def prove(snapshot: dict[str, Any], promises: Sequence[Promise] = PROMISES) -> list[Result]:
    """Each promise, for all cells under each legal regime.

    Raises ``NotImplementedError`` where a policy says something that cannot be proved here.
    """
    cases = []
    for regime in REGIMES:
        rules = Rules(snapshot, regime)
        asked = Questions(rules)
        cases.append(Case(asked, rules, asked.permitted(rules)))
    return [_proved(promise, cases) for promise in promises]


def _proved(promise: Promise, cases: list[Case]) -> Result:
    began, cells = time.perf_counter(), sum(len(case.asked) for case in cases)
    for case in cases:
        example = counterexample(case.asked, promise.broken(case))
        if example:
            return Result(promise, cells, time.perf_counter() - began, example, case.rules.regime)
    return Result(promise, cells, time.perf_counter() - began)


def counterexample(asked: Questions, *broken: z3.BoolRef) -> Example | None:
    """A question for which it is true; None when there is none.

    Raises ``ArithmeticError`` when the solver gives up: then nothing is proved.
    """
    solver = z3.SolverFor("QF_BV")
    solver.add(asked.known, *broken)
    answer = solver.check()
    if answer == z3.unknown:
        raise ArithmeticError(f"the solver gave up: {solver.reason_unknown()}")
    return asked.example(solver.model()) if answer == z3.sat else None
