"""Making a release at the city, and taking one in at the nation."""

from typing import Any

from django.conf import settings
from django.db import transaction

from terakoya.access import api as access
from terakoya.exchange import api as exchange
from terakoya.kit import clock, jobs

from .errors import ReleaseRefused
from .messages import TOPIC, CellBody, ReleaseBody, cells_of, read_release, write_release
from .models import Cell, Release
from .policy import rules
from .queries import release_of, rows_of, settled_term
from .suppression import table

CATEGORY, PURPOSE = "activity.learning_school", "statistics"


def make_release() -> Release | None:
    """Make the release of the latest settled term, log it, and put it on its way to the nation.

    A term is released once: a second call gives the first one's release. None when the term has no records.
    """
    term = settled_term()
    with transaction.atomic():
        known = release_of(term)
        if known is not None:
            return known
        shown = table(rows_of(term), rules())
        if not shown:
            return None
        release = Release(first_day=term.first_day, last_day=term.last_day)
        _keep_own(release, cells_of(shown))
        _log(release)
        jobs.enqueue("research.send", {"release": str(release.uuid)}, key=f"research.send:{release.uuid}")
    return release


def send_release(release: Release) -> None:
    """Hand a release to the exchange for each nation it knows; ``TryLater`` as long as it knows none."""
    nations = exchange.partners(kind="nation")
    if not nations:
        raise jobs.TryLater("no nation is in the registry yet")
    body = write_release(_body_of(release))
    with transaction.atomic():
        for nation in nations:
            exchange.send(nation.uri, TOPIC, body, key=f"{TOPIC}:{release.uuid}:{nation.uri}")


def receive_release(partner: exchange.Partner, body: dict[str, Any]) -> dict[str, Any]:
    """Take in the release that a city sent. Raises ``ReleaseRefused``; the same release twice is taken once."""
    if settings.NODE_KIND != "nation" or partner.kind != "city":
        raise ReleaseRefused("releases go from a city to the nation")
    release = read_release(body, rules(), clock.today())
    with transaction.atomic():
        row, new = Release.objects.get_or_create(
            city=partner.uri,
            first_day=release.first_day,
            last_day=release.last_day,
            defaults=_columns(partner, release),
        )
        if new:
            _keep_cells(row, release.cells)
        elif row.uuid != release.release:
            raise ReleaseRefused("this term was released before; a second table could be subtracted from the first")
    return {"release": str(row.uuid)}


def _columns(partner: exchange.Partner, release: ReleaseBody) -> dict[str, Any]:
    return {
        "uuid": release.release,
        "city_name": partner.name,
        "smallest_cell": release.smallest_cell,
        "made_at": release.made_at,
        "received_at": clock.now(),
    }


def _keep_own(release: Release, cells: list[CellBody]) -> None:
    release.city, release.city_name = settings.NODE_URL, settings.NODE_NAME
    release.smallest_cell, release.made_at = rules().smallest_cell, clock.now()
    release.save()
    _keep_cells(release, cells)


def _keep_cells(release: Release, cells: list[CellBody]) -> None:
    Cell.objects.bulk_create(
        Cell(release=release, grade=cell.grade, subject=cell.subject, pupils=cell.pupils, mean=cell.mean)
        for cell in cells
    )


def _log(release: Release) -> None:
    """One entry without subjects: the table tells about nobody, and who was counted is not written down anywhere."""
    actor = access.node_actor()
    decision = access.may(actor, CATEGORY, PURPOSE, None)
    access.record_access(actor, decision, [], CATEGORY, PURPOSE, "statistic", reference=str(release.uuid))


def _body_of(release: Release) -> ReleaseBody:
    return ReleaseBody(
        release=release.uuid,
        first_day=release.first_day,
        last_day=release.last_day,
        smallest_cell=release.smallest_cell,
        made_at=release.made_at,
        cells=[CellBody(cell.grade, cell.subject, cell.pupils, cell.mean) for cell in release.cells.all()],
    )
