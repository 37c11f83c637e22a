"""Every route of every kind of node, by GET and by POST, for every role: the answers are those written in ``answers/``.

Each table has a line a method and route and a column a role. A cell is the status, or ``sign-in`` where the reader is
led to the sign-in page. The ids in the paths are those of the cast's own child; ``route of someone`` asks about that
one instead. POST sends a form without its fields.

A route that is new, gone or answers otherwise fails here. After a change that is meant so, write the tables anew and
read each cell that differs before it is committed:

    TERAKOYA_WRITE_ANSWERS=1 pytest tests/node/test_access_of_routes.py
"""

import csv
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from terakoya.kit.declaration import Use
from terakoya.node.kinds import KINDS
from terakoya.node.routes import url_map

from .worlds import Ids, World, signed_in, world_of

ANSWERS = Path(__file__).with_name("answers")
METHODS = ("GET", "POST")
FORM = "application/x-www-form-urlencoded"
ASKED_BY_FORM = ("exchange.authorise", "exchange.par", "exchange.token")
ASKED_IN_TEXT = ("exchange.witness.add_checkpoint",)
OPEN = ("exchange.authorise", "exchange.dspace_version", "exchange.nodes", "exchange.statement")
XAPI = {"X-Experience-API-Version": "2.0.0"}
PLAIN = XAPI | {"Accept": "text/plain"}  # a refusal is then one line, not a whole page: thousands are asked for
OF_PROGRAMS = ("exchange.", "oneroster.")  # rooms whose doors programs knock at, whichever child it is about
ANCHOR = "http://nation.example"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
Key = tuple[str, str]
Table = dict[Key, dict[str, str]]


@dataclass(frozen=True)
class Knock:
    """A method and route with the address at which it is asked."""

    method: str
    route: str
    address: str


def knocks(kind: str, world: World) -> Iterator[Knock]:
    """Every route by every method; those about a person once for each child that the world has ids of."""
    for route in sorted(url_map(KINDS[kind]), key=lambda one: str(one.name)):
        name, pattern = str(route.name), str(route.pattern)
        about_children = bool(PARAMETER.search(pattern)) and not name.startswith(OF_PROGRAMS)
        for child, ids in world.ids.items() if about_children else [("", world.ids[""])]:
            address = f"/{_filled(pattern, name, ids)}{world.queries.get(name, '')}"
            for method in METHODS:
                yield Knock(method, f"{name} of {child}" if child else name, address)


def _filled(pattern: str, name: str, ids: Ids) -> str:
    """The path of a route: a parameter is that of the route, of its room, or of any."""
    room = name.partition(".")[0]

    def value(found: re.Match[str]) -> str:
        [known] = [ids[key] for key in (f"{name}.{found[1]}", f"{room}.{found[1]}", found[1]) if key in ids][:1]
        return str(known)

    return PARAMETER.sub(value, pattern)


def answer(knock: Knock, browser: Client, headers: dict[str, str] = PLAIN) -> str:
    """What is answered; nothing that it changed stays."""
    cookies = browser.cookies.output()
    with transaction.atomic():
        response = browser.generic(knock.method, knock.address, headers=headers, **_content(knock))
        transaction.set_rollback(True)
    browser.cookies.load(cookies)
    return _cell(response)


def _content(knock: Knock) -> dict[str, Any]:
    """What goes along: a form without its fields, or to the doors for programs a message that lacks its signature."""
    if knock.method == "GET":
        return {}
    is_message = knock.route.startswith("exchange.") and knock.route not in ASKED_BY_FORM
    data, content_type = ("{}", "application/json") if is_message else ("sent=yes", FORM)
    content_type = "text/plain" if knock.route in ASKED_IN_TEXT else content_type
    return {"data": data, "content_type": content_type}


def _cell(response: HttpResponse) -> str:
    leads_to_sign_in = response.status_code == 302 and response["Location"].startswith("/sign-in/?next=")
    return "sign-in" if leads_to_sign_in else str(response.status_code)


def walked(kind: str, world: World) -> Table:
    table: Table = {(knock.method, knock.route): {} for knock in knocks(kind, world)}
    for role, account in world.cast.items():
        browser = signed_in(account)
        shown = dict[str, str]()  # the page of each refusal, drawn once for each role
        for knock in knocks(kind, world):
            cell = answer(knock, browser)
            if cell[0] in "45" and cell not in shown:
                shown[cell] = cell = answer(knock, browser, XAPI)
            table[knock.method, knock.route][role] = cell
    return table


def written(kind: str) -> Table:
    with (ANSWERS / f"{kind}.csv").open(newline="", encoding="utf-8") as file:
        return {(line.pop("method"), line.pop("route")): line for line in csv.DictReader(file)}


def write(kind: str, table: Table) -> None:
    ANSWERS.mkdir(exist_ok=True)
    with (ANSWERS / f"{kind}.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["method", "route", *next(iter(table.values()))])
        rows.writerows([*key, *cells.values()] for key, cells in table.items())


def differences(found: Table, expected: Table) -> list[str]:
    """Each cell that is not as written, in words."""
    lines = [f"{' '.join(key)}: the route is not written down" for key in found.keys() - expected.keys()]
    lines += [f"{' '.join(key)}: there is no such route" for key in expected.keys() - found.keys()]
    for key in found.keys() & expected.keys():
        roles = {**expected[key], **found[key]}
        lines += [
            f"{' '.join(key)} for {role}: answered {found[key].get(role)}, written is {expected[key].get(role)}"
            for role in roles
            if found[key].get(role) != expected[key].get(role)
        ]
    return sorted(lines)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_route_answers_every_role_as_written(
    kind: str, node_kind: Callable[[str], object], settings: Settings, tmp_path: Path
) -> None:
    node_kind(kind)
    settings.DATA_DIR = tmp_path
    settings.TRUST_ANCHOR_URL = "" if kind == "nation" else ANCHOR
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        found = walked(kind, world_of(kind, tmp_path))
    if os.environ.get("TERAKOYA_WRITE_ANSWERS"):
        write(kind, found)
    assert differences(found, written(kind)) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_answer_is_a_fault_of_the_node(kind: str) -> None:
    assert not [key for key, cells in written(kind).items() if any(cell.startswith("5") for cell in cells.values())]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_signed_routes_answer_nobody_without_a_signature(kind: str) -> None:
    signed = [
        cells for (_, route), cells in written(kind).items() if route.startswith("exchange.") and route not in OPEN
    ]
    assert signed and {cell for cells in signed for cell in cells.values()} == {"401", "405"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_stranger_is_shown_no_page_that_uses_personal_data(kind: str) -> None:
    uses = {str(route.name) for route in url_map(KINDS[kind]) if isinstance(route.callback.declared_use, Use)}
    shown = {route for (_, route), cells in written(kind).items() if cells["nobody"] in ("200", "302")}
    assert shown & uses <= {"home"}  # which then only says what the node is
