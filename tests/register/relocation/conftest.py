"""A pupil of the make-believe town, and another municipality with a key and a server of its own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import transaction
from joserfc import jws
from joserfc.jwk import OKPKey

from terakoya.access import api as access
from terakoya.identity import api as identity
from terakoya.identity.api import Account
from terakoya.kit import clock
from terakoya.register.relocation import package, receipts
from terakoya.roster import api as roster
from terakoya.roster.models import Enrolment, Organisation, Person, SchoolClass
from terakoya.roster.movers import Guard, Hiding, Stay
from tests.exchange.conftest import work
from tests.exchange.other_node import OtherNode

LAST_DAY = date(2026, 12, 25)
Schools = dict[str, Organisation]
__all__ = ["LAST_DAY", "City", "Schools", "work"]


class City:
    """The other municipality: it makes packages of its own, and answers those that it is brought."""

    def __init__(self, node: OtherNode) -> None:
        self.node, self.uri, self.name = node, node.uri, node.name
        self.state, self.decisions = "received", list[dict[str, Any]]()
        node.answer("/messages/relocation$", self._took)
        node.answer("/messages/relocation-withdrawal$", lambda heard: (200, self._standing("")))

    @property
    def packages(self) -> list[str]:
        """The packages that it was brought."""
        return [one.json["package"] for one in self.node.heard if one.path.endswith("/relocation")]

    def post(self, topic: str, body: dict[str, Any], **more: Any) -> Any:
        return self.node.post(f"/exchange/messages/{topic}", body, **more)

    def accepts(self, digest: str, day: date, school: str = "New school") -> dict[str, Any]:
        """Its decision to take a pupil in, with a receipt from a log."""
        with transaction.atomic():
            entry = access.record_event(access.node_actor(), "relocation_taken_in", [], "elsewhere")
            given = receipts.receipt(digest, entry)
        self.decisions.append(
            {"kind": "accepted", "day": day.isoformat(), "school": school, "reason": "", "receipt": given}
        )
        return self.decisions[-1]

    def decides(self, kind: str, reason: str = "") -> None:
        self.decisions.append({"kind": kind, "day": None, "school": "", "reason": reason, "receipt": None})

    def tell(self, number: UUID) -> Any:
        return self.post("relocation-decision", {"relocation": str(number), "decisions": self.decisions})

    def sign(self, made: package.Package, node: OtherNode | None = None, **header: str) -> str:
        """A package with its signature (or with that of another node)."""
        signer = node or self.node
        pem = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        heading = {"alg": package.ALGORITHM, "typ": package.TYPE, "kid": signer.kid, **header}
        return jws.serialize_compact(
            heading, msgspec.json.encode(made), OKPKey.import_key(pem), algorithms=[package.ALGORITHM]
        )

    def package(self, mover: roster.Mover, **facts: Any) -> package.Package:
        said: dict[str, Any] = {
            "relocation": uuid4(),
            "issuer": self.uri,
            "issuer_name": self.name,
            "audience": identity.node_uri(),
            "audience_name": "here",
            "made_at": clock.now(),
            "school": "Old school",
            "last_day": LAST_DAY,
            "mover": mover,
        }
        return package.Package(**{**said, **facts})

    def _took(self, heard: Any) -> tuple[int, Any]:
        return 200, self._standing(package.digest_of(heard.json["package"]))

    def _standing(self, digest: str) -> dict[str, Any]:
        return {"state": self.state, "digest": digest, "decisions": self.decisions}


@pytest.fixture
def other_city(db: None) -> Iterator[City]:
    node = OtherNode("city", "The other city")
    node.enrolled()
    yield City(node)
    node.close()


@pytest.fixture
def room(schools: Schools) -> SchoolClass:
    return SchoolClass.objects.get(school=schools["hibari"], title="5年2組")


@pytest.fixture
def pupil(room: SchoolClass) -> Person:
    """A pupil of a homeroom who has two guardians."""
    rows = Enrolment.objects.filter(school_class=room, role="student").select_related("person").order_by("number")
    return next(row.person for row in rows if len(roster.guardians_of(row.person_id)) == 2)


@pytest.fixture
def clerk(board: Account) -> access.Actor:
    return access.actor_of_account(board)


@pytest.fixture
def newcomer() -> roster.Mover:
    """Somebody of the other municipality, in the fifth year, with a mother."""
    names = {"official_family": "髙橋", "official_given": "葵", "display_family": "高橋", "display_given": "葵"}
    read = {"kana_family": "タカハシ", "kana_given": "アオイ"}
    mother = Guard(
        key=uuid4(), official_family="高橋", official_given="美咲", relation="mother", since=date(2015, 5, 6)
    )
    return roster.Mover(
        pupil=roster.Named(key=uuid4(), **names, **read),
        birth_date=date(2015, 5, 6),
        sex="female",
        grade="P5",
        stays=[Stay(school="Old school", grade="P5", begins=date(2026, 4, 1), ends=date(2027, 4, 1))],
        guardians=[mother],
    )


@pytest.fixture
def hidden(newcomer: roster.Mover) -> roster.Mover:
    """The same with somebody from whom pupil and mother are hidden."""
    father = roster.Named(key=uuid4(), official_family="山田", official_given="太郎")
    keys = (newcomer.pupil.key, newcomer.guardians[0].key)
    orders = [Hiding(person=key, hidden_from=father, since=date(2026, 11, 1)) for key in keys]
    return replace(newcomer, hidings=orders)


@pytest.fixture
def bring(other_city: City) -> Callable[..., Any]:
    """A function by which the other municipality brings a pupil here."""

    def brought(mover: roster.Mover, **facts: Any) -> Any:
        return other_city.post("relocation", {"package": other_city.sign(other_city.package(mover, **facts))})

    return brought
