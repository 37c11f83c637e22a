"""A withdrawal against a running release: none begins after the withdrawal's commit. Threads and real transactions.

``TERAKOYA_RACES`` is how many in all parts together (60 without it); ``make test-long`` asks for 100,000.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction

from terakoya.access import api as access
from terakoya.access.models import Deciding
from terakoya.exchange import releases
from terakoya.exchange.models import Grant
from terakoya.kit import clock
from tests.exchange.conftest import grown_up, oneself, terms
from tests.exchange.other_node import OtherNode

RACES = int(os.environ.get("TERAKOYA_RACES", "60"))
PARTS = 4  # each may run in a process and on a database of its own
AT_ONCE = 500
__all__ = ["grown_up"]


@pytest.fixture
def juku() -> OtherNode:
    return OtherNode("juku", "The juku")


@pytest.fixture
def real_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The database as it is in a node: SQLite in a file with its write-ahead log, or PostgreSQL."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    kept, name = connection.connection, connection.settings_dict["NAME"]
    with sqlite3.connect(tmp_path / "races.sqlite3") as copy:
        kept.backup(copy)
    settings, options = connection.settings_dict, connection.settings_dict["OPTIONS"]
    connection.connection, settings["NAME"] = None, str(tmp_path / "races.sqlite3")
    # who sees what does not depend on when the disk has it
    quick = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    settings["OPTIONS"] = {**options, "init_command": quick}
    yield
    connection.close()
    connection.connection, settings["NAME"], settings["OPTIONS"] = kept, name, options


def granted(juku: OtherNode, count: int) -> list[Grant]:
    """So many grants under consents like one that was given; the rest are copies of its rows, for speed."""
    first = uuid4()
    given = access.give_consent(terms(first, juku, "tutoring"), by=oneself(first), capacity="self")
    names = [field.attname for field in access.Consent._meta.concrete_fields if field.attname != "id"]
    plain = {name: getattr(given, name) for name in names}
    consents = [access.Consent(**{**plain, "uuid": uuid4(), "subject": uuid4()}) for _ in range(count)]
    access.Consent.objects.bulk_create(consents)
    Deciding.objects.bulk_create(Deciding(subject=consent.subject) for consent in consents)
    access.ConsentEvent.objects.bulk_create(
        access.ConsentEvent(consent=consent, kind="given", at=given.created_at) for consent in consents
    )
    partner = juku.enrolled()
    return Grant.objects.bulk_create(
        Grant(
            side="holder",
            partner=partner,
            consent=consent.uuid,
            subject=consent.subject,
            pairwise=uuid4(),
            dataset_id="learning-records",
            category="activity.learning_school",
            purpose="tutoring",
            valid_until=consent.valid_until,
        )
        for consent in consents
    )


class Releasing(threading.Thread):
    """Decides about each grant as a page of records does: the grant locked, then the consent read.

    About the first it does so once the withdrawal is there, so that both orders are met even by a quick machine.
    """

    def __init__(self, grants: list[Grant], start: threading.Barrier) -> None:
        super().__init__()
        self.grants, self.barrier, self.first_ended = grants, start, threading.Event()
        self.released: dict[int, datetime] = {}
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            for grant in self.grants:
                self.barrier.wait()
                if grant is self.grants[0]:
                    self.first_ended.wait(60)
                with transaction.atomic():
                    [locked] = Grant.objects.select_for_update(no_key=True, of=("self",)).filter(pk=grant.pk)
                    begun = clock.now()
                    if releases.decide(locked, grant.partner) is not None:
                        self.released[grant.pk] = begun
        except BaseException as fault:
            self.fault = fault  # shown by the test
            self.barrier.abort()
        finally:
            connection.close()


def meet(barrier: threading.Barrier, thread: Releasing) -> None:
    try:
        barrier.wait()
    except threading.BrokenBarrierError:
        raise AssertionError("the other thread failed") from thread.fault


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("real_database")
def test_no_release_begins_after_a_withdrawal_is_committed(juku: OtherNode, part: int) -> None:
    ended: dict[int, datetime] = {}
    races = RACES // PARTS + (part < RACES % PARTS)
    done = seen = 0
    while done < races:
        grants = granted(juku, min(AT_ONCE, races - done))
        barrier = threading.Barrier(2)
        thread = Releasing(grants, barrier)
        thread.start()
        for grant in grants:
            meet(barrier, thread)
            access.withdraw(grant.consent, by=None)
            ended[grant.pk] = clock.now()  # after the commit
            thread.first_ended.set()
        thread.join()
        assert thread.fault is None
        late = {pk: begun for pk, begun in thread.released.items() if begun > ended[pk]}
        assert late == {}
        seen += len(thread.released)
        again = Grant.objects.select_related("partner").filter(pk__in=[grant.pk for grant in grants])
        assert all(releases.decide(grant, grant.partner) is None for grant in again)
        done += len(grants)
    juku.close()
    assert seen < done
