"""In whichever order the same deltas come, the same holds afterwards.

``docs/decisions/0029-the-newest-word-of-each-row.md`` says under which conditions.
"""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from terakoya.roster.errors import PackageRefused
from terakoya.roster.models import Applied, Enrolment, Period, Role
from terakoya.roster.undoing import _said_by, kept_tables

from .conftest import DAY
from .test_delta import Delta

pytestmark = pytest.mark.usefixtures("imported")
SINCE_WHEN = ("begins", "stated_begins")  # of what was learned later, the day on which it was
GONE = 4  # the last moment of some rows
NEW = "00000000-0000-4000-8000-00000000beef"


class Cast(NamedTuple):
    """Rows of the town: two pupils of one school, each with enrolment and role, and two classes of it."""

    staying: Enrolment
    leaving: Enrolment
    role: Role
    others: tuple[str, ...]  # further enrolments and roles of the one who leaves
    classes: tuple[str, str]
    session: str


@pytest.fixture
def cast() -> Cast:
    rows = Enrolment.objects.filter(role="student").select_related("person", "school_class__school")
    staying, leaving = next(
        (one, other)
        for one in rows.order_by("sourced_id")
        for other in rows.order_by("sourced_id")
        if one.school_class.school_id == other.school_class.school_id and one.school_class_id != other.school_class_id
    )
    more = Enrolment.objects.filter(person=leaving.person).exclude(pk=leaving.pk)
    return Cast(
        staying,
        leaving,
        Role.objects.get(person=leaving.person),
        tuple(more.values_list("sourced_id", flat=True)),
        (staying.school_class.sourced_id, leaving.school_class.sourced_id),
        staying.school_class.terms.get().sourced_id,
    )


def tell(delta: Delta, cast: Cast, who: str, moment: int) -> None:
    """What a row says as of a moment: always the same."""
    at = f"2026-11-2{moment % GONE}T00:00:00.000Z" if moment != GONE else "2026-11-24T00:00:00.000Z"
    staying, leaving = cast.staying, cast.leaving
    seat = {"metadata.jp.shussekiNo": str(60 + moment), "classSourcedId": cast.classes[moment % 2]}
    match who, moment:
        case "user", _:
            delta.add("users", staying.person.sourced_id, at, email=f"{moment}@example.jp", familyName=f"姓{moment}")
        case "seat", 3:
            delta.take_away("enrollments", staying.sourced_id, at)
        case "seat", _:
            delta.add("enrollments", staying.sourced_id, at, **seat)
        case "class", _:
            delta.add("classes", cast.classes[0], at, title=f"{moment}組")
        case "session", _:
            delta.add("academicSessions", cast.session, at, endDate=f"2027-03-2{moment}")
        case "leaver", 4:
            delta.take_away("users", leaving.person.sourced_id, at)
            delta.take_away("roles", cast.role.sourced_id, at)
            for key in (leaving.sourced_id, *cast.others):
                delta.take_away("enrollments", key, at)
        case "leaver", 2:
            delta.add("enrollments", leaving.sourced_id, at, **seat)
        case "leaver", 3:
            delta.add("roles", cast.role.sourced_id, at, endDate="2027-01-31")
        case "leaver", _:
            delta.add("users", leaving.person.sourced_id, at, email=f"{moment}@example.jp")
        case "comer", 4:
            for file in ("users", "roles", "enrollments"):
                delta.take_away(file, f"new-{file}", at)
        case "comer", 3:
            comer(delta, cast, "enrollments", at, **seat)
        case _:
            comer(delta, cast, "users", at, email=f"{moment}@example.jp")
            comer(delta, cast, "roles", at)
            comer(delta, cast, "enrollments", at, **seat)


def comer(delta: Delta, cast: Cast, file: str, at: str, **cells: str) -> None:
    """A row about somebody who is not in the town yet, after the model of the one who leaves."""
    of = {
        "users": cast.leaving.person.sourced_id,
        "roles": cast.role.sourced_id,
        "enrollments": cast.leaving.sourced_id,
    }
    own = {"username": "new", "userMasterIdentifier": NEW} if file == "users" else {"userSourcedId": "new-users"}
    delta.add(file, of[file], at, **own | {"sourcedId": f"new-{file}"} | cells)


WHO = ("user", "seat", "class", "session", "leaver", "comer")
DELTAS = st.lists(
    st.dictionaries(st.sampled_from(WHO), st.integers(1, GONE), min_size=1, max_size=3), min_size=2, max_size=3
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(deltas=DELTAS, data=st.data())
def test_two_orders_of_the_same_deltas_end_in_the_same(
    package_path: Path, cast: Cast, deltas: list[dict[str, int]], data: st.DataObject
) -> None:
    other = data.draw(st.permutations(deltas))
    one, two = (outcome(package_path, cast, order) for order in (deltas, other))
    assume(one is not None and two is not None)
    assert one == two


def outcome(package_path: Path, cast: Cast, order: list[dict[str, int]]) -> dict[str, list[str]] | None:
    """What holds after deltas were taken over; None where one was refused, as it named what is not there yet."""
    with transaction.atomic():
        try:
            for told in order:
                delta = Delta(package_path)
                for who, moment in told.items():
                    tell(delta, cast, who, moment)
                delta.take(confirm_removals=True)
            return holding()
        except PackageRefused as refusal:
            assert {one.code for one in refusal.report.errors} == {"reference.missing"}, refusal.report
            return None
        finally:
            transaction.set_rollback(True)


def holding() -> dict[str, list[str]]:
    """By table, all that holds on the day: the moments of the deltas too."""
    found = {}
    for model in kept_tables():
        manager: Any = model._default_manager
        rows = manager.on(DAY).filter(closed_by=None) if issubclass(model, Period) else manager.all()
        rows = rows.filter(ended=None) if hasattr(model, "ended") else rows
        says = [name for name in _said_by(model) if name not in SINCE_WHEN]
        found[model.__name__] = sorted(map(str, rows.values_list(*says)))
    return found


def test_a_newer_row_of_the_same_delta_is_what_the_property_is_about(package_path: Path, cast: Cast) -> None:
    first, second = {"seat": 1, "user": 2}, {"seat": 2, "user": 1}
    kept = outcome(package_path, cast, [first, second])
    assert kept is not None and any(", 62, " in row for row in kept["Enrolment"])
    assert any("2@example.jp" in row for row in kept["Person"]) and not Applied.objects.exists()
