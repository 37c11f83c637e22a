"""`make run`: a make-believe federation on this machine, filled through the same doors that real organisations use.

What was done is remembered in ``demo.json``, so an interrupted first start goes on where it stopped, and a second start
takes seconds. The data stay until ``make clean``.
"""

import json
import signal
import sys
import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from terakoya.demo_town import api as demo_town
from terakoya.kit import clock
from terakoya.node.federation import Federation, FederationError, Node

SETTINGS = Path(__file__).with_name("demo.toml")


@dataclass
class Demo:
    """The federation of the demo, and the folder that keeps it."""

    root: Path
    federation: Federation
    town: demo_town.Town
    password: str
    pupils: int

    @property
    def memory(self) -> Path:
        return self.root / "demo.json"

    def done(self) -> dict[str, Any]:
        done: dict[str, Any] = json.loads(self.memory.read_text()) if self.memory.exists() else {}
        return done

    def remember(self, step: str, value: Any = True) -> None:
        draft = self.memory.with_suffix(".new")
        draft.write_text(json.dumps({**self.done(), step: value}))
        draft.replace(self.memory)


def make_demo(root: Path, first_port: int, pupils: int, *, mark: str = "") -> Demo:
    """Describe the demo below a folder; the town is that of the day on which the folder was first used."""
    root = root.absolute()
    root.mkdir(parents=True, exist_ok=True)
    given = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    nodes = [
        Node(
            entry["kind"],
            entry["name"],
            first_port + number,
            root / entry["kind"],
            {"TERAKOYA_JOB_LONGEST_PAUSE_SECONDS": "5"},
        )
        for number, entry in enumerate(given["nodes"])
    ]
    day = _first_day(root)
    town = demo_town.make_town(given["seed"], day, pupils=pupils, mark=mark)
    return Demo(root, Federation(nodes), town, given["password"], pupils)


def run(root: Path, first_port: int, pupils: int) -> int:
    """Start the demo, tell where everything is, stay until Ctrl-C; the exit status."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    started = time.monotonic()
    demo = make_demo(root, first_port, pupils)
    try:
        print("Terakoya: starting the demo federation", flush=True)
        demo.federation.start(tell)
        fill(demo, tell, stop)
        if not stop.is_set():
            print(_welcome(demo, time.monotonic() - started), flush=True)
        stop.wait()
    except FederationError as fault:
        print(fault, file=sys.stderr)
        return 1
    finally:
        print("stopping the nodes ...", flush=True)
        demo.federation.stop()
    return 0


def tell(text: str) -> None:
    print(f"  {text}", flush=True)


def fill(demo: Demo, say: Callable[[str], None] = lambda text: None, stop: threading.Event | None = None) -> None:
    """Bring the town in, step by step; steps that were done before are left out."""
    for name, step in STEPS.items():
        if (stop and stop.is_set()) or name in demo.done():
            continue
        began = time.monotonic()
        seen = step(demo)
        demo.remember(name)
        say(f"{name}: {seen} ({time.monotonic() - began:.1f} s)")


def _enrol(demo: Demo) -> str:
    demo.federation.enrol()
    return "city, PDS and cram school are in the nation's registry"


def _rosters(demo: Demo) -> str:
    files = demo.root / "town"
    files.mkdir(exist_ok=True)
    city = demo_town.write_city_package(demo.town, files)
    juku = demo_town.write_juku_package(demo.town, files)
    demo.federation["city"].command("import", str(city))
    demo.federation["juku"].command("import", str(juku))
    return f"{len(demo.town.pupils)} pupils came in as {city.name}"


def _accounts(demo: Demo) -> str:
    clerk = demo.town.cast["clerk"]
    demo.federation["city"].command(
        "account", clerk.username, "--display-name", clerk.name, "--administrator", "--password", demo.password
    )
    for kind in ("city", "juku"):
        logins = [login for login in demo.town.cast.values() if login.node == kind and login.person]
        lines = "".join(f"{login.username},{demo.password}\n" for login in logins)
        demo.federation[kind].command("passwords", "-", text=lines)
    return f"{len(demo.town.cast)} people can sign in"


def _records(demo: Demo) -> str:
    city = demo.federation["city"]
    key, secret = city.command("credential", "drill").strip().split(":")
    statements = list(demo_town.statements_of(demo.town, city.url))
    demo_town.post_statements(statements, f"{city.url}/xapi/statements", key, secret)
    return f"{len(statements)} learning records were posted to the record store"


STEPS: dict[str, Callable[[Demo], str]] = {
    "registry": _enrol,
    "rosters": _rosters,
    "accounts": _accounts,
    "records": _records,
}


def _first_day(root: Path) -> date:
    path = root / "day.txt"
    if not path.exists():
        path.write_text(clock.today().isoformat())
    return date.fromisoformat(path.read_text())


def _welcome(demo: Demo, seconds: float) -> str:
    where = "\n".join(f"  {node.name:<12}\t{node.url}" for node in demo.federation.nodes.values())
    who = "\n".join(
        f"  {login.node:6}{login.username:<24}{login.name}\t{role}" for role, login in demo.town.cast.items()
    )
    return (
        f"\nReady after {seconds:.0f} s.\n{where}\n\n"
        f"Sign in with the password {demo.password} as:\n{who}\n\n"
        "The story: sign in at the city as the teacher; then at the PDS make an account for the guardian.\n"
        "Ctrl-C stops everything; the data stay (make clean forgets them).\n"
    )
