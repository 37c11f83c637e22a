"""Writes of the gradebook service. What is written about somebody is decided and logged in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from terakoya.access import api as access
from terakoya.gradebook import api as gradebook
from terakoya.gradebook import errors as of_gradebook
from terakoya.gradebook.api import Line
from terakoya.gradebook.errors import Fault
from terakoya.oneroster.answers import json_answer
from terakoya.oneroster.errors import Refused, forbidden, invalid, unknown
from terakoya.oneroster.readers import Reader
from terakoya.oneroster.serving import Answer
from terakoya.roster import api as roster

from . import bodies, lists
from .lists import MARKS

WRITTEN, DELETED = "marks_written", "marks_deleted"
MOST_TOLD = 20


def put(kind: str) -> Answer:
    """What answers PUT: the object is there as the body says, new or not (201)."""

    def answer(request: HttpRequest, reader: Reader, key: str) -> HttpResponse:
        line = bodies.object_of(request, kind)
        if line.key != key:
            raise invalid(f"sourcedId is {line.key[:255]!r}, but the address speaks of {key[:255]!r}.")
        with transaction.atomic():
            _hold_own(kind, reader, key)
            students = _students(kind, reader, [line])
            try:
                gradebook.put(kind, line, source=reader.system.client_id, schools=reader.schools)
            except of_gradebook.InUse as fault:
                raise _in_use(fault) from None
            except of_gradebook.Refused as refusal:
                raise _refused(kind, refusal.faults) from None
            _log(reader, WRITTEN, students)
        return _empty(201)

    return answer


def delete(kind: str) -> Answer:
    """What answers DELETE: the object is gone (204); others that rest on it keep it."""

    def answer(request: HttpRequest, reader: Reader, key: str) -> HttpResponse:
        with transaction.atomic():
            row = lists.rows(kind, reader).filter(sourced_id=key, is_gone=False).first()
            if row is None:
                raise unknown(kind, key)
            students = _permitted(reader, [row.student]) if hasattr(row, "student") else {}
            try:
                gradebook.delete(kind, key, source=reader.system.client_id)
            except of_gradebook.InUse as fault:
                raise _in_use(fault) from None
            except of_gradebook.Unknown:
                raise unknown(kind, key) from None
            _log(reader, DELETED, students)
        return _empty(204)

    return answer


def post(
    kind: str, request: HttpRequest, reader: Reader, named: Mapping[str, str], held: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Answer POST: the objects of the body are here under ids of this node (201, pairs of ids).

    named: by field what each must refer to, where it says so itself; held: by path what each must be when it is there
    """
    lines = [_at(kind, line, named) for line in bodies.list_of(request, kind)]
    with transaction.atomic():
        students = _students(kind, reader, lines)
        try:
            source = reader.system.client_id
            pairs = gradebook.post(kind, lines, source=source, schools=reader.schools, held=held)
        except of_gradebook.Refused as refusal:
            raise _refused(kind, refusal.faults) from None
        _log(reader, WRITTEN, students)
    named_pairs = [{"suppliedSourcedId": theirs, "allocatedSourcedId": ours} for theirs, ours in pairs]
    return json_answer({"sourcedIdPairs": named_pairs}, 201)


def _at(kind: str, line: Line, named: Mapping[str, str]) -> Line:
    """A line with the place of the address; one that names another is refused."""
    for name, key in named.items():
        found = line.references.get(name, "")
        if found and found != key:
            raise _refused(kind, [Fault("place", line.key, name, found, {"expected": key})])
    return replace(line, references={**line.references, **named})


def _hold_own(kind: str, reader: Reader, key: str) -> None:
    """Nobody overwrites what belongs to schools that they may not see."""
    its_own = lists.rows(kind, reader).filter(sourced_id=key).exists()
    if not its_own and gradebook.rows_of(kind).filter(sourced_id=key).exists():
        raise forbidden(f"The sourcedId {key!r} belongs to something of another school.")


def _students(kind: str, reader: Reader, lines: Sequence[Line]) -> dict[UUID, access.Decision]:
    """The decisions about those whom lines are about; whom the system must not know of is unknown to it."""
    if "student" not in gradebook.KINDS[kind].references:
        return {}
    keys: dict[str, Any] = dict(roster.keys_of("user", [line.references["student"] for line in lines]))
    decided = access.may_each(reader.actor, MARKS, reader.system.purpose, keys.values())
    hidden = [
        Fault("reference", line.key, "student", line.references["student"], {"kind": "user"})
        for line in lines
        if (found := keys.get(line.references["student"])) and not decided[found].permitted
    ]
    if hidden:
        raise _refused(kind, hidden)
    return decided


def _permitted(reader: Reader, students: Sequence[UUID]) -> dict[UUID, access.Decision]:
    decided = access.may_each(reader.actor, MARKS, reader.system.purpose, students)
    for decision in decided.values():
        if not decision.permitted:
            raise decision.refusal()
    return decided


def _log(reader: Reader, what: str, students: Mapping[UUID, access.Decision]) -> None:
    if students:
        decision = next(iter(students.values()))
        purpose = reader.system.purpose
        access.record_access(reader.actor, decision, students, MARKS, purpose, what, count=len(students))


def _refused(kind: str, faults: Sequence[Fault]) -> Refused:
    """Why nothing was written, with the names that the document uses."""
    names = bodies.names(kind)
    told = [replace(fault, field=names.get(fault.field, fault.field)) for fault in faults[:MOST_TOLD]]
    more = [f"({len(faults) - MOST_TOLD} more)"] if len(faults) > MOST_TOLD else []
    return invalid(" ".join([*(fault.sentence() for fault in told), *more]))


def _in_use(fault: of_gradebook.InUse) -> Refused:
    said = f"The {fault.kind} '{fault.key}' rests on it; delete that first."
    return Refused(422, "deletefailure", said)


def _empty(status: int) -> HttpResponse:
    answer = HttpResponse(status=status)
    del answer["Content-Type"]
    return answer
