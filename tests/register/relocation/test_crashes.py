"""A crash between any two steps of a move: done again, it ends as if nothing had happened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from terakoya.access import api as access
from terakoya.kit import clock
from terakoya.register.models import Relocation
from terakoya.register.relocation import arriving, bringing, leaving, messages
from terakoya.roster import api as roster
from terakoya.roster.models import Enrolment, Person, SchoolClass

from .conftest import LAST_DAY, City, work

FIRST = LAST_DAY + timedelta(days=14)
Bring = Callable[..., Any]


class Killed(BaseException):
    """The process is killed: nothing below catches it."""


@pytest.fixture
def crash(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that makes the process die the first time it comes to a function of ``bringing``."""

    def at(name: str) -> None:
        real, times = getattr(bringing, name), iter([True])

        def dies(*args: Any, **more: Any) -> Any:
            if next(times, False):
                raise Killed(name)
            return real(*args, **more)

        monkeypatch.setattr(bringing, name, dies)

    return at


def work_through() -> None:
    """Work, be killed, and work again a while later, when the claims of the dead process are free."""
    with pytest.raises(Killed):
        work()
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        work()


@pytest.mark.parametrize("point", ["_ask", "_note", "_carry_out"])
def test_the_package_is_brought_all_the_same(
    point: str, pupil: Person, other_city: City, clerk: access.Actor, crash: Callable[[str], None]
) -> None:
    going = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    leaving.send(going, by=clerk)
    crash(point)
    work_through()
    going.refresh_from_db()
    assert going.state == "received"
    assert len(set(other_city.packages)) == 1
    assert list(going.events.values_list("kind", flat=True)) == ["prepared", "sent", "received"]


@pytest.mark.parametrize("point", ["_ask", "_note"])
def test_the_withdrawal_is_brought_all_the_same(
    point: str, pupil: Person, other_city: City, clerk: access.Actor, crash: Callable[[str], None]
) -> None:
    going = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    leaving.send(going, by=clerk)
    work()
    other_city.state = "withdrawn"
    leaving.withdraw(going, by=clerk)
    crash(point)
    work_through()
    going.refresh_from_db()
    assert going.state == "withdrawn"


def test_the_decision_is_told_all_the_same(
    bring: Bring,
    newcomer: roster.Mover,
    room: SchoolClass,
    clerk: access.Actor,
    other_city: City,
    crash: Callable[[str], None],
) -> None:
    other_city.node.answer("/relocation-decision", lambda heard: (200, {"decisions": len(heard.json["decisions"])}))
    bring(newcomer)
    came = arriving.accept(Relocation.objects.get(), room, FIRST, by=clerk)
    crash("_ask")
    work_through()
    came.refresh_from_db()
    assert came.told == 1


@pytest.mark.parametrize("step", ["take_in", "record_access", "receipt", "tell_soon"])
def test_half_of_an_acceptance_is_never_kept(
    step: str,
    bring: Bring,
    newcomer: roster.Mover,
    room: SchoolClass,
    clerk: access.Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bring(newcomer)
    before, came = roster.state(), Relocation.objects.get()
    owner = {"take_in": arriving.roster, "record_access": access, "receipt": arriving.receipts, "tell_soon": arriving}
    real = getattr(owner[step], step)

    def done_and_dead(*args: Any, **more: Any) -> None:
        real(*args, **more)
        raise Killed(step)

    with monkeypatch.context() as patch:
        patch.setattr(owner[step], step, done_and_dead)
        with pytest.raises(Killed):
            arriving.accept(came, room, FIRST, by=clerk)
    came.refresh_from_db()
    assert (came.state, roster.state()) == ("received", before)
    assert arriving.accept(came, room, FIRST, by=clerk).state == "accepted"
    assert Enrolment.objects.filter(person=newcomer.pupil.key).count() == 1


@pytest.mark.parametrize("step", ["leave", "happen"])
def test_half_of_a_closing_is_never_kept(
    step: str, pupil: Person, other_city: City, clerk: access.Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = leaving.prepare(pupil.uuid, LAST_DAY, "partner", to=other_city.uri, by=clerk)
    leaving.send(going, by=clerk)
    work()
    going.refresh_from_db()
    other_city.accepts(going.digest, FIRST)
    before, owner = roster.state(), {"leave": messages.ending, "happen": messages.states}[step]
    real = getattr(owner, step)

    def done_and_dead(*args: Any, **more: Any) -> None:
        real(*args, **more)
        raise Killed(step)

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, done_and_dead)
        with pytest.raises(Killed):
            other_city.tell(going.uuid)
    going.refresh_from_db()
    assert (going.state, roster.state()) == ("received", before)
    assert other_city.tell(going.uuid).status_code == 200
    going.refresh_from_db()
    assert going.state == "accepted"
