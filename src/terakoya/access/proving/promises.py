"""What the rules promise, each with the case that would break it. A promise is proved when there is no such case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import z3

from .questions import Questions, Rules

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
    """A sentence, and when it would be broken.

    opens: the promise is that something opens, so that what breaks it is something closed
    """

    ja: str
    en: str
    broken: Callable[[Case], z3.BoolRef]
    opens: bool = False


PROMISES = (
    Promise(
        "同意の欄は、有効な同意がなければ、だれにも、どんな事情でも開かない",
        "a cell marked consent never opens without a living consent",
        lambda case: z3.And(case.permitted, case.basis("consent"), z3.Not(case.consented)),
    ),
    Promise(
        "「できません」の欄は、同意や法令があっても開かない",
        "a cell marked never stays closed, whatever is agreed and whatever a law says elsewhere",
        lambda case: z3.And(case.permitted, z3.Not(case.opens())),
    ),
    Promise(
        "選別と心の内の可視化は、だれの同意があってもできない",
        "screening and making inner life visible are never permitted",
        lambda case: z3.And(case.permitted, case.purpose("banned")),
    ),
    Promise(
        "撤回のあとは、ほかの組織にも、消すと約束した目的にも開かない",
        "after a withdrawal no other organisation, and no purpose that deletes, has the data",
        lambda case: z3.And(case.permitted, case.revoked, z3.Or(case.node, case.purpose("deleting"))),
    ),
    Promise(
        "住所を秘匿された相手には、居場所の分かるものは何も見えない",
        "whoever an address is hidden from sees nothing that tells where the person is",
        lambda case: z3.And(case.permitted, case.protected, case.category(*TELL_WHERE)),
    ),
    Promise(
        "ほかの組織の人のことは、だれも見られない",
        "nobody sees a person of another organisation",
        lambda case: z3.And(case.permitted, case.outside),
    ),
    Promise(
        "その日につながりのない人、国、研究者は、個人情報を見られない",
        "without a tie on the day, as the nation or as a researcher nobody sees personal data",
        lambda case: z3.And(case.permitted, case.asked.parts(NEVER_ANYTHING)),
    ),
    Promise(
        "要配慮個人情報は、守秘義務のない人には同意なしに開かない",
        "sensitive information opens without consent only to those bound to secrecy",
        lambda case: z3.And(
            case.permitted,
            z3.Not(case.consented),
            case.category(*case.rules.snapshot["sensitive"]),
            z3.Not(case.asked.parts(case.rules.snapshot["confidential"])),
        ),
    ),
    Promise(
        "児童虐待の情報は、担当者と通告する校長のほかには開かない",
        "child-protection cases open only to the worker with the case and the head who notifies",
        lambda case: z3.And(
            case.permitted,
            case.category("outside.child_protection"),
            z3.Not(case.asked.parts(CHILD_PROTECTION)),
        ),
    ),
    Promise(
        "同意も法令もなければ、ロードマップ表1の○の外は開かない",
        "without a consent and without a law nothing opens outside the circles of the roadmap's table 1",
        lambda case: z3.And(
            case.permitted,
            z3.Not(case.consented),
            z3.Not(case.basis("law")),
            z3.Not(case.cell(lambda row: row[CIRCLED])),
        ),
    ),
    Promise(
        "ほかのノードは、一次利用の欄を使えない",
        "another node never has the primary use of a cell",
        lambda case: z3.And(case.permitted, case.node, case.basis("primary_use")),
    ),
    Promise(
        "開く欄には、その規律での根拠条文が必ずある",
        "whatever opens has a clause under the legal regime",
        lambda case: z3.And(case.permitted, case.cell(lambda row: not row[CLAUSE])),
    ),
    Promise(
        "撤回、住所の秘匿、ほかの組織という事情は、何も開かない",
        "a withdrawal, a hidden address or another organisation opens nothing that was closed",
        lambda case: z3.And(
            case.permitted,
            z3.Or(*(z3.And(case.asked.holds[name], z3.Not(case.when(**{name: False}))) for name in CLOSING)),
        ),
    ),
    Promise(
        "同意は、何も閉ざさない",
        "a consent takes nothing away",
        lambda case: z3.And(case.consented, z3.Not(case.permitted), case.when(consented=False)),
        opens=True,
    ),
    Promise(
        "ほかの欄は、つながりと同意があり、禁止がなければ必ず開く（空文の欄がない）",
        "every other cell does open to whoever is tied and agreed with, where no ban stands against it",
        lambda case: z3.And(
            z3.Not(case.permitted),
            case.opens(),
            case.consented,
            *(z3.Not(flag) for name, flag in case.asked.holds.items() if name != "consented"),
        ),
        opens=True,
    ),
)
