"""How long it takes to say whom an actor may see, out of ten thousand pupils: as a list, one by one, and by a search.

A city's roster of 10,000 pupils in 250 classes of 40, in an SQLite database of its own in a temporary folder.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

PUPILS, CLASS_SIZE, SCHOOLS = 10_000, 40, 10
BEGINS, ENDS = date(2020, 4, 1), date(2040, 3, 31)
RECORDS = ("activity.learning_school", "teaching")
REGISTER = ("subject.contact", "school_administration")
SEARCHES = (("homeroom teacher", "p1"), ("head", "p9"), ("clerk", "p1"), ("clerk", "k1"), ("clerk", "やまだ"))
TIMES = 7


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="terakoya-benchmark-") as folder:
        _node(Path(folder))
        actors = _town()
        print("| who | use | persons | list, ms | CPU, ms | one by one, ms | queries of the list |")
        print("|---|---|---|---|---|---|---|")
        for who, use in (("homeroom teacher", RECORDS), ("head", RECORDS), ("clerk", REGISTER), ("guardian", RECORDS)):
            _line(who, actors[who], use if who != "guardian" else (RECORDS[0], "own_use"))
        print("\n| who | searches | found | a page of 50, ms | CPU, ms | how many, ms | CPU, ms |")
        print("|---|---|---|---|---|---|---|")
        for who, text in SEARCHES:
            _search(who, actors[who], text)


def _node(folder: Path) -> None:
    os.environ.update(TERAKOYA_KIND="city", TERAKOYA_DATA_DIR=str(folder), TERAKOYA_LOG_LEVEL="WARNING")
    os.environ.update(TERAKOYA_BASE_URL="http://127.0.0.1:8159", TERAKOYA_WORKER="none")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terakoya.node.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _line(who: str, actor: object, use: tuple[str, str]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from terakoya.access import api as access
    from terakoya.roster.models import Person

    def listed() -> list[object]:
        return list(Person.objects.filter(access.visible(actor, *use)).values_list("uuid", flat=True))

    everybody = list(Person.objects.values_list("uuid", flat=True))
    with CaptureQueriesContext(connection) as queries:
        seen = listed()
    taken, cpu = _median(listed)
    single, _cpu = _median(lambda: access.may_each(actor, *use, everybody), times=1)
    print(f"| {who} | {' / '.join(use)} | {len(seen)} | {taken:.1f} | {cpu:.1f} | {single:.0f} | {len(queries)} |")


def _search(who: str, actor: object, text: str) -> None:
    """What the page that finds people asks of the database: the first page, and how many there are."""
    from terakoya.access import api as access
    from terakoya.kit import clock
    from terakoya.roster import api as roster

    def found() -> "QuerySet[Any]":
        use = ("subject.identity", "school_administration", "person")
        return roster.pupils_called(text, clock.today()).filter(access.visible(actor, *use))

    figures = (*_median(lambda: list(found()[:50])), *_median(lambda: found().count()))
    print(f"| {who} | {text} | {found().count()} | " + " | ".join(f"{figure:.1f}" for figure in figures) + " |")


def _median(work: Callable[[], object], times: int = TIMES) -> tuple[float, float]:
    """The median time of one call and of its CPU, in milliseconds."""
    taken, cpu = [], []
    for _ in range(times):
        before, before_cpu = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - before) * 1000)
        cpu.append((time.process_time() - before_cpu) * 1000)
    return statistics.median(taken), statistics.median(cpu)


def _town() -> dict[str, object]:
    """The roster, written at once, and the actors who ask."""
    from terakoya.access import api as access
    from terakoya.identity.api import create_account
    from terakoya.roster.models import Enrolment, Guardianship, Organisation, Person, Role

    people = [Person(sourced_id=f"p{n}", display_family=f"p{n}", grade="P5") for n in range(PUPILS)]
    staff = [Person(sourced_id=name, display_family=name) for name in ("teacher", "head", "guardian")]
    Person.objects.bulk_create([*people, *staff], batch_size=500)
    classes = _classes()
    pupils = [
        Enrolment(sourced_id=f"e{n}", person=one, school_class=classes[n // CLASS_SIZE], role="student", begins=BEGINS)
        for n, one in enumerate(people)
    ]
    Enrolment.objects.bulk_create(pupils, batch_size=500)
    teacher, head, guardian = staff
    Enrolment.objects.create(sourced_id="t", person=teacher, school_class=classes[0], role="teacher", begins=BEGINS)
    for place, (one, name) in enumerate(((teacher, "teacher"), (head, "principal"), (guardian, "guardian"))):
        school = Organisation.objects.get(sourced_id="s0")
        Role.objects.create(sourced_id=f"r{place}", person=one, organisation=school, name=name, begins=BEGINS)
    for child in people[:2]:
        Guardianship.objects.create(guardian=guardian, child=child, begins=BEGINS)
    accounts = {
        who: create_account(one.sourced_id, display_name=who, person=one.uuid)
        for who, one in (("homeroom teacher", teacher), ("head", head), ("guardian", guardian))
    }
    accounts["clerk"] = create_account("clerk", display_name="clerk", is_administrator=True)
    return {who: access.actor_of_account(account) for who, account in accounts.items()}


def _classes() -> list:
    from terakoya.roster.models import AcademicSession, Course, Organisation, SchoolClass

    schools = [Organisation(sourced_id=f"s{n}", name=f"s{n}", kind="school") for n in range(SCHOOLS)]
    Organisation.objects.bulk_create(schools)
    year = AcademicSession.objects.create(
        sourced_id="y", title="y", kind="schoolYear", begins=BEGINS, ends=ENDS, school_year=2026
    )
    courses = [
        Course.objects.create(sourced_id=f"c{n}", title="c", organisation=one, session=year)
        for n, one in enumerate(schools)
    ]
    classes = [
        SchoolClass(
            sourced_id=f"k{n}",
            title=f"k{n}",
            kind="homeroom",
            school=schools[n % SCHOOLS],
            course=courses[n % SCHOOLS],
            begins=BEGINS,
            ends=ENDS,
        )
        for n in range(PUPILS // CLASS_SIZE)
    ]
    SchoolClass.objects.bulk_create(classes)
    return classes
