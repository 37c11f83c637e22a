"""A large package is written by a process of its own; it waits for whoever asked for it, a day at the longest."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
from django.conf import settings

from terakoya.kit import clock

from . import background
from .exports import write_to
from .models import Enrolment, Organisation, Person

TASK = "write-out"
LARGE_ROWS = 30_000  # people and enrolments: fewer are written in some seconds, while the clerk waits
KEPT = timedelta(hours=24)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A package that somebody asked for. ``school``: its key, "" for all; ``file_name``: once it is written."""

    by: str
    at: datetime
    profile: str
    school: str = ""
    demographics: bool = False
    file_name: str = ""


def is_large(school: Organisation | None) -> bool:
    """Whether the roster of a school (None: of all) is more than a clerk should wait for."""
    if school is not None:
        return Enrolment.objects.filter(school_class__school=school).count() > LARGE_ROWS
    return Person.objects.count() + Enrolment.objects.count() > LARGE_ROWS


def begin(profile: str, school: Organisation | None, *, demographics: bool, by: str) -> UUID:
    """Let another process write a package; the key under which it is asked after."""
    key = uuid4()
    chosen = "" if school is None else str(school.pk)
    _keep(key, Order(by=by, at=clock.now(), profile=profile, school=chosen, demographics=demographics))
    background.start(TASK, key, by=by)
    return key


def begin_again(key: UUID, order: Order) -> None:
    """Begin anew with a package whose process was stopped."""
    background.start(TASK, key, by=order.by)


def work(key: UUID) -> None:
    """Write a package that was asked for, in this process; nothing when another one is at it or it is there."""
    with background.at_work(key) as is_mine:
        order = order_of(key)
        if not is_mine or order is None or order.file_name:
            return
        school = Organisation.objects.get(pk=order.school) if order.school else None
        export = write_to(package(key), order.profile, school, demographics=order.demographics, by=order.by)
        _keep(key, msgspec.structs.replace(order, file_name=export.file_name))


def order_of(key: UUID) -> Order | None:
    """What was asked for under a key; None once it is forgotten."""
    try:
        return msgspec.json.decode(_path(key, "json").read_bytes(), type=Order)
    except FileNotFoundError:
        return None


def orders_of(by: str) -> list[tuple[UUID, Order]]:
    """What somebody asked for and has not been forgotten, the latest first."""
    known = [(UUID(path.stem), order_of(UUID(path.stem))) for path in _folder().glob("*.json")]
    own = [(key, order) for key, order in known if order is not None and order.by == by]
    return sorted(own, key=lambda pair: pair[1].at, reverse=True)


def package(key: UUID) -> Path:
    """Where the package of a key stands, once it is written."""
    return _path(key, "zip")


def forget_old() -> None:
    """Forget packages that were asked for a day ago or longer, and what a stopped process left."""
    for path in _folder().glob("*.json"):
        key = UUID(path.stem)
        order = order_of(key)
        if order and order.at < clock.now() - KEPT and not background.is_at_work(key):
            for left in _folder().glob(f"{key}.*"):
                left.unlink()
            background.forget(key)


def _keep(key: UUID, order: Order) -> None:
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    part = _path(key, "part")
    part.write_bytes(msgspec.json.encode(order))
    part.replace(_path(key, "json"))


def _path(key: UUID, kind: str) -> Path:
    return _folder() / f"{key}.{kind}"


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "roster-exports"
    return folder
