"""A thousand marked people at the city, the store and the cram school: nothing of any of them is at the nation.

The search is shown to work first: it finds the same canaries where they belong.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urljoin
from uuid import uuid4

import httpx
import pytest

from terakoya.demo_town.api import JukuPupil, Pupil
from terakoya.node.demo import Demo
from terakoya.node.federation import Node

from . import databases
from .canaries import Canaries, canaries_of, marked_people
from .conftest import MARK
from .visitor import Family, Visitor, age, form_of, give_second_factor, invite, open_store, sign_in

FAMILIES = 40  # each guardian opens a store at the PDS; the first ones connect and share
CONNECTED = 3
LINK = re.compile(r'(?:href|src|action|hx-get)="([^"#]+)')
URL_MAP = Path(__file__).parent.parent / "node" / "url_maps" / "nation.txt"


@dataclass
class Searched:
    """The federation after people used it, and what must not be found at the nation."""

    demo: Demo
    canaries: Canaries

    def __post_init__(self) -> None:
        nodes = self.demo.federation
        self.nation, self.holders = nodes["nation"], [nodes["city"], nodes["pds"], nodes["juku"]]


@pytest.fixture(scope="module")
def searched(demo: Demo) -> Searched:
    """Marked families use their stores; the nation has harvested every catalog and received a statistic."""
    families = open_stores(demo)
    at_juku = [one for one in demo.town.juku.pupils if one.of_town is None and one.grade == "P5"]
    younger = [one for one in families if age(one[1]) < 12]  # their guardians alone decide
    for (family, child), pupil in zip(younger[:CONNECTED], at_juku, strict=False):
        connect_and_share(demo, family, child, pupil)
    print_cards(demo)
    databases.until(lambda: nation_knows(demo.federation["nation"]), "the nation knows all nodes and a statistic", 120)
    holders = [demo.federation[kind] for kind in ("city", "pds", "juku")]
    return Searched(demo, canaries_of(holders, MARK))


def open_stores(demo: Demo) -> list[tuple[Family, Pupil]]:
    """Guardians of the town sign up at the PDS with their children, and get a password at the city."""
    city, pds, password = demo.federation["city"], demo.federation["pds"], demo.password
    cast = {login.username for login in demo.town.cast.values()}
    known = [one for one in demo.town.guardians if not {one.username, *(c.username for c in one.children)} & cast]
    one_a_household = {one.children[0].uuid: one for one in known}
    guardians = list(one_a_household.values())[:FAMILIES]
    city.command("passwords", "-", text="".join(f"{one.username},{password}\n" for one in guardians))
    families = []
    for guardian in guardians:
        visitor, login = Visitor(), {"name": guardian.display_name, "username": guardian.username, "password": password}
        children = [form_of(one) for one in guardian.children]
        keys, child = open_store(visitor, pds, login, children), guardian.children[0]
        families.append((Family(city, pds, guardian.username, password, str(child.uuid), keys[0], visitor), child))
    return families


def connect_and_share(demo: Demo, family: Family, child: Pupil, at_juku: JukuPupil) -> None:
    """Bring a child's records to the store, and of some subjects to the cram school."""
    juku, teacher = demo.federation["juku"], demo.town.cast["juku_teacher"]
    family.connect()
    databases.until(lambda: databases.arrived(family.pds, family.child), "the records are at the store")
    code = invite(Visitor(), juku, (teacher.username, demo.password), at_juku.uuid, ["P010", "P030"])
    family.share(juku, code, ["P010", "P030"])
    databases.until(lambda: databases.arrived(juku, at_juku.uuid), "the records are at the cram school")


def print_cards(demo: Demo) -> None:
    """The teacher makes sign-in cards for the class."""
    visitor, city = Visitor(), demo.federation["city"]
    page = sign_in(visitor, visitor.open(f"{city.url}/sign-in/"), demo.town.cast["teacher"].username, demo.password)
    classes = re.findall(r'href="(/classes/[^"/]+/)"', page.text)
    page = give_second_factor(visitor, visitor.open(f"{city.url}{classes[0]}cards/"))
    assert "<svg" in visitor.press(page, {"pupil": "all"}).text


def nation_knows(nation: Node) -> bool:
    """Whether the catalogs of the three other nodes were harvested, and a release has arrived."""
    harvested = databases.value(nation, "SELECT COUNT(*) FROM catalog_harvest WHERE harvested_at IS NOT NULL")
    return harvested >= 3 and databases.value(nation, "SELECT COUNT(*) FROM research_release") > 0


def files_of(node: Node) -> Iterator[tuple[str, bytes]]:
    """Every file of a node's data folder: database with its journal, log, keys, static files."""
    for path in sorted(node.folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(node.folder)), path.read_bytes()


