"""The values that a policy handles, as a solver sees them: each possible one beside the condition under which it holds.

Everything that a policy can speak of is finite (parts, categories, purposes, relations), so a value that is not fixed
is a :class:`Choice` among known ones, and a set is a :class:`Bag` of known elements. Only truth is left to Z3.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import z3

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


class Entity(NamedTuple):
    """A reference such as ``Category::"activity.health"``."""

    kind: str
    id: str


@dataclass(frozen=True)
class Choice:
    """One of several values; exactly one of the conditions holds, or none where the policy would have no value."""

    options: dict[Any, z3.BoolRef]


@dataclass(frozen=True)
class Bag:
    """A set: each possible element with the condition under which it is in it."""

    options: dict[Any, z3.BoolRef]


@dataclass(frozen=True)
class Record:
    """A record of a policy's text; its fields are values in their turn."""

    fields: dict[str, Any]


def only(value: Any) -> Choice:
    """A value that is fixed."""
    return Choice({value: TRUE})


@dataclass(frozen=True)
class Variable:
    """A value that is free among known ones: a number for Z3, one for each value."""

    name: str
    values: tuple[Any, ...]

    @property
    def place(self) -> z3.BitVecRef:
        """The number of the value."""
        return z3.BitVec(self.name, len(self.values).bit_length())

    @property
    def known(self) -> z3.BoolRef:
        """The number is one of a value."""
        return z3.ULT(self.place, len(self.values))

    def choice(self) -> Choice:
        """The variable as a value of the policies."""
        return Choice({value: self.place == number for number, value in enumerate(self.values)})

    def found(self, model: z3.ModelRef) -> Any:
        """The value that it has in an example."""
        return self.values[model.eval(self.place, model_completion=True).as_long()]


def plain(value: Any) -> Any:
    """A value of Cedar's JSON (an attribute of an entity, a literal) as it is used here.

    Raises ``NotImplementedError`` for the extension types (``decimal``, ``ip``), which no policy uses.
    """
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, list):
        return Bag({_key(each): TRUE for each in value})
    if isinstance(value, dict) and "__extn" in value:
        raise NotImplementedError(f"the proof does not know the type of {value}")
    return only(_key(value))


def _key(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "__entity" in value:
        return Entity(value["__entity"]["type"], value["__entity"]["id"])
    return frozenset((name, _key(part)) for name, part in value.items())


def any_of(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """One of them at least."""
    known = [part for part in parts if _at(part) != _FALSE]
    return TRUE if any(_at(part) == _TRUE for part in known) else _joined(z3.Z3_mk_or, known, FALSE)


def all_of(*parts: z3.BoolRef) -> z3.BoolRef:
    """All of them."""
    known = [part for part in parts if _at(part) != _TRUE]
    return FALSE if any(_at(part) == _FALSE for part in known) else _joined(z3.Z3_mk_and, known, TRUE)


def _at(part: z3.BoolRef) -> int:
    """Where Z3 keeps an expression: equal ones stand at one place."""
    return int(part.as_ast().value)


_TRUE, _FALSE = _at(TRUE), _at(FALSE)


def _joined(join: Callable[..., Any], parts: list[z3.BoolRef], empty: z3.BoolRef) -> z3.BoolRef:
    """Joined in Z3 itself: its Python wrapper compares the sorts of all parts, which took most of a proof."""
    if len(parts) < 2:
        return parts[0] if parts else empty
    places = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return z3.BoolRef(join(empty.ctx_ref(), len(parts), places), empty.ctx)


def merged(parts: list[tuple[z3.BoolRef, Any]]) -> Any:
    """The value that is the second of the pair whose condition holds."""
    if all(isinstance(value, z3.BoolRef) for _when, value in parts):
        return any_of(all_of(when, value) for when, value in parts)
    gathered: dict[Any, list[z3.BoolRef]] = {}
    for when, value in parts:
        for key, condition in value.options.items():
            gathered.setdefault(key, []).append(all_of(when, condition))
    kind = type(parts[0][1]) if parts else Choice
    return kind({key: any_of(conditions) for key, conditions in gathered.items()})


def equal(left: Any, right: Any) -> z3.BoolRef:
    """``left == right``."""
    if isinstance(left, z3.BoolRef):
        return left == right
    if isinstance(left, Record) or isinstance(right, Record):
        record, other = (left, right) if isinstance(left, Record) else (right, left)
        return _is_record(record, other)
    if isinstance(left, Bag):
        return all_of(within(left, right), within(right, left))
    return any_of(all_of(left.options[key], right.options[key]) for key in left.options.keys() & right.options.keys())


def _is_record(record: Record, other: Any) -> z3.BoolRef:
    if isinstance(other, Record):
        same = record.fields.keys() == other.fields.keys()
        return all_of(*(equal(record.fields[name], other.fields[name]) for name in record.fields)) if same else FALSE
    return any_of(all_of(when, _has_fields(record, dict(key))) for key, when in other.options.items())


def _has_fields(record: Record, fields: dict[str, Any]) -> z3.BoolRef:
    if record.fields.keys() != fields.keys():
        return FALSE
    return all_of(*(equal(value, only(fields[name])) for name, value in record.fields.items()))


def contains(bag: Bag, value: Any) -> z3.BoolRef:
    """``bag.contains(value)``."""
    return equal(value, Choice(bag.options)) if isinstance(value, Record) else _shared(bag, value)


def shares(left: Bag, right: Bag) -> z3.BoolRef:
    """``left.containsAny(right)``."""
    return _shared(left, right)


def within(left: Bag, right: Bag) -> z3.BoolRef:
    """Every element of ``left`` is in ``right``."""
    return all_of(*(z3.Implies(when, right.options.get(key, FALSE)) for key, when in left.options.items()))


def _shared(left: Bag, right: Bag | Choice) -> z3.BoolRef:
    return any_of(all_of(left.options[key], right.options[key]) for key in left.options.keys() & right.options.keys())
