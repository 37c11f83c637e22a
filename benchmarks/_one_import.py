"""What ``roster`` measures, each in a process of its own: an import, a reader, and the peers. Prints what it took."""

import json
import os
import random
import resource
import sys
import time
from datetime import date
from pathlib import Path
from uuid import UUID


def take_over(package: str) -> None:
    """One import; its seconds, and the memory that it needed at most."""
    from terakoya.roster.api import import_package

    before, cpu = time.perf_counter(), time.process_time()
    report = import_package(Path(package), by="benchmark", confirm_removals=True)
    taken, cpu = time.perf_counter() - before, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": taken, "cpu": cpu, "megabytes": peak, "counts": report.counts}))


def read(a_second: str) -> None:
    """Ask for a class and its pupils again and again; the milliseconds of each."""
    from terakoya.roster.models import Enrolment, SchoolClass

    keys = list(SchoolClass.objects.values_list("uuid", flat=True)[:500])
    place = 0
    while True:
        before = time.perf_counter()
        key = keys[place % len(keys)] if keys else None
        list(Enrolment.objects.on(date(2026, 11, 24)).filter(school_class=key, role="student").select_related("person"))
        print((time.perf_counter() - before) * 1000, flush=True)
        place += 1
        time.sleep(1 / int(a_second))


def write(count: str, how: str) -> None:
    """The peers: enrolments into the same table, by ``bulk_create`` or row by row."""
    from terakoya.roster.models import Enrolment

    chance = random.Random(20)  # noqa: S311
    people, classes = ([UUID(int=chance.getrandbits(128)) for _ in range(many)] for many in (600_000, 20_000))
    before = time.perf_counter()
    facts = (
        {
            "sourced_id": str(UUID(int=chance.getrandbits(128))),
            "person_id": people[n % len(people)],
            "school_class_id": classes[n % len(classes)],
            "role": "student",
            "number": n % 40,
            "begins": date(2026, 4, 1),
            "ends": date(2027, 4, 1),
        }
        for n in range(int(count))
    )
    if how == "bulk":
        Enrolment.objects.bulk_create((Enrolment(**one) for one in facts), batch_size=1000)
    else:
        for one in facts:
            Enrolment.objects.update_or_create(sourced_id=one["sourced_id"], closed_by=None, defaults=one)
    print(json.dumps({"seconds": time.perf_counter() - before}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terakoya.node.settings")
    import django

    django.setup()
    what, how = sys.argv[1:]
    if how == "import":
        take_over(what)
    elif how == "read":
        read(what)
    else:
        write(what, how)
