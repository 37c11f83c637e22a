"""A pull: the lists of a server read page by page, written as a package, and taken over with all its checks.

The place where it stands is written down after each page, so it goes on there after a crash or a night of silence.
The next reading asks for what has changed since the moment before this one began, that moment included: better twice
than never.
"""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.kit import clock, jobs
from terakoya.roster import api as roster
from terakoya.roster.errors import PackageRefused

from . import origins, rows
from .errors import Away, CannotRead
from .models import Origin, Pull
from .parts import DELETED, Parts
from .reading import SCOPES, Server

AT_A_TIME_SECONDS = 20.0
OVERLAP = timedelta(minutes=5)  # clocks differ
TOPIC = "oneroster.pull"


def begin(origin: Origin, *, by: str, whole: bool = True) -> Pull:
    """Begin to read a server, or go on with the reading that is under way. The work is done by jobs."""
    with transaction.atomic():
        Origin.objects.select_for_update().get(pk=origin.pk)
        under_way = origin.pulls.filter(state=Pull.State.READING).first()
        if under_way is not None:
            return under_way
        now = clock.now()
        pull = Pull.objects.create(
            origin=origin, is_whole=whole or origin.since is None, by=by[:150], begun_at=now, read_from=now - OVERLAP
        )
        jobs.enqueue(TOPIC, {"pull": str(pull.uuid)})
    return pull


@jobs.handles(TOPIC)
def go_on(body: dict[str, str]) -> None:
    """Read for a while; what is left is done by the next job, so that others get their turn."""
    pull = Pull.objects.filter(uuid=body["pull"], state=Pull.State.READING).select_related("origin").first()
    if pull is None:
        return
    try:
        if read(pull, seconds=AT_A_TIME_SECONDS):
            take_over(pull)
        else:
            jobs.enqueue(TOPIC, body)
    except Away as fault:
        Pull.objects.filter(pk=pull.pk).update(fault=fault.sentence[:500])
        raise jobs.TryLater(fault.sentence) from fault
    except CannotRead as fault:
        _end(pull, Pull.State.STOPPED, fault=fault.sentence)


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


def take_over(pull: Pull) -> None:
    """Make a package of what was read and take it over; a refusal is kept with its findings, like that of a file."""
    parts, package = Parts(folder_of(pull)), folder_of(pull).with_suffix(".zip")
    more = () if pull.is_whole else list(_roles_given_up(parts))
    parts.write_package(package, is_whole=pull.is_whole, more=more)
    try:
        report = roster.import_package(package, by=pull.by, file_name=pull.origin.name, kind=roster.Change.Kind.PULL)
    except PackageRefused as refusal:
        _end(pull, Pull.State.REFUSED, entry=refusal.report.entry)
        return
    finally:
        package.unlink(missing_ok=True)
    with transaction.atomic():
        Origin.objects.filter(pk=pull.origin_id).update(since=pull.read_from)
        _end(pull, Pull.State.DONE, entry=report.entry)


def folder_of(pull: Pull) -> Path:
    """Where a pull keeps what it has read."""
    folder: Path = settings.DATA_DIR / "pulls" / str(pull.uuid)
    return folder


def _read_list(pull: Pull, server: Server, parts: Parts, name: str, until: float) -> bool:
    address = pull.place.get("next") or server.first(name, **_asked(pull))
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


def _asked(pull: Pull) -> dict[str, str]:
    """In one order, so that a list read in pages holds each once; later times only what has changed."""
    order = {"sort": "sourcedId", "orderBy": "asc"}
    if pull.is_whole:
        return order
    since: datetime = pull.origin.since or pull.read_from
    moment = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {**order, "filter": f"dateLastModified>='{moment}'"}


def _roles_given_up(parts: Parts) -> Iterator[tuple[str, rows.Row]]:
    """Roles that users have no longer: the service tells a user's roles, not that one has gone."""
    told = {row["sourcedId"] for row in parts.rows("roles")}
    changed = {row["sourcedId"]: row["dateLastModified"] for row in parts.rows("users")}
    held = roster.rows_of("Role").filter(closed_by=None, person__sourced_id__in=list(changed))
    columns = ("sourced_id", "person__sourced_id", "organisation__sourced_id", "name", "is_primary")
    for key, user, organisation, role, is_primary in held.values_list(*columns):
        if key not in told:
            yield (
                "roles",
                {
                    "sourcedId": key,
                    "status": DELETED,
                    "dateLastModified": changed[user],
                    "userSourcedId": user,
                    "roleType": "primary" if is_primary else "secondary",
                    "role": role,
                    "orgSourcedId": organisation,
                },
            )


def _end(pull: Pull, state: Pull.State, **facts: object) -> None:
    Pull.objects.filter(pk=pull.pk).update(state=state, ended_at=clock.now(), **facts)
    shutil.rmtree(folder_of(pull), ignore_errors=True)
