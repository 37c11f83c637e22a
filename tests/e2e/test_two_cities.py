"""Two municipalities as processes of their own: a pupil moves and is taken back; each of them is killed on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from terakoya.demo_town import api as demo_town
from terakoya.kit import clock
from terakoya.node.federation import Node

from .conftest import free_ports
from .databases import rows, until
from .operating import run_on

NAMES = ("The old city", "The new city")
ACT = """
from datetime import date
from terakoya.access import api as access
from terakoya.identity.api import account_named
from terakoya.register.models import Relocation
from terakoya.register.relocation import arriving, leaving, package
from terakoya.roster import api as roster
from terakoya.roster.models import Enrolment, SchoolClass
clerk = access.actor_of_account(account_named("clerk"))
"""


@dataclass
class Cities:
    old: Node
    new: Node
    last_day: date
    states: list[str]  # of the rosters as they were filled

    def at(self, node: Node, code: str) -> str:
        """Let the clerk of a city do something, beside the node or while it is down; what is printed."""
        return run_on(node, ACT + code).strip()

    def again(self, node: Node) -> None:
        node.start(prepare=False)
        node.wait()

    def state(self, node: Node) -> str:
        return str(rows(node, "SELECT state FROM register_relocation")[0][0])


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cities]:
    root, port, today = tmp_path_factory.mktemp("cities"), free_ports(2), clock.today()
    nodes = [
        Node("city", name, port + number, root / str(number), {"TERAKOYA_JOB_LONGEST_PAUSE_SECONDS": "1"})
        for number, name in enumerate(NAMES)
    ]
    shown = list[list[str]]()
    try:
        for node in nodes:
            node.start()
        for number, node in enumerate(nodes):
            node.wait()
            files = root / f"town{number}"
            files.mkdir()
            package = demo_town.write_city_package(demo_town.make_town(40 + number, today, pupils=40), files)
            shown.append(run_on(node, FILLED.format(package=str(package))).split("\n"))
        for number, node in enumerate(nodes):
            run_on(node, _acquainted(nodes[1 - number], shown[1 - number][0]))
        yield Cities(*nodes, today + timedelta(days=7), [one[1] for one in shown])
    finally:
        for node in nodes:
            node.terminate()
        for node in nodes:
            node.wait_until_gone()


FILLED = """
from pathlib import Path
from terakoya.identity.api import create_account, public_jwk
from terakoya.roster import api as roster
roster.import_package(Path({package!r}), by="clerk")
create_account("clerk", display_name="clerk", is_administrator=True)
print(public_jwk())
print(roster.state())
"""


def _acquainted(other: Node, jwk: str) -> str:
    return (
        "from terakoya.exchange.models import Partner\nfrom terakoya.identity.api import thumbprint\n"
        f"jwk = {jwk}\nmember = {{'kty': jwk['kty'], 'crv': jwk['crv'], 'x': jwk['x']}}\n"
        f"told = {{'uri': {other.url!r}, 'name': {other.name!r}, 'kind': 'city', 'jwk': member}}\n"
        "Partner.objects.create(**told, kid=thumbprint(member))"
    )


def test_a_pupil_moves_while_each_side_is_killed_between_the_steps(cities: Cities) -> None:
    old, new, last = cities.old, cities.new, cities.last_day

    # prepared and sent while the new city is down and the old one is killed right after
    new.kill()
    person = cities.at(
        old,
        f"""
homerooms = Enrolment.objects.filter(role="student", school_class__kind="homeroom", school_class__special_needs=False)
pupil = homerooms.first().person_id
going = leaving.prepare(pupil, date.fromisoformat({last.isoformat()!r}), "partner", to={new.url!r}, by=clerk)
leaving.send(going, by=clerk)
print(pupil)
""",
    )
    old.kill()
    cities.again(new)
    cities.again(old)
    until(lambda: cities.state(old) == "received", "the package has arrived")

    # taken in while the old city is down; the new one is killed before it could tell
    old.kill()
    new.kill()
    first = last + timedelta(days=10)
    accept = f"""
came = Relocation.objects.get()
grade = package.kept(came.package).mover.grade
room = SchoolClass.objects.filter(kind="homeroom", grades=grade).first()
arriving.accept(came, room, date.fromisoformat({first.isoformat()!r}), by=clerk)
"""
    cities.at(new, accept)
    cities.again(new)
    cities.again(old)
    until(lambda: cities.state(old) == "accepted", "the old city knows that the pupil was taken in")
    places = {node.name: _places(node, person) for node in (old, new)}
    assert places[old.name][0][1] == places[new.name][0][0] == first.isoformat()  # neither a gap nor an overlap

    # taken back while the old city is down
    old.kill()
    new_state = cities.at(new, "arriving.take_back(Relocation.objects.get(), by=clerk)\nprint(roster.state())")
    cities.again(old)
    until(lambda: cities.state(old) == "received", "the old city has the pupil again")
    assert [cities.at(old, "print(roster.state())"), new_state] == cities.states

    # and taken in once more
    cities.at(new, accept)
    until(lambda: cities.state(old) == "accepted", "the old city knows it again")
    assert [len(_places(node, person)) for node in (old, new)] == [1, 1]
    packages = {rows(node, "SELECT digest, package FROM register_relocation")[0] for node in (old, new)}
    assert len(packages) == 1


def test_both_logs_have_a_line_for_the_family(cities: Cities) -> None:
    for node, what in ((cities.old, "relocation_sent"), (cities.new, "relocation_received")):
        told = cities.at(node, "print([one.what for one in access.accesses_of(Relocation.objects.get().person)])")
        assert told.count(f"'{what}'") == 1, told


def _places(node: Node, person: str) -> list[tuple[str, ...]]:
    sql = (
        "SELECT e.begins, e.ends FROM roster_enrolment e JOIN roster_schoolclass c ON c.uuid = e.school_class_id "
        "WHERE replace(e.person_id, '-', '') = ? AND e.role = 'student' AND c.kind = 'homeroom' ORDER BY e.begins"
    )
    return rows(node, sql, person.replace("-", ""))