def answers_of(node: Node, key: str) -> Iterator[tuple[str, bytes]]:
    """Every answer that anybody gets: each route of the map, asked for one person where it names one, and all links."""
    paths = [line.split(maxsplit=1)[1] for line in URL_MAP.read_text().splitlines() if line.strip()]
    filled = [re.sub(r"<\w+:\w+>", lambda part: key if "uuid" in part[0] else "x", path) for path in paths]
    for language in ("ja", "en"):
        waiting, seen = [urljoin(node.url, path) for path in filled], set[str]()
        with httpx.Client(trust_env=False, timeout=20, headers={"Accept-Language": language}) as client:
            while waiting:
                url = waiting.pop()
                if url in seen or not url.startswith(f"{node.url}/"):
                    continue
                seen.add(url)
                answer = client.get(url)
                yield f"{language} {url}", f"{answer.headers}".encode() + answer.content
                if "html" in answer.headers.get("Content-Type", ""):
                    waiting += [urljoin(url, link.replace("&amp;", "&")) for link in LINK.findall(answer.text)]
        assert len(seen) > len(filled)


def test_a_thousand_marked_people_are_in_the_federation(searched: Searched) -> None:
    city, pds, juku = (marked_people(node, MARK) for node in searched.holders)
    print(f"marked people: {city} at the city, {pds} at the store, {juku} at the cram school")
    assert city + pds + juku >= 1000 and pds >= 50 and juku >= 30
    canaries = searched.canaries
    assert len(canaries.keys) > 5000 and len(canaries.readings) > 500 and len(canaries.births) > 300
    assert {"町名が古い", "若葉町2丁目3番4号", "何のために見ましたか。"} <= canaries.words
    assert databases.value(searched.holders[2], "SELECT COUNT(*) FROM records_holding") > 0


@pytest.mark.parametrize("number", [0, 1, 2], ids=["city", "pds", "juku"])
def test_the_search_finds_canaries_where_they_belong(searched: Searched, number: int) -> None:
    node, canaries = searched.holders[number], searched.canaries
    row_by_row = set().union(*(canaries.found_in(text.encode()) for _table, text in databases.texts(node)))
    raw = set().union(*(canaries.found_in(data) for name, data in files_of(node) if "sqlite3" in name))
    for found in (row_by_row, raw):
        assert MARK in found and found & canaries.keys and found & canaries.usernames and found & canaries.words
        assert found & canaries.births or node.kind == "juku"  # a cram school is told no birthday
    assert raw & canaries.readings or node.kind == "pds"  # the store has the readings of children alone


def zipped(text: str) -> bytes:
    """A ZIP file, as a disclosure is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("data.json", json.dumps({"": text}, ensure_ascii=True))
    return file.getvalue()


def test_the_search_finds_canaries_in_other_dress(searched: Searched) -> None:
    canaries = searched.canaries
    key, reading = next(iter(canaries.keys)), next(iter(canaries.readings))
    dashed = f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
    born, word = next(iter(canaries.births)), next(iter(canaries.words))
    day = date.fromisoformat(born)
    dresses = (
        (dashed.upper(), key),
        (f"\u3000{reading[:2]} {reading[2:]}", reading),
        (f"a{MARK}b", MARK),
        (f"{day.year}年{day.month}月{day.day}日", born),
        (f"「{word}」", word),
    )
    for hidden, needle in dresses:
        assert needle in canaries.found_in(hidden.encode())
        assert needle in canaries.found_in(json.dumps({"": hidden}, ensure_ascii=True).encode())
        assert needle in canaries.found_in(zipped(hidden))
    assert not canaries.found_in(str(uuid4()).encode())


def test_no_table_of_the_nation_holds_a_canary(searched: Searched) -> None:
    dump = list(databases.texts(searched.nation))
    assert len(dump) > 20
    for table, text in dump:
        assert not searched.canaries.found_in(text.encode()), table


def test_no_file_of_the_nation_holds_a_canary(searched: Searched) -> None:
    names = set()
    for name, data in files_of(searched.nation):
        names.add(name)
        assert not searched.canaries.found_in(data), name
    assert {"node.sqlite3", "node.sqlite3-wal", "node.log"} <= names


def test_no_answer_of_the_nation_holds_a_canary(searched: Searched) -> None:
    key = databases.value(searched.holders[0], "SELECT uuid FROM roster_person")
    asked = f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
    for name, data in answers_of(searched.nation, asked):
        found = searched.canaries.found_in(data)
        assert found <= ({key} if asked in name or "next=" in name else set()), name  # what was asked may be told back


@pytest.mark.parametrize("kind", ["nation", "city", "pds", "juku"])
def test_no_catalog_and_no_log_holds_a_canary(searched: Searched, kind: str) -> None:
    node = searched.demo.federation[kind]
    for path in ("/catalog.jsonld", "/catalog.csv", "/catalog/"):
        answer = httpx.get(node.url + path, trust_env=False).raise_for_status()
        assert not searched.canaries.found_in(answer.content), path
    assert not searched.canaries.found_in(node.log.read_bytes())
