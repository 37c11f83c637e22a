"""Each page and route of each kind of node says which personal data it uses and what for, or why it uses none."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import URLResolver as Resolver

from terakoya.kit.declaration import NoUse, Use
from terakoya.node.kinds import KINDS
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES
from tests.conftest import urlconf_of


def routes_of(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        place = prefix + str(pattern.pattern)
        if isinstance(pattern, Resolver):
            yield from routes_of(pattern.url_patterns, place)
        else:
            yield place, pattern


def use_of(route: URLPattern) -> Use | NoUse | None:
    return getattr(route.callback, "declared_use", None)


@pytest.fixture(params=sorted(KINDS))
def routes(request: pytest.FixtureRequest) -> list[tuple[str, URLPattern]]:
    return list(routes_of(urlconf_of(KINDS[request.param]).urlpatterns))


def test_every_route_declares_its_use(routes: list[tuple[str, URLPattern]]) -> None:
    silent = [place for place, route in routes if not isinstance(use_of(route), Use | NoUse)]
    assert not silent


def test_declared_categories_and_purposes_are_known(routes: list[tuple[str, URLPattern]]) -> None:
    wrong = [
        (place, use)
        for place, route in routes
        if isinstance(use := use_of(route), Use)
        and not (use.categories and set(use.categories) <= set(CATEGORIES) and use.purpose in PURPOSES)
    ]
    assert not wrong


def test_no_route_declares_a_banned_purpose(routes: list[tuple[str, URLPattern]]) -> None:
    uses = [use_of(route) for _place, route in routes]
    assert not [use for use in uses if isinstance(use, Use) and PURPOSES[use.purpose].banned]


def test_a_route_without_personal_data_says_why(routes: list[tuple[str, URLPattern]]) -> None:
    uses = [use_of(route) for _place, route in routes]
    assert all(use.reason.strip() for use in uses if isinstance(use, NoUse))
