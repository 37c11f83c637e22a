"""What a change of the rules makes wider or narrower, found by Z3 over the policies and cells of both versions."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import z3

from .questions import CIRCUMSTANCES, Example, Questions, Rules
from .sentences import sentence
from .snapshot import REGIMES

DROP, ONWARD = 2, 3


@dataclass(frozen=True)
class Change:
    """One sentence's worth of a change: the same for all of ``parts``, ``categories`` and ``regimes``.

    kind: "wider" | "narrower" for what opens or closes; "shown" | "hidden" for fields of what is open before and after;
    "onward" | "kept" for whether it may be passed on
    """

    kind: str
    example: Example
    parts: tuple[str, ...]
    categories: tuple[str, ...]
    regimes: tuple[str, ...]
    fields: tuple[str, ...] = ()

    @property
    def widens(self) -> bool:
        return self.kind in ("wider", "shown", "onward")

    def say(self, names: dict[str, Any], language: str) -> str:
        """The change in words; ``language`` is ja or en."""
        rest = {"parts": self.parts, "categories": self.categories, "regimes": self.regimes, "fields": self.fields}
        return sentence(self.kind, self.example, names, language, **rest)


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """All that differs in what is permitted between two snapshots, what widens first. Empty when nothing does."""
    cells: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for regime in REGIMES:
        old, new = Rules(before, regime), Rules(after, regime)
        for kind, example, fields in chain(_opened(old, new), _duties(old, new)):
            how = (kind, example.purpose, example.circumstances, fields)
            cells[*how, example.part, example.category].append(regime)
    return sorted(_gathered(cells), key=lambda change: not change.widens)


def _gathered(cells: dict[tuple[Any, ...], list[str]]) -> Iterator[Change]:
    """Cells of which the same is true, in one sentence: first all categories of a part, then all parts with these."""
    categories_of: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for (*how, part, category), regimes in cells.items():
        categories_of[*how, tuple(regimes), part].append(category)
    parts_of: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for (*how, part), categories in categories_of.items():
        parts_of[*how, tuple(sorted(categories))].append(part)
    for (kind, purpose, circumstances, fields, regimes, categories), parts in parts_of.items():
        example = Example(min(parts), categories[0], purpose, circumstances)
        yield Change(kind, example, tuple(sorted(parts)), categories, regimes, fields)


def _opened(old: Rules, new: Rules) -> Iterator[tuple[str, Example, tuple[str, ...]]]:
    asked = Questions(old, new)
    was, now = asked.permitted(old), asked.permitted(new)
    for kind, differs in (("wider", z3.And(now, z3.Not(was))), ("narrower", z3.And(was, z3.Not(now)))):
        for example in _each(asked, differs):
            yield kind, example, ()


def _each(asked: Questions, differs: z3.BoolRef) -> Iterator[Example]:
    """Each cell that differs, once, with the fewest circumstances under which it does."""
    solver = z3.SolverFor("QF_BV")
    solver.add(asked.known, differs)
    if solver.check() == z3.unsat:
        return
    subsets = chain.from_iterable(combinations(CIRCUMSTANCES, size) for size in range(len(CIRCUMSTANCES) + 1))
    for subset in subsets:
        exactly = [flag if name in subset else z3.Not(flag) for name, flag in asked.holds.items()]
        while solver.check(*exactly) == z3.sat:
            model = solver.model()
            yield asked.example(model)
            here = [variable.place == model.eval(variable.place, True) for variable in (asked.part, asked.use)]
            solver.add(z3.Not(z3.And(here)))


def _duties(old: Rules, new: Rules) -> Iterator[tuple[str, Example, tuple[str, ...]]]:
    """Fields and passing-on of the cells that are open in both versions."""
    for key in old.cells.keys() & new.cells.keys():
        was, now = old.cells[key], new.cells[key]
        if "never" in (was[0], now[0]):
            continue
        example = Example(*key, ("consented",) if now[0] == "consent" else ())
        if shown := tuple(sorted(set(was[DROP]) - set(now[DROP]))):
            yield "shown", example, shown
        if hidden := tuple(sorted(set(now[DROP]) - set(was[DROP]))):
            yield "hidden", example, hidden
        if was[ONWARD] != now[ONWARD]:
            yield ("onward" if now[ONWARD] else "kept"), example, ()
