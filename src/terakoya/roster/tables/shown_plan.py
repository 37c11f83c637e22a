"""A plan as a page shows it: numbers, repairs by kind, doubtful lines with their candidates, who is missing."""

from collections import Counter, defaultdict
from typing import Any

from django.utils.translation import gettext as _

from terakoya.roster.models import Person

from . import plan, words
from .classes import title_of
from .drafts import Draft
from .guardians import GuardianEntry
from .plan import Entry
from .school import SchoolOn

MOST_SHOWN = 100
STATES = (plan.NEW, plan.CHANGED, plan.UNCHANGED)


def of(draft: Draft) -> dict[str, Any]:
    """The values of the preview's template."""
    found, known = draft.plan, draft.school
    everybody = [*found.entries, *found.guardians]
    return {
        "counts": _counts(draft),
        "repairs": _repairs(draft),
        "doubtful": [_doubtful(one, known) for one in everybody if one.state == plan.DOUBTFUL][:MOST_SHOWN],
        "decided": [_doubtful(one, known) for one in everybody if _was_asked(one)],
        "new": [_new(one, known) for one in everybody if one.state == plan.NEW][:MOST_SHOWN],
        "changed": [_changed(one) for one in everybody if one.state == plan.CHANGED][:MOST_SHOWN],
        "not_in_it": [_known(one, known) for one in found.not_in_it][:MOST_SHOWN],
        "new_classes": [
            {"title": title_of(*name), "rows": ", ".join(map(str, rows[:10])), "count": len(rows)}
            for name, rows in found.new_classes.items()
        ],
        "most": MOST_SHOWN,
    }


def _counts(draft: Draft) -> list[dict[str, Any]]:
    found = draft.plan
    groups = [(draft.entry.kind, found.entries)] if found.entries else []
    groups += [("guardians", found.guardians)] if found.guardians else []
    return [
        {"name": words.kind_name(name), "numbers": [sum(one.state == state for one in group) for state in STATES]}
        for name, group in groups
    ]


def _repairs(draft: Draft) -> list[dict[str, Any]]:
    """Every repair once for each pair of before and after, by kind, with how many cells have it."""
    by_kind: dict[str, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    for one in draft.lines.mended:
        by_kind[one.repair.name][one.field, one.repair.before, one.repair.after] += 1
    return [
        {
            "name": words.repair_name(name),
            "count": sum(pairs.values()),
            "pairs": [
                {"field": words.field_name(field), "before": before, "after": after, "count": count}
                for (field, before, after), count in pairs.most_common(MOST_SHOWN)
            ],
            "untold": max(0, len(pairs) - MOST_SHOWN),
        }
        for name, pairs in by_kind.items()
    ]


def _was_asked(entry: Entry) -> bool:
    is_alike = isinstance(entry, GuardianEntry) and entry.alike is not None
    return (bool(entry.candidates) or is_alike) and entry.state != plan.DOUBTFUL


def _doubtful(entry: Entry, known: SchoolOn) -> dict[str, Any]:
    alike = entry.alike if isinstance(entry, GuardianEntry) else None
    chosen = "pass" if entry.state == plan.PASSED else str(entry.person.pk) if entry.person else ""
    if not chosen and entry.state == plan.NEW:
        chosen = f"row:{entry.same_as}" if isinstance(entry, GuardianEntry) and entry.same_as else "new"
    options = [
        {"value": str(one.pk), "label": _("the same as %(who)s") % {"who": told(one, known)}}
        for one in entry.candidates
    ]
    if alike is not None:
        options.append({"value": f"row:{alike}", "label": _("the same as in row %(row)s") % {"row": alike}})
    options += [{"value": "new", "label": _("somebody new")}, {"value": "pass", "label": _("leave this row out")}]
    return {"row": entry.line.row, "asked": entry.asked, "said": _said(entry), "options": options, "chosen": chosen}


def _said(entry: Entry) -> str:
    """A line as a clerk finds it again: whose guardian, or class, number and birth date."""
    if isinstance(entry, GuardianEntry):
        return " · ".join([entry.name, _("guardian of %(child)s") % {"child": entry.of_child}])
    values = entry.line.values
    where = title_of(values["grade"], values["section"]) if {"grade", "section"} <= set(values) else ""
    return " · ".join(
        filter(None, [entry.name, where, *(str(values.get(one, "")) for one in ("number", "birth_date"))])
    )


def told(person: Person, known: SchoolOn) -> str:
    """Somebody as a clerk tells them from others: name, class and number, birth date."""
    place = known.places.get(person.pk)
    where = next((one.title for one in known.homerooms if place and one.pk == place.school_class_id), "")
    number = str(place.number) if place and place.number else ""
    born = person.birth_date.isoformat() if person.birth_date else ""
    outside = "" if person.pk in known.roles else _("not at this school now")
    return " · ".join(filter(None, [person.official_name, where, number, born, outside]))


def _new(entry: Entry, known: SchoolOn) -> dict[str, Any]:
    where = title_of(*entry.place) if entry.place else entry.role and words.role_name(entry.role)
    if isinstance(entry, GuardianEntry):
        where = _("guardian of %(child)s") % {"child": entry.of_child}
    return {"row": entry.line.row, "name": entry.name, "where": where or "", "number": entry.number or ""}


def _changed(entry: Entry) -> dict[str, Any]:
    differences = [
        {"field": words.field_name(one.field), "before": one.before, "after": one.after} for one in entry.differences
    ]
    return {"row": entry.line.row, "name": entry.name, "differences": differences}


def _known(person: Person, known: SchoolOn) -> str:
    return told(person, known)
