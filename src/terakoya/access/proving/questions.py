"""All questions of use at once: any part, any category, any purpose, in any circumstances."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import z3

from .cedar import Entities, Meaning, formulas, permitted
from .values import Entity, Record, Variable, all_of, any_of, only

# as in policies/schema.cedarschema; a circumstance that a policy reads and that is not here stops the proof
CIRCUMSTANCES = ("node", "consented", "revoked", "protected", "outside")


@dataclass(frozen=True)
class Rules:
    """What one version of the rules says under one legal regime."""

    snapshot: dict[str, Any]
    regime: str

    @cached_property
    def cells(self) -> dict[tuple[str, str, str], list[Any]]:
        """Basis, clause, dropped fields, whether it may be passed on, and whether under a circle, of every cell."""
        return {(row[0], row[1], row[2]): row[3:] for row in self.snapshot["cells"][self.regime]}


@dataclass(frozen=True)
class Example:
    """One case that the solver found: a cell and the circumstances that hold."""

    part: str
    category: str
    purpose: str
    circumstances: tuple[str, ...]


class Questions:
    """The space of questions about one or more versions of the rules."""

    def __init__(self, *versions: Rules) -> None:
        cells = {key: None for rules in versions for key in rules.cells}
        self.part = Variable("part", tuple(dict.fromkeys(part for part, _category, _purpose in cells)))
        self.use = Variable("use", tuple(dict.fromkeys(key[1:] for key in cells)))
        self.holds = {name: z3.Bool(name) for name in CIRCUMSTANCES}
        self.known = z3.And(self.part.known, self.use.known)
        self._part = {entity.id: when for entity, when in self._principal().options.items()}
        self._use = self.use.choice().options

    def _principal(self) -> Any:
        return Variable("part", tuple(Entity("Part", part) for part in self.part.values)).choice()

    def policies(self, rules: Rules) -> dict[str, tuple[bool, z3.BoolRef]]:
        """When each policy applies, by its ``@id``; the first of the pair says whether it permits."""
        uses = Variable("use", tuple(Entity("Use", "/".join(use)) for use in self.use.values))
        env = {
            "principal": self._principal(),
            "action": only(Entity("Action", "use")),
            "resource": uses.choice(),
            "context": Record(dict(self.holds)),
        }
        return formulas(rules.snapshot["policies"], Meaning(Entities(rules.snapshot["entities"][rules.regime])), env)

    def permitted(self, rules: Rules) -> z3.BoolRef:
        """When a use is permitted."""
        return permitted(self.policies(rules))

    def cell(self, rules: Rules, chosen: Callable[[list[Any]], bool]) -> z3.BoolRef:
        """The question is about one of the cells for which ``chosen`` is true of what ``Rules.cells`` holds."""
        by_part: dict[str, list[z3.BoolRef]] = defaultdict(list)
        for (part, *use), row in rules.cells.items():
            if chosen(row):
                by_part[part].append(self._use[tuple(use)])
        return any_of(all_of(self._part[part], any_of(uses)) for part, uses in by_part.items())

    def parts(self, names: Iterable[str]) -> z3.BoolRef:
        """The question is about one of these parts."""
        return any_of(self._part[name] for name in names if name in self._part)

    def uses(self, chosen: Callable[[str, str], bool]) -> z3.BoolRef:
        """The question is about a category and purpose for which ``chosen`` is true."""
        return any_of(when for use, when in self._use.items() if chosen(*use))

    def example(self, model: z3.ModelRef) -> Example:
        """What the solver found, as names."""
        category, purpose = self.use.found(model)
        holds = tuple(name for name, flag in self.holds.items() if z3.is_true(model.eval(flag)))
        return Example(self.part.found(model), category, purpose, holds)

    def __len__(self) -> int:
        return len(self.part.values) * len(self.use.values)
