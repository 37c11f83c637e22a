"""A node with a small roster and systems that read it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from terakoya.oneroster import counting, noting, systems, tokens
from terakoya.oneroster import readers as reading
from terakoya.oneroster.models import System
from terakoya.oneroster.rostering import documents, people, references
from terakoya.oneroster.scopes import SCOPES
from terakoya.roster.api import tombstones
from tests.access.school import School, make_school

BASE = "/ims/oneroster/rostering/v1p2"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """What is kept for as long as nothing changes is kept beyond a test, whose changes are taken back unseen."""
    yield
    references.names.cache_clear()
    people.any_row.cache_clear()
    people._protected.cache_clear()
    documents._moments.clear()
    counting._known.clear()
    reading._whole.clear()
    noting._well.clear()
    for known in (tombstones.parts_of, tombstones.rows_of, tombstones.names_of):
        known.cache_clear()
    tombstones._classes_of.cache_clear()
    tombstones._people_of.cache_clear()


@pytest.fixture
def school(db: None, node_kind: Callable[[str], Any]) -> School:
    node_kind("city")
    return make_school(pupils=5)


@dataclass
class Caller:
    """A system with a token; ``get`` asks below the rostering service."""

    client: Client
    system: System
    token: str

    def get(self, path: str, **query: Any) -> HttpResponse:
        place = path if path.startswith(("/", "http")) else f"{BASE}/{path}"
        return self.client.get(place, query or None, headers={"Authorization": f"Bearer {self.token}"})

    def page(self, path: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        (found,) = answer.json().values()
        return found

    def ids(self, path: str, **query: Any) -> list[str]:
        return [one["sourcedId"] for one in self.page(path, **query)]


Make = Callable[..., Caller]


@pytest.fixture
def caller(client: Client, school: School) -> Make:
    """A function that registers a system and gives it a token."""

    def make(scopes: list[str] | None = None, stakeholder: str = "school_affairs_provider", **more: Any) -> Caller:
        system, _secret = systems.register(
            "名簿の取り込み",
            organisation="校務システム社",
            stakeholder=stakeholder,
            ground="業務委託契約",
            scopes=scopes or list(SCOPES),
            by="clerk",
            **more,
        )
        return Caller(client, system, tokens.issue(system, list(system.scopes)))

    return make
