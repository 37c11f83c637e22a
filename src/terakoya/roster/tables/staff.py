"""What a list of staff would change at a school."""

from . import names, plan
from .lines import Fault, Line, Lines
from .matching import Matching
from .plan import Choices, Difference, Entry, Plan
from .school import FAMILY, SchoolOn


def plan_staff(lines: Lines, known: SchoolOn, choices: Choices) -> Plan:
    """Hold a list of staff against a school as of a day."""
    found = Plan("staff", faults=list(lines.faults))
    matching = Matching(known, known.staff, lines.lines)
    for line in lines.lines:
        found.entries.append(_entry(line, known, choices, matching, found))
    found.faults += plan.twice(found.entries)
    in_it = {one.person.pk for one in found.entries if one.person}
    in_it |= {person.pk for one in found.entries if one.state == plan.DOUBTFUL for person in one.candidates}
    found.not_in_it = [one for one in known.staff if one.pk not in in_it]
    found.holding = len(known.staff)
    found.missing = found.not_in_it if choices.extent == plan.SCHOOL else []
    return found


def _entry(line: Line, known: SchoolOn, choices: Choices, matching: Matching, found: Plan) -> Entry:
    values = line.values
    match = matching.match({name: value for name, value in values.items() if name not in ("grade", "section")})
    state, person = plan.decided(match, choices.decisions.get(str(line.row), ""))
    entry = Entry(line, state, names.full(values), person, match.candidates, role=values.get("role", ""))
    if match.fault:
        found.faults.append(Fault(match.fault, line.row, found=str(values.get("person", ""))))
    if state in (plan.DOUBTFUL, plan.PASSED) or match.fault:
        return entry
    entry.facts = plan.person_facts(values, person)
    found.faults += plan.name_faults(values, person, line.row)
    if "grade" in values and "section" in values:
        entry.place = values["grade"], values["section"]
        if entry.place not in known.class_named:
            found.faults.append(Fault("class.unknown", line.row, found=" ".join(entry.place)))
    if person is None:
        if not entry.role:
            found.faults.append(Fault("role.missing", line.row))
    else:
        entry.differences = [*plan.differences(person, entry.facts), *_roles(entry, known)]
        entry.state = plan.CHANGED if entry.differences else plan.UNCHANGED
    return entry


def _roles(entry: Entry, known: SchoolOn) -> list[Difference]:
    """A role that the person does not have at the school, and a class that the person does not have."""
    assert entry.person is not None  # noqa: S101
    now = [role.name for role in known.roles.get(entry.person.pk, []) if role.name not in ("student", *FAMILY)]
    wanted = [Difference("role", ", ".join(now), entry.role)] if entry.role and entry.role not in now else []
    klass = known.class_named.get(entry.place) if entry.place else None
    if klass is not None and klass.pk not in known.taught.get(entry.person.pk, {}):
        wanted.append(Difference("place", "", klass.title))
    return wanted
