"""What the rules promise, each with the case that would break it. A promise is proved when there is no such case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import z3

from .questions import Questions, Rules
from .words import WORDS

BASIS, CLAUSE, CIRCLED = 0, 1, 4
# who may ever see a child-protection case: the worker with the case, and the head who must notify
CHILD_PROTECTION = ("early_help_worker.case_worker", "school.head")
NEVER_ANYTHING = ("nation", "researcher", "nobody")
CLOSING = ("revoked", "protected", "outside")
TELL_WHERE = ("subject.contact", "rights.access_log", "rights.consent")


@dataclass(frozen=True)
class Case:
    """The space of questions with the answer of one version of the rules."""

    asked: Questions
    rules: Rules
    permitted: z3.BoolRef

    def __getattr__(self, name: str) -> z3.BoolRef:
        """A circumstance by its name: ``case.consented``."""
        try:
            return self.asked.holds[name]
        except KeyError as unknown:
            raise AttributeError(name) from unknown

    def when(self, **circumstances: bool) -> z3.BoolRef:
        """When a use is permitted if these circumstances are as given, whatever they are in the question."""
        given = [(self.asked.holds[name], z3.BoolVal(holds)) for name, holds in circumstances.items()]
        return z3.substitute(self.permitted, *given)

    def cell(self, chosen: Callable[[list[Any]], bool]) -> z3.BoolRef:
        """One of the cells chosen by what stands in them."""
        return self.asked.cell(self.rules, chosen)

    def basis(self, name: str) -> z3.BoolRef:
        """A cell of this basis."""
        return self.cell(lambda row: row[BASIS] == name)

    def opens(self) -> z3.BoolRef:
        """A cell of any basis but never; asked in this way round because these are few."""
        return self.cell(lambda row: row[BASIS] != "never")

    def purpose(self, group: str) -> z3.BoolRef:
        """A purpose of a group: ``banned`` or ``deleting``."""
        return self.asked.uses(lambda _category, purpose: purpose in self.rules.snapshot[group])

    def category(self, *names: str) -> z3.BoolRef:
        """One of these categories."""
        return self.asked.uses(lambda category, _purpose: category in names)


@dataclass(frozen=True)
class Promise:
    """A sentence (``promise.<id>`` of ``words.toml``), and when it would be broken.

    opens: the promise is that something opens, so that what breaks it is something closed
    """

    id: str
    broken: Callable[[Case], z3.BoolRef]
    opens: bool = False

    def say(self, language: str) -> str:
        """The sentence in ``ja`` or ``en``."""
        return WORDS["promise"][self.id][language]


PROMISES = (
    Promise(
        "consent_only_with_consent",
        lambda case: z3.And(case.permitted, case.basis("consent"), z3.Not(case.consented)),
    ),
    Promise(
        "never_stays_closed",
        lambda case: z3.And(case.permitted, z3.Not(case.opens())),
    ),
    Promise(
        "no_screening",
        lambda case: z3.And(case.permitted, case.purpose("banned")),
    ),
    Promise(
        "withdrawal_closes",
        lambda case: z3.And(case.permitted, case.revoked, z3.Or(case.node, case.purpose("deleting"))),
    ),
    Promise(
        "hidden_address",
        lambda case: z3.And(case.permitted, case.protected, case.category(*TELL_WHERE)),
    ),
    Promise(
        "own_organisation",
        lambda case: z3.And(case.permitted, case.outside),
    ),
    Promise(
        "without_a_tie",
        lambda case: z3.And(case.permitted, case.asked.parts(NEVER_ANYTHING)),
    ),
    Promise(
        "sensitive_only_in_confidence",
        lambda case: z3.And(
            case.permitted,
            z3.Not(case.consented),
            case.category(*case.rules.snapshot["sensitive"]),
            z3.Not(case.asked.parts(case.rules.snapshot["confidential"])),
        ),
    ),
    Promise(
        "child_protection",
        lambda case: z3.And(
            case.permitted,
            case.category("outside.child_protection"),
            z3.Not(case.asked.parts(CHILD_PROTECTION)),
        ),
    ),
    Promise(
        "circles_of_the_roadmap",
        lambda case: z3.And(
            case.permitted,
            z3.Not(case.consented),
            z3.Not(case.basis("law")),
            z3.Not(case.cell(lambda row: row[CIRCLED])),
        ),
    ),
    Promise(
        "no_primary_use_elsewhere",
        lambda case: z3.And(case.permitted, case.node, case.basis("primary_use")),
    ),
    Promise(
        "a_clause_for_each",
        lambda case: z3.And(case.permitted, case.cell(lambda row: not row[CLAUSE])),
    ),
    Promise(
        "bans_open_nothing",
        lambda case: z3.And(
            case.permitted,
            z3.Or(*(z3.And(case.asked.holds[name], z3.Not(case.when(**{name: False}))) for name in CLOSING)),
        ),
    ),
    Promise(
        "consent_closes_nothing",
        lambda case: z3.And(case.consented, z3.Not(case.permitted), case.when(consented=False)),
        opens=True,
    ),
    Promise(
        "no_dead_cells",
        lambda case: z3.And(
            z3.Not(case.permitted),
            case.opens(),
            case.consented,
            *(z3.Not(flag) for name, flag in case.asked.holds.items() if name != "consented"),
        ),
        opens=True,
    ),
)
