"""A pull: the lists of a server read page by page, written as a package, and taken over with all its checks.

The place where it stands is written down after each page, so it goes on there after a crash or a night of silence.
"""

import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.kit import clock, jobs
from terakoya.roster import api as roster
from terakoya.roster.errors import PackageRefused

from . import changes, origins, rows
from .errors import Away, CannotRead
from .models import Origin, Pull
from .parts import Parts
from .reading import SCOPES, Server

AT_A_TIME_SECONDS = 20.0
TOPIC = "oneroster.pull"


def begin(origin: Origin, *, by: str, whole: bool = False, confirm_removals: bool = False) -> Pull:
    """Begin to read a server, or go on with the reading that is under way. The work is done by jobs.

    whole: everything anew; otherwise what has changed since the last time, where there was one
    confirm_removals: a deliberate yes to ending more than a tenth of the enrolments
    """
    with transaction.atomic():
        Origin.objects.select_for_update().get(pk=origin.pk)
        under_way = origin.pulls.filter(state=Pull.State.READING).first()
        if under_way is not None:
            return under_way
        now = clock.now()
        is_whole = whole or origin.since is None
        pull = Pull.objects.create(origin=origin, is_whole=is_whole, by=by[:150], begun_at=now)
        jobs.enqueue(TOPIC, {"pull": str(pull.uuid), "confirm_removals": confirm_removals})
    return pull


@jobs.handles(TOPIC)
def go_on(body: dict[str, Any]) -> None:
    """Read for a while; what is left is done by the next job, so that others get their turn."""
    pull = Pull.objects.filter(uuid=body["pull"], state=Pull.State.READING).select_related("origin").first()
    if pull is None:
        return
    try:
        if read(pull, seconds=AT_A_TIME_SECONDS):
            take_over(pull, confirm_removals=body.get("confirm_removals", False))
        else:
            jobs.enqueue(TOPIC, body)
    except Away as fault:
        Pull.objects.filter(pk=pull.pk).update(fault=fault.sentence[:500])
        raise jobs.TryLater(fault.sentence) from fault
    except CannotRead as fault:
        _end(pull, Pull.State.STOPPED, fault=fault.sentence)


def read_on() -> int:
    """Do what is due of the readings under way, here and now; how many steps were done."""
    return jobs.run_waiting(topic=TOPIC)


def read(pull: Pull, *, seconds: float | None = None) -> bool:
    """Read on; whether everything is there. Raises ``Away`` and ``CannotRead``; what was read until then is kept."""
    origin, parts, until = pull.origin, Parts(folder_of(pull)), time.monotonic() + (seconds or float("inf"))
    server = Server(
        origin.base, origin.token_address, origin.client_id, origins.secret_of(origin), SCOPES[origin.version]
    )
    try:
        parts.cut_to(pull.place.get("sizes", {}))
        for name in rows.LISTS[pull.place.get("list", 0) :]:
            if not _read_list(pull, server, parts, name, until):
                return False
    finally:
        server.close()
    return True


def take_over(pull: Pull, *, confirm_removals: bool = False) -> None:
    """Make a package of what was read and take it over; a refusal is kept with its findings, like that of a file."""
    parts, package = Parts(folder_of(pull)), folder_of(pull).with_suffix(".zip")
    if not pull.is_whole:
        parts.add(changes.roles_given_up(parts))
        if parts.are_empty():
            _done(pull)
            return
    parts.write_package(package, is_whole=pull.is_whole)
    try:
        report = roster.import_package(
            package,
            by=pull.by,
            file_name=pull.origin.name,
            kind=roster.Change.Kind.PULL,
            confirm_removals=confirm_removals,
        )
    except PackageRefused as refusal:
        _end(pull, Pull.State.REFUSED, entry=refusal.report.entry)
        return
    finally:
        package.unlink(missing_ok=True)
    _done(pull, entry=report.entry)


def folder_of(pull: Pull) -> Path:
    """Where a pull keeps what it has read."""
    folder: Path = settings.DATA_DIR / "pulls" / str(pull.uuid)
    return folder


def _read_list(pull: Pull, server: Server, parts: Parts, name: str, until: float) -> bool:
    address = pull.place.get("next") or server.first(name, **changes.asked_for(pull))
    while address:
        if time.monotonic() > until:
            return False
        page = server.page(address, name)
        parts.add(row for one in page.objects for row in rows.rows(name, one))
        pull.counts[name] = pull.counts.get(name, 0) + len(page.objects)
        address = page.next
        is_over = not address
        pull.place = {
            "list": rows.LISTS.index(name) + is_over,
            "next": address,
            "sizes": parts.sizes(),
            "total": {**pull.place.get("total", {}), name: page.total},
        }
        pull.save(update_fields=["place", "counts"])
    _compare_count(pull, name)
    return True


def _compare_count(pull: Pull, name: str) -> None:
    """A list that gave less than it said it has is not taken for the whole: what is missing would be ended."""
    total, count = pull.place["total"].get(name), pull.counts.get(name, 0)
    if pull.is_whole and total is not None and count < total:
        raise CannotRead(
            _("The server says that it has %(total)s of %(name)s, and gave %(count)s. Nothing was taken over.")
            % {"total": total, "name": name, "count": count}
        )


def _done(pull: Pull, **facts: object) -> None:
    with transaction.atomic():
        Origin.objects.filter(pk=pull.origin_id).update(since=pull.begun_at)
        _end(pull, Pull.State.DONE, fault="", **facts)


def _end(pull: Pull, state: Pull.State, **facts: object) -> None:
    Pull.objects.filter(pk=pull.pk).update(state=state, ended_at=clock.now(), **facts)
    shutil.rmtree(folder_of(pull), ignore_errors=True)
