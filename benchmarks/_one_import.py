"""What ``roster`` measures, each in a process of its own: an import, a reader, and the peers. Prints what it took."""

import json
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

USERS, ENROLMENTS = 600_000, 5_000_000  # of the prefecture


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
    """The peers: so many users with account, role and enrolments, by ``bulk_create`` or row by row."""
    before = time.perf_counter()
    for model, keys, rows in _tables(int(count)):
        if how == "bulk":
            model.objects.bulk_create((model(**one) for one in rows), batch_size=1000)
        else:
            for one in rows:
                model.objects.update_or_create(**{name: one.get(name) for name in keys}, defaults=one)
    print(json.dumps({"seconds": time.perf_counter() - before}))


def _tables(users: int) -> Iterator[tuple[Any, tuple[str, ...], Iterator[dict[str, Any]]]]:
    """The rows of a share of the prefecture, table by table, and by what the peer finds a row."""
    from terakoya.identity.models import Account
    from terakoya.roster.models import Enrolment, Organisation, Person, Role

    chance = random.Random(20)  # noqa: S311
    people, classes = ([UUID(int=chance.getrandbits(128)) for _ in range(many)] for many in (users, 20_000))
    school = Organisation.objects.create(sourced_id=f"school {users}", name="school", kind="school").pk
    period = {"begins": date(2026, 4, 1), "stated_begins": date(2026, 4, 1)}
    named = dict.fromkeys(("official_family", "display_family"), "佐藤") | {"kana_family": "サトウ", "grade": "P1"}
    yield (
        Person,
        ("uuid",),
        (
            {"uuid": key, "sourced_id": str(key), "username": str(key), "primary_organisation_id": school, **named}
            for key in people
        ),
    )
    yield Account, ("person",), ({"person": key, "username": str(key), "display_name": "佐藤"} for key in people)
    role = {"organisation_id": school, "name": "student", **period}
    living = ("sourced_id", "closed_by")
    yield Role, living, ({"sourced_id": f"role-{key}", "person_id": key, **role} for key in people)
    place = {"role": "student", "number": 1, "ends": date(2027, 4, 1), **period}
    yield (
        Enrolment,
        living,
        (
            {
                "sourced_id": str(UUID(int=chance.getrandbits(128))),
                "person_id": people[n % users],
                "school_class_id": classes[n % len(classes)],
                **place,
            }
            for n in range(users * ENROLMENTS // USERS)
        ),
    )


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
