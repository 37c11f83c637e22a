"""A town whose fifth-grade class is marked by a registered system."""

import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from terakoya.oneroster import systems, tokens
from terakoya.oneroster.gradebook import http as gradebook_http
from terakoya.oneroster.resources import http as resources_http
from terakoya.oneroster.scopes import SCOPES
from tests.gradebook.conftest import Book, book, imported, in_november, package_path, town

__all__ = ["book", "imported", "in_november", "package_path", "town"]
BASE = "/ims/oneroster/gradebook/v1p2"


@pytest.fixture(autouse=True)
def city(settings: Settings, node_kind: Callable[[str], Any]) -> Iterator[None]:
    """A city node with the routes of the two services."""
    node_kind("city")
    module = types.ModuleType("urls_of_services")
    module.urlpatterns = [*gradebook_http.routes, *resources_http.routes]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    clear_url_caches()
    yield
    clear_url_caches()


class Caller:
    """A system that calls the service."""

    def __init__(self, scopes: list[str], schools: Any = ()) -> None:
        self.system, _ = systems.register(
            "marks",
            organisation="a maker",
            stakeholder="school_affairs_provider",
            ground="contract 1",
            scopes=scopes,
            schools=schools,
            by="clerk",
        )
        self.client = Client(headers={"authorization": f"Bearer {tokens.issue(self.system, scopes)}"})

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(BASE + path, query)

    def put(self, path: str, body: Any) -> Any:
        return self.client.put(BASE + path, body, content_type="application/json")

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(BASE + path, body, content_type="application/json")

    def delete(self, path: str) -> Any:
        return self.client.delete(BASE + path)


@pytest.fixture
def caller(book: Book) -> Caller:
    """A system with every scope, let in to all schools."""
    return Caller(list(SCOPES))


class Bodies:
    """Bodies that are right; what a test gives replaces a part of them."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def _base(self, key: str) -> dict[str, Any]:
        return {"sourcedId": key, "status": "active", "dateLastModified": "2026-11-20T00:00:00Z"}

    def ref(self, kind: str, key: str) -> dict[str, str]:
        return {"href": f"https://marks.example/{kind}/{key}", "sourcedId": key, "type": kind}

    def category(self, key: str = "cat-2", **facts: Any) -> dict[str, Any]:
        return {"category": self._base(key) | {"title": "宿題", "weight": 40} | facts}

    def scale(self, key: str = "scale-1", **facts: Any) -> dict[str, Any]:
        values = [{"itemValueLHS": "0 - 79", "itemValueRHS": "B"}, {"itemValueLHS": "80", "itemValueRHS": "A"}]
        of = {"class": self.ref("class", self.book.klass.sourced_id), "scoreScaleValue": values}
        return {"scoreScale": self._base(key) | {"title": "二段階", "type": "kanten"} | of | facts}

    def item(self, key: str = "item-2", **facts: Any) -> dict[str, Any]:
        of = {
            "class": self.ref("class", self.book.klass.sourced_id),
            "school": self.ref("org", self.book.klass.school.sourced_id),
            "category": self.ref("category", "cat-1"),
        }
        days = {"assignDate": "2026-11-20T00:00:00Z", "dueDate": "2026-11-27T00:00:00+09:00"}
        return {"lineItem": self._base(key) | {"title": "小数の計算"} | days | of | facts}

    def result(self, key: str = "result-1", **facts: Any) -> dict[str, Any]:
        of = {"lineItem": self.ref("lineItem", "item-1"), "student": self.ref("user", self.book.pupil.sourced_id)}
        mark = {"scoreStatus": "fully graded", "score": 85, "scoreDate": "2026-11-24"}
        return {"result": self._base(key) | of | mark | facts}

    def assessment(self, key: str = "survey-1", **facts: Any) -> dict[str, Any]:
        return {"assessmentLineItem": self._base(key) | {"title": "学力調査"} | facts}

    def assessed(self, key: str = "assessed-1", **facts: Any) -> dict[str, Any]:
        of = {
            "assessmentLineItem": self.ref("assessmentLineItem", "survey-1"),
            "student": self.ref("user", self.book.pupil.sourced_id),
        }
        mark = {"scoreStatus": "fully graded", "score": 12.5, "scorePercentile": 61.5, "scoreDate": "2026-11-24"}
        return {"assessmentResult": self._base(key) | of | mark | facts}


@pytest.fixture
def bodies(book: Book) -> Bodies:
    return Bodies(book)
