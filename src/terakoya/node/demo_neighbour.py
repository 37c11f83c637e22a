"""The neighbour of the demo's city, where it is asked for: a small municipality from which a pupil is on the way.

It is not part of ``make run``: a fifth node takes some seconds more to start.
"""

import re
import time
import tomllib
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from terakoya.demo_town import api as demo_town
from terakoya.node.demo_rights import Visitor
from terakoya.node.federation import Federation, FederationError, Node

if TYPE_CHECKING:
    from terakoya.node.demo import Demo

KEY = "neighbour"
LEAVING = re.compile(r'href="(/register/relocations/leave/[0-9a-f-]{36}/)"')
PATIENCE_SECONDS = 30


def join(federation: Federation, root: Path, port: int, settings: Path) -> None:
    """Add the neighbour to the nodes of a federation that is not started yet; its settings are those of the city."""
    given = tomllib.loads(settings.read_text(encoding="utf-8"))[KEY]
    node = Node("city", given["name"], port, root / KEY, dict(federation["city"].environment))
    node.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    federation.nodes[KEY] = node


def fill(demo: "Demo") -> str:
    """Its town, its clerk, and a pupil who moves to the city in a week."""
    node, files = demo.federation[KEY], demo.root / "neighbouring-town"
    files.mkdir(exist_ok=True)
    town = demo_town.make_town(demo.town.seed + 1, demo.town.as_of, pupils=40)
    clerk = town.cast["clerk"].username
    demo.federation["nation"].command("enrol", f"{node.url}={node.thumbprint}")
    node.command("import", str(demo_town.write_city_package(town, files)))
    who = ("--display-name", town.cast["clerk"].name, "--administrator", "--password", demo.password)
    node.command("account", clerk, *who)
    node.command("factor", "give", clerk)
    pupil = town.pupils[0]
    with closing(Visitor(node.url, clerk, demo.password)) as desk:
        found = desk.open(f"/register/relocations/leave/?q={quote(pupil.display_name)}")
        page = LEAVING.findall(found.text)[0]
        _wait_for(desk, page, demo.federation["city"].url)
        last_day = demo.town.as_of + timedelta(days=7)
        prepared = desk.send(page, last_day=last_day.isoformat(), way="partner", to=demo.federation["city"].url)
        desk.send(prepared.url.path, step="send")
    return f"{node.name} at {node.url}/, clerk {clerk}; a pupil of it is on the way to the city"


def _wait_for(desk: Visitor, page: str, city: str) -> None:
    """Wait until the neighbour knows the city from the registry."""
    until = time.monotonic() + PATIENCE_SECONDS
    while f'value="{city}"' not in desk.open(page).text:
        if time.monotonic() > until:
            raise FederationError("the neighbour does not hear of the city")
        time.sleep(0.5)
