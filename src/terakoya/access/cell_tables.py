"""The worked-out matrix as its pages show it: parts against categories, one part, and one cell by its purposes."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from . import words
from .cells import Part
from .matrix import Cell, matrix

# the signs of the page, strongest ground first: a sign and a word, never a colour alone
SIGNS: dict[str, tuple[str, str | Promise, str]] = {
    "primary_use": ("○", _("always"), "4"),
    "law": ("§", _("by law"), "5"),
    "consent": ("△", _("with consent"), "3"),
    "never": ("−", _("never"), ""),
}
GROUPS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "school": (_("School"), ("school",)),
    "student": (_("Learner and family"), ("student",)),
    "board": (_("Board of education and state"), ("establisher", "early_help_worker", "nation", "researcher")),
    "cram_school": (_("Cram school"), ("cram_school",)),
    "company": (
        _("Companies and other bodies"),
        ("school_affairs_provider", "material_company", "other_public_body", "outside_body"),
    ),
    "system": (_("The system"), ("operator", "nobody")),
}
SORTS: dict[str, str | Promise] = {
    "subject": _("Subject information"),
    "content": _("Content information"),
    "activity": _("Activity information"),
    "outside": _("Outside education"),
    "rights": _("Rights of the person"),
    "operation": _("Operation"),
}


@dataclass(frozen=True)
class Mark:
    """A part against a category: the strongest ground that any purpose has, as a sign, a word and a step of colour."""

    part: str
    category: str
    basis: str
    sign: str
    word: str | Promise
    step: str
    purposes: list[str]


@dataclass(frozen=True)
class Row:
    """A category with its importance class and the marks of the parts shown."""

    id: str
    name: str
    importance: str
    sensitive: bool
    marks: list[Mark]


@dataclass(frozen=True)
class Duty:
    """What one purpose of a cell says: its ground, its sentence, and what binds the user."""

    purpose: str
    sign: str
    word: str | Promise
    step: str
    sentence: str
    clause: str
    dropped: list[str]
    retention: str
    onward: bool


def worked_out(group: str, regime: str) -> dict[str, Any]:
    """The parts of a group against all categories, grouped by part of the data."""
    chosen = [part for part in matrix().parts.values() if part.stakeholder in GROUPS[group][1]]
    return {"group": group, "parts": [_named(part) for part in chosen], "sorts": _sorts(chosen, regime)}


def of_part(part: str, regime: str) -> dict[str, Any]:
    """One part against all categories. Raises ``KeyError`` for an unknown part."""
    found = matrix().parts[part]
    return {"part": _named(found), "group": group_of(found), "sorts": _sorts([found], regime)}


def of_cell(part: str, category: str, regime: str) -> dict[str, Any]:
    """One part and category, purpose by purpose: what is open with its sentence, and the names of what is not.

    Raises ``KeyError`` for an unknown part or category.
    """
    found = [matrix().cell(part, category, purpose, regime) for purpose in PURPOSES]
    known = CATEGORIES[category]
    shut = [cell for cell in found if cell.basis == "never"]
    opened = sorted((cell for cell in found if cell.basis != "never"), key=lambda cell: list(SIGNS).index(cell.basis))
    return {
        "part": _named(matrix().parts[part]),
        "category": Row(known.id, known.name(words.language()), known.importance, known.sensitive, []),
        "retention": known.kept(words.language()),
        "open": [_duty(cell) for cell in opened],
        "closed": [words.purpose_name(cell.purpose) for cell in shut if not PURPOSES[cell.purpose].banned],
        "banned": [words.purpose_name(cell.purpose) for cell in shut if PURPOSES[cell.purpose].banned],
        "closed_by": _own_reasons(shut),
    }


def group_of(part: Part) -> str:
    """The group of the page in which a part stands."""
    return next(group for group, (_name, rows) in GROUPS.items() if part.stakeholder in rows)


def _named(part: Part) -> dict[str, str]:
    return {"id": part.id, "name": part.name(words.language())}


def _sorts(parts: list[Part], regime: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "rows": [_row(key, parts, regime) for key, one in CATEGORIES.items() if one.part == sort]}
        for sort, name in SORTS.items()
    ]


def _row(category: str, parts: list[Part], regime: str) -> Row:
    known = CATEGORIES[category]
    marks = [_mark(part.id, category, regime) for part in parts]
    return Row(category, known.name(words.language()), known.importance, known.sensitive, marks)


def _mark(part: str, category: str, regime: str) -> Mark:
    grounds = {purpose: matrix().cell(part, category, purpose, regime).basis for purpose in PURPOSES}
    basis = next(basis for basis in SIGNS if basis in grounds.values())
    named = [words.purpose_name(purpose) for purpose, ground in grounds.items() if ground == basis != "never"]
    return Mark(part, category, basis, *SIGNS[basis], named)


def _duty(cell: Cell) -> Duty:
    return Duty(
        words.purpose_name(cell.purpose),
        *SIGNS[cell.basis],
        sentence=cell.sentence(words.language()),
        clause=cell.clause.say(words.language()),
        dropped=[str(words.FIELDS.get(field, field)) for field in cell.obligations.drop],
        retention=cell.obligations.kept(words.language()),
        onward=cell.obligations.onward,
    )


def _own_reasons(cells: list[Cell]) -> list[str]:
    """Why cells are closed that the matrix closes by name: one sentence for all purposes of the same clause."""
    named = [cell for cell in cells if cell.named and not PURPOSES[cell.purpose].banned]
    own = [cell.own_sentence.say(words.language()) for cell in named if cell.own_sentence]
    clauses = [cell.clause.say(words.language()) for cell in named if not cell.own_sentence]
    return list(dict.fromkeys([*own, *clauses]))
