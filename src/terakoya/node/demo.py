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

import httpx

from terakoya.demo_town import api as demo_town
from terakoya.kit import clock
from terakoya.node import demo_neighbour, demo_register, demo_rights
from terakoya.node.federation import Federation, FederationError, Node

SETTINGS = Path(__file__).with_name("demo.toml")


# Who a visitor can be: the role in the town's cast, the node, and in words.
LOGINS = (
    ("teacher", "city", "homeroom teacher of the class 5-2"),
    ("other_teacher", "city", "teacher at another school"),
    ("head", "city", "head of the first school"),
    ("clerk", "city", "clerk of the board of education"),
    ("guardian", "city", "guardian of two children"),
    ("guardian", "pds", "the same guardian, at the family's own store"),
    ("pupil", "city", "the elder child, a pupil of 5-2"),
    ("protected_guardian", "city", "guardian whose address is hidden from the other one"),
    ("guardian_elsewhere", "city", "that other guardian"),
    ("juku_teacher", "juku", "teacher of the cram school"),
)
STAFF = ("teacher", "other_teacher", "head", "clerk", "juku_teacher", "other_juku_teacher")


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
            {
                "TERAKOYA_DEMO": "true",
                "TERAKOYA_JOB_LONGEST_PAUSE_SECONDS": "5",
                "TERAKOYA_READINGS": given["readings"],
                "TERAKOYA_WITNESS_SECONDS": "60",
            },
        )
        for number, entry in enumerate(given["nodes"])
    ]
    day = _first_day(root)
    town = demo_town.make_town(given["seed"], day, pupils=pupils, mark=mark)
    return Demo(root, Federation(nodes), town, given["password"], pupils)


def run(root: Path, first_port: int, pupils: int, *, neighbour: bool = False) -> int:
    """Start the demo, tell where everything is, stay until Ctrl-C; the exit status.

    neighbour: start a second municipality too, from which a pupil is on the way
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    started = time.monotonic()
    demo = make_demo(root, first_port, pupils)
    if neighbour:
        demo_neighbour.join(demo.federation, demo.root, first_port + len(demo.federation.nodes), SETTINGS)
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
    more = {demo_neighbour.KEY: demo_neighbour.fill} if demo_neighbour.KEY in demo.federation.nodes else {}
    for name, step in {**STEPS, **more}.items():
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
    city = demo_town.write_city_package(demo.town, files, marks=True, doubts=True)
    juku = demo_town.write_juku_package(demo.town, files)
    demo.federation["city"].command("import", str(city))
    demo.federation["juku"].command("import", str(juku))
    person, number = demo_town.phone_to_propose(demo.town)
    demo.federation["city"].command("propose", person, "sms", number, "--origin", demo_town.OTHER_SYSTEM)
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
        staff = [login.username for role, login in demo.town.cast.items() if login.node == kind and role in STAFF]
        demo.federation[kind].command("factor", "give", *staff)
    return f"{len(demo.town.cast)} people can sign in"


def _records(demo: Demo) -> str:
    city = demo.federation["city"]
    key, secret = city.command("credential", "drill").strip().split(":")
    statements = list(demo_town.statements_of(demo.town, city.url))
    demo_town.post_statements(statements, f"{city.url}/xapi/statements", key, secret)
    return f"{len(statements)} learning records were posted to the record store"


def _family(demo: Demo) -> str:
    """The guardian opens a store for the child, by the same forms as any family."""
    town, pds = demo.town, demo.federation["pds"]
    guardian = next(one for one in town.guardians if one.username == town.cast["guardian"].username)
    with httpx.Client(base_url=pds.url, follow_redirects=True, headers={"Accept-Language": "en"}) as browser:
        _submit(
            browser,
            "/sign-up/",
            {"name": guardian.display_name, "username": guardian.username, "password": demo.password, "adult": "on"},
        )
        for child in guardian.children:
            fields = {"name": child.display_name, "kana": child.kana_name, "grade": str(grade_number(child.grade))}
            fields["birth_date"] = str(child.birth_date)
            _submit(browser, "/children/new/", fields)
    return f"{guardian.display_name} has a store with {len(guardian.children)} children"


def _rights(demo: Demo) -> str:
    """The guardian asks the city for something, and the clerk answers."""
    cast = demo.town.cast
    names = {role: cast[role].username for role in ("guardian", "clerk", "teacher")}
    return demo_rights.fill(demo.federation["city"].url, names, demo.password, cast["pupil"].person)


def _register(demo: Demo) -> str:
    """The clerk has used the desk of the register."""
    clerk = demo.town.cast["clerk"].username
    return demo_register.fill(demo.federation["city"].url, clerk, demo.password, demo.town.as_of)


def _submit(browser: httpx.Client, path: str, fields: dict[str, str]) -> None:
    """Fill in a form of a page as a browser would. Raises when the page asks again."""
    browser.get(path).raise_for_status()
    token = next(value for name, value in browser.cookies.items() if name.endswith("_csrf"))
    answer = browser.post(path, data={**fields, "csrfmiddlewaretoken": token}).raise_for_status()
    if answer.url.path == path:
        raise FederationError(f"{answer.url} did not take what was filled in")


def grade_number(grade: str) -> int:
    """Years of school: P1 to P6 are 1 to 6, J1 to J3 are 7 to 9."""
    return int(grade[1]) + (6 if grade[0] == "J" else 0)


STEPS: dict[str, Callable[[Demo], str]] = {
    "registry": _enrol,
    "rosters": _rosters,
    "accounts": _accounts,
    "records": _records,
    "family": _family,
    "rights": _rights,
    "register": _register,
}


def _first_day(root: Path) -> date:
    path = root / "day.txt"
    if not path.exists():
        path.write_text(clock.today().isoformat())
    return date.fromisoformat(path.read_text())


def _welcome(demo: Demo, seconds: float) -> str:
    nodes, cast = demo.federation.nodes, demo.town.cast
    where = "\n".join(f"  {node.url}/   {node.kind:7} {node.name}" for node in nodes.values())
    who = "\n".join(f"  {kind:6} {cast[role].username:22} {words}" for role, kind, words in LOGINS if role in cast)
    return (
        f"\nReady after {seconds:.0f} s. Open in a browser:\n\n{where}\n\n"
        f"Sign in (password of all: {demo.password}):\n\n{who}\n\n"
        "Staff are asked for a second factor; here the page shows the code that a telephone would.\n"
        "What to click first stands in README.md.\n"
        "Ctrl-C stops everything; the data stay (`make clean` forgets them)."
    )
