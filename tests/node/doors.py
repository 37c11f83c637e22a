"""The doors of a node as a test knocks at them, and what stands in its tables before and after."""

import functools
import io
import zipfile
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from terakoya.demo_town import api as demo_town
from terakoya.exchange.datasets import register_receiver
from terakoya.identity import api as identity
from terakoya.kit import clock
from tests.exchange.other_node import OtherNode, deliver
from tests.records.conftest import Lrs
from tests.roster.packages import Package

PERSON = UUID("3d0c1f1e-8a43-4d0e-9a7e-6a1d4f0b2c11")
GREETING = "/exchange/messages/greeting"
Rows = dict[str, list[str]]


def rows() -> Rows:
    """Every row of every table."""
    return {model._meta.label: sorted(str(row) for row in model.objects.values_list()) for model in apps.get_models()}


def changed(before: Rows, after: Rows) -> set[str]:
    """The tables whose rows are not as before."""
    return {label for label in before if before[label] != after[label]}


class Doors:
    """Somebody at each door of a node: a clerk and a guardian with a browser, a tool with a credential, a partner."""

    def __init__(self, package: Path) -> None:
        self._package = package
        clerk = identity.create_account("clerk", display_name="Clerk", is_administrator=True)
        guardian = identity.create_account("guardian", display_name="Guardian", person=PERSON)
        self.stranger, self.visitor = browser(has_token=False), browser()
        self.clerk, self.guardian = (browser(account) for account in (clerk, guardian))
        self.tool = Lrs("drill", ["statements/write", "statements/read/mine"])
        register_receiver("greeting", lambda _partner, body: {})
        self.before = rows()

    @functools.cached_property
    def partner(self) -> OtherNode:
        node = OtherNode("pds", "The store")
        node.enrolled()
        self.before = rows()
        return node

    def close(self) -> None:
        if "partner" in self.__dict__:
            self.partner.close()

    # --- what is sent ---
    def package(self) -> Package:
        return Package(self._package)

    def upload(self, data: bytes) -> HttpResponse:
        """Send a file as the clerk does; the page that the browser ends at."""
        file = SimpleUploadedFile("RO_20261124.zip", data, "application/zip")
        return self.clerk.post("/roster/imports/", {"package": file}, follow=True)

    def xapi(self, body: bytes, method: str = "POST", query: str = "", **headers: str) -> HttpResponse:
        """Send bytes to the record store with the tool's credential; ``None`` takes a header away."""
        known = {**self.tool.headers(), "Content-Type": "application/json", **_named(headers)}
        return deliver(method, f"/xapi/statements{query}", body, {k: v for k, v in known.items() if v})

    def signed(self, body: bytes, path: str = GREETING, content_type: str = "application/json") -> HttpResponse:
        """Send bytes with the partner's signature."""
        return deliver("POST", path, body, self.sealed(body, path, content_type))

    def sealed(self, body: bytes, path: str = GREETING, content_type: str = "application/json") -> dict[str, str]:
        return self.partner.headers("POST", path, body, content_type=content_type)


def browser(account: identity.Account | None = None, *, has_token: bool = True) -> Client:
    """A browser whose forms have their token unless it is said; faults of the node are answers to it."""
    made = Client(enforce_csrf_checks=not has_token, raise_request_exception=False, headers={"Accept-Language": "en"})
    if account is not None:
        made.force_login(account)
    return made


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name.replace("__", "."), data)
    return made.getvalue()


def town_package(folder: Path) -> Path:
    return demo_town.write_city_package(demo_town.make_town(7, clock.today(), pupils=60), folder)
