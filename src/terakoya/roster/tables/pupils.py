"""What a list of pupils would change at a school."""

from typing import Any

from . import guardians, names, plan
from .lines import Fault, Line, Lines
from .matching import Matching
from .plan import Choices, Difference, Entry, Plan
from .school import ClassName, SchoolOn


def plan_pupils(lines: Lines, known: SchoolOn, choices: Choices) -> Plan:
    """Hold a list of pupils against a school as of a day."""
    found = Plan("pupils", faults=list(lines.faults))
    matching = Matching(known, known.pupils, lines.lines)
    for line in lines.lines:
        found.entries.append(_entry(line, known, choices, matching, found))
    found.faults += plan.twice(found.entries)
    _find_missing(found, known, choices)
    found.guardians = guardians.of_pupils(found.entries, known, choices)
    found.faults += guardians.faults(found.guardians)
    return found


def _entry(line: Line, known: SchoolOn, choices: Choices, matching: Matching, found: Plan) -> Entry:
    values = line.values
    match = matching.match(values)
    state, person = plan.decided(match, choices.decisions.get(str(line.row), ""))
    entry = Entry(line, state, names.full(values), person, match.candidates)
    if match.fault:
        found.faults.append(Fault(match.fault, line.row, found=str(values.get("person", ""))))
    if state in (plan.DOUBTFUL, plan.PASSED) or match.fault:
        return entry
    entry.place = _class_of(values, choices)
    entry.number = values.get("number")
    entry.facts = plan.person_facts(values, person)
    found.faults += plan.name_faults(values, person, line.row)
    if entry.place is None and (person is None or person.pk not in known.places):
        found.faults.append(Fault("class.missing", line.row))
    elif entry.place is not None:
        entry.facts["grade"] = entry.place[0]
        if entry.place not in known.class_named:
            found.new_classes.setdefault(entry.place, []).append(line.row)
    if person is not None:
        entry.differences = [*plan.differences(person, entry.facts), *_moves(entry, known)]
        entry.state = plan.CHANGED if entry.differences else plan.UNCHANGED
    return entry


def _class_of(values: Any, choices: Choices) -> ClassName | None:
    if "grade" in values and "section" in values:
        return values["grade"], values["section"]
    return choices.class_of_all


def _moves(entry: Entry, known: SchoolOn) -> list[Difference]:
    """What the line says of class and number that is otherwise now; who has no place here comes (back)."""
    assert entry.person is not None  # noqa: S101
    place = known.places.get(entry.person.pk)
    wanted = known.class_named.get(entry.place) if entry.place else None
    title = wanted.title if wanted else " ".join(entry.place or ())
    if place is None:
        return [Difference("place", "", title)]
    moves = []
    if entry.place and (wanted is None or wanted.pk != place.school_class_id):
        before = next(one.title for one in known.homerooms if one.pk == place.school_class_id)
        moves.append(Difference("place", before, title))
    if entry.number is not None and entry.number != place.number:
        moves.append(Difference("number", str(place.number or ""), str(entry.number)))
    return moves


def _find_missing(found: Plan, known: SchoolOn, choices: Choices) -> None:
    """Who is at the school and not in the table; they leave only where the clerk has called it complete."""
    in_it = {one.person.pk for one in found.entries if one.person}
    in_it |= {person.pk for one in found.entries if one.state == plan.DOUBTFUL for person in one.candidates}
    classes = {known.class_named[one.place].pk for one in found.entries if one.place in known.class_named}
    of_classes = [one for one in known.pupils if (row := known.places.get(one.pk)) and row.school_class_id in classes]
    whole = known.pupils if choices.extent == plan.SCHOOL else of_classes
    found.not_in_it = [one for one in whole if one.pk not in in_it]
    found.holding = len(whole)
    found.missing = [] if choices.extent == plan.SOME else found.not_in_it
