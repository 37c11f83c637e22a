"""What a package cannot carry in its profile: told before it is written."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db.models import Count

from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import PROFILES

from .package import rows_of
from .people_rows import PARTS
from .scope import Scope

LEFT_OUT, BECOMES, UNCARRIED, REPLACED, MISSING = "left_out", "becomes", "uncarried", "replaced", "missing"
EVERYTHING = "base-1.2"  # its vocabularies are open
EXAMPLES = 3
LOOKED_THROUGH = ("academicSessions", "orgs", "courses", "classes", "users")


@dataclass(frozen=True)
class Loss:
    """One thing that is not as the roster has it.

    kind: ``left_out`` rows whose value the profile has not; ``becomes`` another value; ``uncarried`` characters stay
        although the profile has them not; ``replaced`` official names by those that are used, for the same reason;
        ``missing`` cells that the profile asks for
    """

    kind: str
    file: str
    column: str
    count: int
    value: str = ""
    other: str = ""
    examples: tuple[str, ...] = ()


def losses(scope: Scope) -> list[Loss]:
    """All that a package will not say as the roster has it, in the order of the files."""
    found = [*_of_values(scope), *_of_characters(scope), *_of_empty_cells(scope)]
    return sorted(found, key=lambda one: oneroster.MANIFEST_ORDER.index(one.file))


def _of_values(scope: Scope) -> Iterator[Loss]:
    every = replace(scope, profile=PROFILES[EVERYTHING])
    looked_at: tuple[tuple[str, str, str, Any, str], ...] = (
        ("orgs", "type", "orgType", every.organisations_named(), "kind"),
        ("academicSessions", "type", "sessionType", every.sessions(), "kind"),
        ("classes", "classType", "classType", every.classes(), "kind"),
        ("classes", "grades", "grade", every.classes(), "grades"),
        ("courses", "grades", "grade", every.courses(), "grades"),
        ("users", "grades", "grade", every.people(), "grade"),
        ("roles", "role", "role", every.roles().filter(organisation__in=every.inside), "name"),
        ("enrollments", "role", "enrolmentRole", every.enrolments_of_any_role(), "role"),
    )
    for file, column, vocabulary, rows, field in looked_at:
        counts = rows.order_by().values_list(field).annotate(Count("pk")).order_by(field)
        for values, count in counts:
            for value in filter(None, values.split(",")):
                other = scope.profile.carried(vocabulary, value)
                if other != value:
                    yield Loss(BECOMES if other else LEFT_OUT, file, column, count, value, other or "")


def _of_characters(scope: Scope) -> Iterator[Loss]:
    """Names with characters that the profile has not."""
    if scope.profile.characters == "UTF-8":
        return
    replaced, uncarried = list[str](), list[str]()
    names = tuple(f"{kind}_{part}" for kind in ("official", "display") for part in PARTS)
    for row in scope.people().order_by("sourced_id").values_list(*names).iterator(chunk_size=5_000):
        official, used = row[:3], row[3:]
        bad = [part for part, name in enumerate(official) if not scope.profile.can_carry(name)]
        if any(used[part] and scope.profile.can_carry(used[part]) for part in bad):
            replaced.append(" ".join(filter(None, (official[1], official[0]))))
        if not all(scope.profile.can_carry(name) for name in used) or any(not used[part] for part in bad):
            uncarried.append(" ".join(filter(None, (used[1] or official[1], used[0] or official[0]))))
    for kind, found in ((REPLACED, replaced), (UNCARRIED, uncarried)):
        if found:
            column = "familyName" if kind == REPLACED else "preferredFamilyName"
            yield Loss(kind, "users", column, len(found), examples=tuple(found[:EXAMPLES]))


def _of_empty_cells(scope: Scope) -> Iterator[Loss]:
    """Cells that have to be filled in and are not."""
    for file in LOOKED_THROUGH:
        headings = scope.profile.headings[file]
        needed = [place for place, one in enumerate(headings) if scope.profile.must_be_filled(file, one)]
        empty: dict[int, list[str]] = {}
        for row in rows_of(scope, file):
            for place in needed:
                if row[place] in ("", None):
                    empty.setdefault(place, []).append(str(row[0]))
        for place, keys in empty.items():
            yield Loss(MISSING, file, headings[place].name, len(keys), examples=tuple(islice(keys, EXAMPLES)))
