"""A small roster: one school with a teacher, a guardian and a child; and actors of every sort."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from terakoya.access.api import Actor, Terms, Ties
from terakoya.identity.api import node_uri
from terakoya.kit import clock

CRAM_SCHOOL = "http://juku.example"
STORE = "http://pds.example"


@dataclass
class Family:
    """A child, its guardian, and someone else's guardian."""

    child: UUID
    guardian: Actor
    stranger: Actor
    themselves: Actor


@pytest.fixture
def family(relations: dict[tuple[UUID | None, UUID], str]) -> Family:
    child, guardian, stranger = uuid4(), uuid4(), uuid4()
    relations[(guardian, child)] = "guardian"
    return Family(
        child,
        Actor("student", "guardian", "田中 一", "家庭", person=guardian),
        Actor("student", "guardian", "鈴木 二", "家庭", person=stranger),
        Actor("student", "student", "田中 三", "家庭", person=child),
    )


@pytest.fixture
def relations() -> dict[tuple[UUID | None, UUID], str]:
    """A registered family book: (who, about whom) -> relation."""
    from terakoya.access import relations as room

    book: dict[tuple[UUID | None, UUID], str] = {}
    before = list(room._finders)
    room.register_relations(lambda actor, on: () if actor.node else _written(book, actor))
    yield book
    room._finders[:] = before


def _written(book: dict[tuple[UUID | None, UUID], str], actor: Actor) -> list[Ties]:
    return [Ties(kind, frozenset({subject})) for (who, subject), kind in book.items() if who == actor.person]


@pytest.fixture
def terms(family: Family) -> Terms:
    return terms_for(family.child)


def terms_for(child: UUID, recipient: str = CRAM_SCHOOL, **changes: object) -> Terms:
    """Terms as a family shares mathematics of two terms with a cram school."""
    today = clock.today()
    usual = {
        "subject": child,
        "recipient": recipient,
        "recipient_name": "さくら塾",
        "holder": node_uri(),
        "holder_name": "まなびPDS",
        "categories": ("activity.learning_school",),
        "purpose": "tutoring",
        "valid_until": today + timedelta(days=90),
        "dataset": "learning-records",
        "scope": {"subjects": ["P030"], "from": date(2026, 4, 1), "to": today},
    }
    return Terms(**{**usual, **changes})  # type: ignore[arg-type]
