"""The policies: Cedar over the matrix. Facts in, the deciding rule out. Compiled once a process and legal regime."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import cedarpy

from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from .cells import NOBODY
from .matrix import matrix
from .situations import Facts
from .words import CLAUSE_OF_BAN

# what tells where somebody lives, goes to school, learns or is treated
TELL_WHERE = ("subject.contact", "rights.access_log", "rights.consent")
BASIS = {"law": "law", "primary-use": "primary_use", "consent": "consent"}
USES = {(category, purpose): f"{category}/{purpose}" for category, purpose in product(CATEGORIES, PURPOSES)}
SET_OF_BASIS = {"primary_use": "primary", "law": "law", "consent": "consent", "never": "never"}


@dataclass(frozen=True)
class Verdict:
    """What Cedar says: permitted or not, on which basis, by which rule (its ``@id``)."""

    permitted: bool
    basis: str
    rule: str


def policy_text() -> str:
    """All policies as they stand in ``policies/``, bans first."""
    folder = files(__package__).joinpath("policies")
    texts = sorted((part.name, part.read_text("utf-8")) for part in folder.iterdir() if part.name.endswith(".cedar"))
    return "\n".join(text for _name, text in texts)


def schema_text() -> str:
    """The schema that the policies and the matrix are checked against."""
    return files(__package__).joinpath("policies", "schema.cedarschema").read_text("utf-8")


def judge(facts: Sequence[Facts], regime: str) -> list[Verdict]:
    """One verdict for each request, under the legal regime ``public`` or ``private``. Equal facts are judged once."""
    asked = list(dict.fromkeys(facts))
    answers = cedarpy.is_authorized_batch([request(fact) for fact in asked], _policies(), _entities(regime))
    verdicts = dict(zip(asked, map(_verdict, answers), strict=True))
    return [verdicts[fact] for fact in facts]


def entities(regime: str) -> list[dict[str, Any]]:
    """The matrix as Cedar entities: each use, and each part with the uses that its cells open or close."""
    uses = [_entity("Use", use, _use(category, purpose)) for (category, purpose), use in USES.items()]
    return uses + [_entity("Part", part, _part(part, regime)) for part in matrix().parts]


def request(fact: Facts) -> dict[str, Any]:
    """The facts as a request to Cedar. Raises ``KeyError`` for a category or purpose that is not known."""
    return {
        "principal": {"type": "Part", "id": fact.part},
        "action": {"type": "Action", "id": "use"},
        "resource": {"type": "Use", "id": USES[fact.category, fact.purpose]},
        "context": _context(fact.node, fact.consented, fact.revoked, fact.protected, fact.outside),
    }


@cache
def _context(node: bool, consented: bool, revoked: bool, protected: bool, outside: bool) -> str:
    """The circumstances as Cedar reads them: 32 texts, so that none is written anew for each request."""
    return json.dumps(
        {"node": node, "consented": consented, "revoked": revoked, "protected": protected, "outside": outside}
    )


def _use(category: str, purpose: str) -> dict[str, Any]:
    return {
        "category": category,
        "purpose": purpose,
        "sensitive": CATEGORIES[category].sensitive,
        "tells_where": category in TELL_WHERE,
        "deletes": PURPOSES[purpose].on_withdrawal == "delete",
    }


def _part(part: str, regime: str) -> dict[str, Any]:
    uses: dict[str, list[Any]] = {name: [] for name in SET_OF_BASIS.values()}
    for (category, purpose), use in USES.items():
        cell = matrix().cell(part, category, purpose, regime)
        # what merely is not named is denied by default; nobody has a ban of their own, which says why
        if cell.basis != "never" or (cell.named and part != NOBODY):
            uses[SET_OF_BASIS[cell.basis]].append({"__entity": {"type": "Use", "id": use}})
    return {**uses, "confidential": matrix().parts[part].confidential}


def _entity(kind: str, key: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"uid": {"type": kind, "id": key}, "attrs": attributes, "parents": []}


def _verdict(answer: cedarpy.AuthzResult) -> Verdict:
    if answer.diagnostics.errors:
        raise RuntimeError(f"a policy failed: {answer.diagnostics.errors}")
    rules = set(answer.diagnostics.id_annotations_by_reason.values())
    if not answer.allowed:
        return Verdict(False, "ban", _first(CLAUSE_OF_BAN, rules)) if rules else Verdict(False, "none", "no-rule")
    rule = _first(BASIS, rules)
    return Verdict(True, BASIS[rule], rule)


def _first(order: Iterable[str], rules: set[str]) -> str:
    return next(rule for rule in order if rule in rules)


@cache
def _policies() -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str(policy_text())


@cache
def _entities(regime: str) -> cedarpy.Entities:
    return cedarpy.Entities.from_json_str(json.dumps(entities(regime)), schema_text())
