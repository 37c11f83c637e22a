"""What systems read of materials."""

from typing import Any

import pytest
from django.test import Client

from terakoya.access import api as access
from terakoya.demo_town.api import Town
from terakoya.oneroster import systems, tokens
from tests.gradebook.oneroster.conftest import Files
from tests.materials.oneroster.test_files import files, take
from tests.oneroster.gradebook.conftest import Book, book, city, imported, in_november, package_path, town

__all__ = ["book", "city", "files", "imported", "in_november", "package_path", "town"]
BASE = "/ims/oneroster/resources/v1p2"


def client(stakeholder: str, *scopes: str) -> Client:
    system, _ = systems.register(
        "books", organisation="a maker", stakeholder=stakeholder, ground="contract 1", scopes=scopes, by="clerk"
    )
    return Client(headers={"authorization": f"Bearer {tokens.issue(system, list(scopes))}"})


@pytest.fixture
def maker(files: Files, town: Town) -> Client:
    """A maker of materials, entrusted, after the files were taken over."""
    take(files, town)
    return client("material_company", "resource.readonly")


def ids(answer: Any) -> list[str]:
    return [one["sourcedId"] for one in answer.json()["resources"]]


def test_the_list_tells_all_materials(maker: Client) -> None:
    answer = maker.get(f"{BASE}/resources")
    assert (ids(answer), answer["X-Total-Count"]) == (["m1", "m2"], "2")


def test_a_material_is_told_as_the_document_asks(maker: Client) -> None:
    read = maker.get(f"{BASE}/resources/m1").json()["resource"]
    assert read.pop("dateLastModified").startswith("2026-11-24T03:00:00")
    assert read == {
        "sourcedId": "m1",
        "status": "active",
        "title": "算数 5 上",
        "roles": ["student", "teacher"],
        "vendorResourceId": "v-1",
    }


@pytest.mark.parametrize("place", ["classes/{klass}", "courses/{course}", "users/{user}"])
def test_a_nested_list_has_what_is_used_there(maker: Client, book: Book, place: str) -> None:
    keys = {"klass": book.klass.sourced_id, "course": book.klass.course, "user": book.pupil.sourced_id}
    assert ids(maker.get(f"{BASE}/{place.format(**keys)}/resources")) == ["m1"]
    assert maker.get(f"{BASE}/{place.format(klass='x', course='x', user='x')}/resources").status_code == 404


@pytest.mark.parametrize(
    ("filter_", "found"),
    [("roles~'teacher'", ["m1"]), ("importance='secondary'", ["m2"]), ("vendorResourceId='v-1'", ["m1"])],
)
def test_materials_are_filtered(maker: Client, filter_: str, found: list[str]) -> None:
    assert ids(maker.get(f"{BASE}/resources", {"filter": filter_})) == found


def test_materials_are_sorted(maker: Client) -> None:
    assert ids(maker.get(f"{BASE}/resources", {"sort": "vendorResourceId", "orderBy": "desc"})) == ["m2", "m1"]


def test_what_somebody_uses_stands_in_their_log(maker: Client, book: Book) -> None:
    maker.get(f"{BASE}/users/{book.pupil.sourced_id}/resources")
    assert access.accesses_of(book.pupil.uuid)[0].category == "content.material_school"


def test_who_is_not_entrusted_with_materials_does_not_learn_who_uses_them(files: Files, town: Town, book: Book) -> None:
    take(files, town)
    other = client("school_affairs_provider", "resource.readonly")
    assert other.get(f"{BASE}/resources").status_code == 200
    assert other.get(f"{BASE}/users/{book.pupil.sourced_id}/resources").status_code == 403


def test_the_core_scope_opens_no_nested_list(files: Files, book: Book) -> None:
    core = client("material_company", "resource-core.readonly")
    assert core.get(f"{BASE}/resources").status_code == 200
    assert core.get(f"{BASE}/classes/{book.klass.sourced_id}/resources").status_code == 403
