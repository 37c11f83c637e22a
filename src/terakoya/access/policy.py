"""The policies: Cedar over the matrix. Facts in, the deciding rule out. Compiled once a process and legal regime."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import cedarpy

from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from .matrix import Stakeholder, matrix

BASIS = {"law": "law", "primary-use": "primary_use", "consent": "consent"}


@dataclass(frozen=True)
class Facts:
    """All that a decision rests on; the words are those of ``policies/schema.cedarschema``."""

    stakeholder: str
    category: str
    purpose: str
    relation: str = ""
    node: bool = False
    consented: bool = False
    revoked: bool = False
    protected: bool = False
    outside: bool = False


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
    """One verdict for each request, under the legal regime ``public`` or ``private``."""
    answers = cedarpy.is_authorized_batch([_request(fact) for fact in facts], _policies(), _entities(regime))
    return [_verdict(answer) for answer in answers]


def entities(regime: str) -> list[dict]:
    """The matrix as Cedar entities."""
    rows = [
        _entity("Purpose", key, {"by_consent": p.by_consent, "deletes": p.on_withdrawal == "delete"})
        for key, p in PURPOSES.items()
    ]
    rows += [_entity("Category", key, {"information": c.information}) for key, c in CATEGORIES.items()]
    rows += [_entity("Stakeholder", key, _attributes(row, regime)) for key, row in matrix().stakeholders.items()]
    return rows


def _attributes(row: Stakeholder, regime: str) -> dict:
    return {
        "primary": list(row.primary),
        "purposes": [_reference("Purpose", purpose) for purpose in row.purposes],
        "relations": list(row.relations),
        "law": [
            {
                "category": _reference("Category", category),
                "purpose": _reference("Purpose", purpose),
                "relation": relation,
            }
            for law in matrix().laws_in(regime)
            if law.stakeholder == row.id
            for category in law.categories
            for purpose in law.purposes
            for relation in law.relations
        ],
    }


def _entity(kind: str, key: str, attributes: dict) -> dict:
    return {"uid": {"type": kind, "id": key}, "attrs": attributes, "parents": []}


def _reference(kind: str, key: str) -> dict:
    return {"__entity": {"type": kind, "id": key}}


def _request(fact: Facts) -> dict:
    return {
        "principal": {"type": "Stakeholder", "id": fact.stakeholder},
        "action": {"type": "Action", "id": "use"},
        "resource": {"type": "Category", "id": fact.category},
        "context": {
            "purpose": _reference("Purpose", fact.purpose),
            "relation": fact.relation,
            "node": fact.node,
            "consented": fact.consented,
            "revoked": fact.revoked,
            "protected": fact.protected,
            "outside": fact.outside,
        },
    }


def _verdict(answer: cedarpy.AuthzResult) -> Verdict:
    if answer.diagnostics.errors:
        raise RuntimeError(f"a policy failed: {answer.diagnostics.errors}")
    rules = sorted(answer.diagnostics.id_annotations_by_reason.values())
    if not answer.allowed:
        return Verdict(False, "ban", rules[0]) if rules else Verdict(False, "none", "no-rule")
    rule = next(rule for rule in BASIS if rule in rules)
    return Verdict(True, BASIS[rule], rule)


@cache
def _policies() -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str(policy_text())


@cache
def _entities(regime: str) -> cedarpy.Entities:
    return cedarpy.Entities.from_json_str(json.dumps(entities(regime)), schema_text())
