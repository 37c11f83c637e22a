"""Kills an import at random moments and looks at what is left. Run by ``test_killed`` as a process of its own, as it
forks; needs a node without a roster, and two packages. Prints ``whole`` when nothing was ever half written."""

import os
import random
import signal
import sys
import time
from pathlib import Path

import django

TIMES = 10


def main(packages: tuple[Path, Path]) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)

    from terakoya.roster.api import Change, state, undo

    def states_after(*packages: Path) -> list[str]:
        states = []
        for package in packages:
            assert ended_well(import_in_a_child(package))
            states.append(state())
        return states

    def take_back() -> None:
        undo(Change.objects.latest("number"), by="killed")

    old, new = states_after(*packages)
    assert old != new
    take_back()
    before = time.monotonic()
    assert states_after(packages[1]) == [new]
    seconds = time.monotonic() - before
    take_back()
    chance = random.Random(20)
    for _ in range(TIMES):
        child = import_in_a_child(packages[1])
        time.sleep(chance.random() * seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = state()
        assert found in (old, new), "half written"
        if found == new:
            take_back()
    assert states_after(packages[1]) == [new]
    print("whole")


def import_in_a_child(package: Path) -> int:
    from django.db import connections

    from terakoya.roster.api import import_package

    connections.close_all()
    child = os.fork()
    if child == 0:
        import_package(package, by="killed", confirm_removals=True)
        os._exit(0)
    return child


def ended_well(child: int) -> bool:
    return os.waitpid(child, 0)[1] == 0


if __name__ == "__main__":
    main((Path(sys.argv[1]), Path(sys.argv[2])))
