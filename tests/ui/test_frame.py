from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import translation

from terakoya.kit.declaration import NoUse
from terakoya.ui import navigation, pages
from terakoya.ui.api import NavItem

pytestmark = pytest.mark.django_db
KINDS = ("city", "pds", "juku", "vendor", "nation")
PARTS = (
    *("card", "notice", "empty", "more", "scroll", "facts", "timeline", "rows", "steps", "tag", "stat", "bar"),
    *("tabs", "heat", "legend", "why", "recorded", "button", "field"),
)


def test_gallery_shows_every_part(client: Client) -> None:
    page = client.get("/parts/").content.decode()
    for part in PARTS:
        assert f"tk-{part}" in page, part


@pytest.mark.parametrize("kind", KINDS)
def test_page_says_what_kind_of_node_it_is(client: Client, node_kind: Callable[[str], object], kind: str) -> None:
    node_kind(kind)
    assert f'data-kind="{kind}"' in client.get("/parts/").content.decode()


def test_page_has_one_heading_that_is_its_title(client: Client) -> None:
    page = client.get("/parts/", headers={"Accept-Language": "en"}).content.decode()
    assert page.count("<h1") == 1 and "<h1>Parts of a page</h1>" in page and "<title>Parts of a page |" in page


def test_page_holds_no_inline_style_or_script(client: Client) -> None:
    page = client.get("/parts/").content.decode()
    assert " style=" not in page and "<script>" not in page and " onclick=" not in page


def test_missing_page_is_told_kindly(client: Client) -> None:
    answer = client.get("/no/such/page/", headers={"Accept-Language": "en"})
    assert answer.status_code == 404 and "There is no such page." in answer.content.decode()


def test_machine_gets_a_line_of_text(client: Client) -> None:
    answer = client.get("/no/such/page/", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"].startswith("text/plain") and len(answer.content) < 100


def test_refusal_gives_the_reason_that_the_exception_brings() -> None:
    class NotPermitted(PermissionDenied):
        sentence = "You do not teach this pupil."

    request = RequestFactory().get("/")
    answer = pages.forbidden(request, NotPermitted())
    assert answer.status_code == 403 and "You do not teach this pupil." in answer.content.decode()


def test_page_kept_open_too_long_is_refused_with_advice() -> None:
    client = Client(enforce_csrf_checks=True)
    with translation.override("en"):
        answer = client.post("/preferences/", {"language": "en"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 403 and "nothing was sent" in answer.content.decode()


def test_fault_of_ours_needs_no_database(django_db_blocker: object) -> None:
    request = RequestFactory().get("/")
    with django_db_blocker.block():  # type: ignore[attr-defined]
        assert pages.server_error(request).status_code == 500


def test_pages_of_the_frame_use_no_personal_data() -> None:
    assert all(isinstance(route.callback.declared_use, NoUse) for route in pages.routes)  # type: ignore[attr-defined]


def test_place_that_a_kind_of_node_lacks_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    items = {"a": NavItem("ui.parts", "list", "Parts"), "b": NavItem("no.such", "list", "None")}
    monkeypatch.setattr(navigation, "_items", items)
    request = RequestFactory().get("/parts/")
    assert [link.label for link in navigation.links(request)] == ["Parts"]


def test_place_is_shown_only_to_whom_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    item = NavItem("ui.parts", "list", "Parts", show=lambda request: False)
    monkeypatch.setattr(navigation, "_items", {"a": item})
    assert list(navigation.links(RequestFactory().get("/"))) == []


def test_place_is_lit_on_the_pages_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {"a": NavItem("home", "home", "Home", within=("ui.",))})
    request = RequestFactory().get("/parts/")
    request.resolver_match = resolve("/parts/")
    assert [link.current for link in navigation.links(request)] == [True]
