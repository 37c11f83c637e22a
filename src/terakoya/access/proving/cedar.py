"""Cedar's meaning for a solver: from the policies' own syntax tree to one formula a policy.

Nothing is transcribed by hand: what Cedar reads is what is proved. A construct that is not known here is refused with
its name, so that a policy can never be proved by half. Policies are checked against the schema in strict mode, which is
why no attribute can be missing where it is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from operator import ge, gt, le, lt
from typing import Any

import z3

from .values import (
    FALSE,
    TRUE,
    Bag,
    Choice,
    Entity,
    Record,
    all_of,
    any_of,
    contains,
    equal,
    merged,
    only,
    plain,
    shares,
    within,
)

Env = dict[str, Any]


@dataclass(frozen=True)
class Entities:
    """The entities of a matrix by their references."""

    rows: list[dict[str, Any]]

    @cached_property
    def attributes(self) -> dict[Entity, dict[str, Any]]:
        """The attributes of each entity, as values."""
        return {
            Entity(row["uid"]["type"], row["uid"]["id"]): {key: plain(value) for key, value in row["attrs"].items()}
            for row in self.rows
        }

    @cached_property
    def above(self) -> dict[Entity, set[Entity]]:
        """Each entity with itself and all that it stands under."""
        parents = {
            Entity(row["uid"]["type"], row["uid"]["id"]): {Entity(up["type"], up["id"]) for up in row["parents"]}
            for row in self.rows
        }
        return {entity: _climb(entity, parents) for entity in parents}

    def get(self, value: Any, name: str) -> Any:
        """``value.name``. Raises ``NotImplementedError`` for a circumstance that is not known here."""
        if isinstance(value, Record):
            if name not in value.fields:
                raise NotImplementedError(f"the proof does not know “{name}”")
            return value.fields[name]
        return merged([(when, self._part(key, name)) for key, when in value.options.items() if self._has(key, name)])

    def has(self, value: Any, name: str) -> z3.BoolRef:
        """``value has name``."""
        if isinstance(value, Record):
            return TRUE if name in value.fields else FALSE
        return any_of(when for key, when in value.options.items() if self._has(key, name))

    def inside(self, value: Choice, others: Choice | Bag) -> z3.BoolRef:
        """``value in others``."""
        return any_of(
            all_of(when, others.options[up])
            for key, when in value.options.items()
            for up in self.above.get(key, {key}) & others.options.keys()
        )

    def _has(self, key: Any, name: str) -> bool:
        return name in (self.attributes.get(key, {}) if isinstance(key, Entity) else dict(key))

    def _part(self, key: Any, name: str) -> Any:
        return self.attributes[key][name] if isinstance(key, Entity) else only(dict(key)[name])


def _climb(entity: Entity, parents: dict[Entity, set[Entity]]) -> set[Entity]:
    found, waiting = set(), [entity]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(parents.get(each, ()))
    return found


@dataclass(frozen=True)
class Meaning:
    """The meaning of expressions and policies over one set of entities."""

    entities: Entities

    def policy(self, tree: dict[str, Any], env: Env) -> z3.BoolRef:
        """When a policy applies: its scope and all its conditions."""
        scope = [self._scope(env[name], tree[name]) for name in ("principal", "action", "resource")]
        clauses = [self._clause(each, env) for each in tree["conditions"]]
        return all_of(*scope, *clauses)

    def _clause(self, clause: dict[str, Any], env: Env) -> z3.BoolRef:
        body = self.value(clause["body"], env)
        return body if clause["kind"] == "when" else z3.Not(body)

    def _scope(self, value: Choice, scope: dict[str, Any]) -> z3.BoolRef:
        if scope["op"] == "All":
            return TRUE
        named = scope.get("entities") or [scope[key] for key in ("entity",) if key in scope]
        allowed = Choice({Entity(each["type"], each["id"]): TRUE for each in named})
        if scope["op"] == "==":
            return equal(value, allowed)
        if scope["op"] == "in":
            return self.entities.inside(value, allowed)
        raise NotImplementedError(f"the proof does not know the scope {scope}")

    def value(self, tree: dict[str, Any], env: Env) -> Any:
        """The value of an expression. Raises ``NotImplementedError`` for an operator that is not known here."""
        [(operator, parts)] = tree.items()
        if operator in _LEAVES:
            return _LEAVES[operator](self, parts, env)
        if operator not in _OPERATORS:
            raise NotImplementedError(f"the proof does not know the operator {operator}")
        names = [name for name in ("left", "right", "arg") if name in parts]
        return _OPERATORS[operator](self.entities, *(self.value(parts[name], env) for name in names))

    def _attribute(self, parts: dict[str, Any], env: Env) -> Any:
        return self.entities.get(self.value(parts["left"], env), parts["attr"])

    def _presence(self, parts: dict[str, Any], env: Env) -> z3.BoolRef:
        return self.entities.has(self.value(parts["left"], env), parts["attr"])

    def _set(self, parts: list[dict[str, Any]], env: Env) -> Bag:
        return Bag(merged([(TRUE, self.value(part, env)) for part in parts]).options if parts else {})

    def _record(self, parts: dict[str, Any], env: Env) -> Record:
        return Record({name: self.value(part, env) for name, part in parts.items()})

    def _branch(self, parts: dict[str, Any], env: Env) -> Any:
        when = self.value(parts["if"], env)
        return merged([(when, self.value(parts["then"], env)), (z3.Not(when), self.value(parts["else"], env))])


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[..., z3.BoolRef]:
    def formula(_entities: Entities, left: Choice, right: Choice) -> z3.BoolRef:
        pairs = ((a, b) for a in left.options for b in right.options if compare(a, b))
        return any_of(all_of(left.options[a], right.options[b]) for a, b in pairs)

    return formula


_LEAVES: dict[str, Callable[[Meaning, Any, Env], Any]] = {
    "Var": lambda _meaning, name, env: env[name],
    "Value": lambda _meaning, literal, _env: plain(literal),
    "Set": Meaning._set,
    "Record": Meaning._record,
    ".": Meaning._attribute,
    "has": Meaning._presence,
    "if-then-else": Meaning._branch,
}
_OPERATORS: dict[str, Callable[..., Any]] = {
    "&&": lambda _entities, left, right: all_of(left, right),
    "||": lambda _entities, left, right: any_of((left, right)),
    "!": lambda _entities, arg: z3.Not(arg),
    "==": lambda _entities, left, right: equal(left, right),
    "!=": lambda _entities, left, right: z3.Not(equal(left, right)),
    "in": Entities.inside,
    "contains": lambda _entities, left, right: contains(left, right),
    "containsAny": lambda _entities, left, right: shares(left, right),
    "containsAll": lambda _entities, left, right: within(right, left),
    "isEmpty": lambda _entities, arg: z3.Not(any_of(arg.options.values())),
    "<": _compared(lt),
    "<=": _compared(le),
    ">": _compared(gt),
    ">=": _compared(ge),
}


def formulas(policies: dict[str, Any], meaning: Meaning, env: Env) -> dict[str, tuple[bool, z3.BoolRef]]:
    """Each policy by its ``@id``: whether it permits, and when it applies."""
    found: dict[str, tuple[bool, z3.BoolRef]] = {}
    for tree in policies["staticPolicies"].values():
        found[tree["annotations"]["id"]] = (tree["effect"] == "permit", meaning.policy(tree, env))
    return found


def permitted(rules: dict[str, tuple[bool, z3.BoolRef]]) -> z3.BoolRef:
    """Cedar's way: a permit applies and no forbid does."""
    bans = any_of(when for permits, when in rules.values() if not permits)
    return all_of(any_of(when for permits, when in rules.values() if permits), z3.Not(bans))
