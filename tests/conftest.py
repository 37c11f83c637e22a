"""What every test may use: the kind of node as a fixture, and jobs that run when a test says so."""

import gc
import types
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.urls import clear_url_caches
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from terakoya.identity import sessions
from terakoya.kit import clock
from terakoya.node.kinds import KINDS, Kind
from terakoya.node.routes import ERROR_PAGES, url_map

# how long an example takes says how busy the machine is; speed is measured by `make bench`
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


LONG = (
    "test_every_route_answers_every_role_as_written[city]",
    "test_of_three_hundred_faults",
    "test_the_state_is_what",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first, so that no worker is still at one of them when the others have nothing left to do."""
    items.sort(key=lambda item: not item.name.startswith(LONG))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Everything imported stays to the end: looking through it for garbage again and again took a sixth of the time."""
    gc.collect()
    gc.freeze()


def urlconf_of(kind: Kind) -> types.ModuleType:
    """The URL map of a kind of node as a module that Django can resolve."""
    module = types.ModuleType(f"urls_of_{kind.name}")
    module.urlpatterns = url_map(kind)  # type: ignore[attr-defined]
    for name, view in ERROR_PAGES.items():
        setattr(module, name, view)
    return module


@pytest.fixture(autouse=True)
def _second_factor_given() -> Iterator[None]:
    """``force_login`` stands for a whole sign-in: with the second factor. Who fills in the form has given none yet."""

    def give(sender: object, request: HttpRequest, **_: object) -> None:
        if "REMOTE_ADDR" not in request.META:  # no request of a browser: force_login
            request.session[sessions.FACTOR] = clock.now().isoformat()

    user_logged_in.connect(give)
    yield
    user_logged_in.disconnect(give)


@pytest.fixture
def node_kind(settings: Settings) -> Callable[[str], Kind]:
    """A function that makes the process a node of the kind for the rest of the test."""

    def become(name: str) -> Kind:
        kind = KINDS[name]
        settings.NODE_KIND = name
        settings.KIND = kind
        settings.NODE_REGIME = kind.regime
        settings.ROOT_URLCONF = urlconf_of(kind)
        clear_url_caches()
        return kind

    return become
