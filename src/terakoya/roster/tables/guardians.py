"""What a list of guardians, or the guardians in a list of pupils, would change."""

from dataclasses import dataclass
from typing import Any

from terakoya.roster.models import Person

from . import names, plan
from .lines import Fault, Line, Lines
from .matching import Match, Matching
from .plan import Choices, Difference, Entry, Plan
from .repairs import squeezed
from .school import SchoolOn, forms_of

OF_A_GUARDIAN = ("phone", "email", "address")


@dataclass
class GuardianEntry(Entry):
    """A guardian in a line. ``child``: known, or else the new pupil of the same line.

    same_as: the row of an earlier line that has the same new guardian for another child
    alike: the row of an earlier line whose new guardian has the same name, of which somebody has to say whether it is
    """

    child: Person | None = None
    relation: str = ""
    same_as: int | None = None
    alike: int | None = None
    of_child: str = ""

    @property
    def asked(self) -> str:
        return f"g{self.line.row}"


def plan_guardians(lines: Lines, known: SchoolOn, choices: Choices) -> Plan:
    """Hold a list of guardians against the pupils of a school and their guardians."""
    found = Plan("guardians", faults=list(lines.faults))
    matching = Matching(known, known.pupils)
    for line in lines.lines:
        match = matching.match(line.values, "child_")
        if match.person is None or match.person.pk not in known.roles:
            code = "child.doubtful" if match.candidates else "child.unknown"
            found.faults.append(Fault(code, line.row, found=names.full(line.values, "child_")))
            continue
        found.guardians.append(_entry(line, match.person, known, choices, own_line=True))
    _find_siblings(found.guardians, choices)
    found.faults += faults(found.guardians)
    return found


def of_pupils(entries: list[Entry], known: SchoolOn, choices: Choices) -> list[GuardianEntry]:
    """The guardians that a list of pupils names beside them."""
    chosen = [one for one in entries if "guardian_name" in one.line.values]
    chosen = [one for one in chosen if one.state not in (plan.DOUBTFUL, plan.PASSED)]
    found = [_entry(one.line, one.person, known, choices, own_line=False) for one in chosen]
    _find_siblings(found, choices)
    return found


def faults(entries: list[GuardianEntry]) -> list[Fault]:
    """The faults of new guardians' names."""
    new = [one for one in entries if one.state == plan.NEW]
    return [fault for one in new for fault in plan.name_faults(one.line.values, None, one.line.row, "guardian_")]


def _entry(line: Line, child: Person | None, known: SchoolOn, choices: Choices, *, own_line: bool) -> GuardianEntry:
    """own_line: telephone, mail and address of the line are the guardian's; else they are the pupil's."""
    values = line.values
    match = _match(values, child, known, own_line=own_line)
    state, person = plan.decided(match, choices.decisions.get(f"g{line.row}", ""))
    entry = GuardianEntry(line, state, names.full(values, "guardian_"), person, match.candidates, child=child)
    entry.relation = values.get("relation", "")
    entry.of_child = child.name if child else names.full(values)
    said = {name: values[name] for name in OF_A_GUARDIAN if own_line and name in values}
    entry.facts = names.facts_of(values, person, "guardian_") | said
    if person is not None:
        mine = known.guardians.get(child.pk, []) if child else []
        entry.differences = plan.differences(person, entry.facts)
        if person not in mine:
            entry.differences.append(Difference("child", "", entry.of_child))
        entry.state = plan.CHANGED if entry.differences else plan.UNCHANGED
    return entry


def _match(values: Any, child: Person | None, known: SchoolOn, *, own_line: bool) -> Match:
    name = squeezed(names.full(values, "guardian_"))
    mine = [one for one in (known.guardians.get(child.pk, []) if child else []) if name in forms_of(one)]
    if len(mine) == 1:
        return Match(mine[0])
    phone = values.get("phone", "")
    others = {one.pk: one for guardians in known.guardians.values() for one in guardians}
    alike = tuple(
        one for one in others.values() if name in forms_of(one) and phone and _digits(one.phone) == _digits(phone)
    )
    return Match(candidates=alike)


def _find_siblings(entries: list[GuardianEntry], choices: Choices) -> None:
    """New guardians of one name: one person, if telephone number or address are the same too; else it is asked."""
    first: dict[tuple[str, str], GuardianEntry] = {}
    for one in (entry for entry in entries if entry.state == plan.NEW):
        values, name = one.line.values, squeezed(one.name)
        said = [_digits(values.get("phone", "")), values.get("address", "")]
        ways = [(name, word) for word in said if word]
        earlier = next((first[way] for way in ways if way in first), None)
        if earlier is None and (other := first.get((name, ""))) is not None:
            choice = choices.decisions.get(one.asked, "")
            one.alike = other.line.row
            earlier = other if choice == f"row:{other.line.row}" else None
            if choice == "pass":
                one.state = plan.PASSED
            elif earlier is None and choice != plan.NEW:
                one.state = plan.DOUBTFUL
        if earlier is not None:
            one.same_as = earlier.line.row
        for way in [*ways, (name, "")]:
            first.setdefault(way, earlier or one)


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit())
