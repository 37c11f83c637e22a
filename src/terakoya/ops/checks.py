"""What ``terakoya check`` looks at: settings, keys, database, clock, the log, and the trust anchor."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from terakoya.audit import api as audit
from terakoya.identity import api as identity
from terakoya.kit import clock

CLOCK_TOLERANCE_SECONDS = 60
FAULTS_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is right, and in words what was seen."""

    subject: str
    right: bool
    seen: str


def check_node() -> list[Finding]:
    """Look at everything; a part that fails does not hide the others."""
    parts = (_configuration, _keys, _database, _log, _witnesses, _anchor)
    return [finding for part in parts for finding in _safely(part)]


def log_faults() -> list[audit.LogFault]:
    """What was lately seen in the logs of other nodes."""
    return audit.faults_of_others(since=clock.now() - FAULTS_SHOWN)


def _safely(part: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(part())
    except Exception as fault:
        return [Finding(part.__name__.strip("_"), False, f"{type(fault).__name__}: {fault}")]


def _configuration() -> Iterator[Finding]:
    yield Finding("kind", True, settings.NODE_KIND)
    yield Finding("address", True, settings.NODE_URL)
    yield Finding("legal regime", True, settings.NODE_REGIME)
    yield Finding("data folder", settings.DATA_DIR.is_dir(), str(settings.DATA_DIR))


def _keys() -> Iterator[Finding]:
    yield Finding("node key", True, f"Ed25519, thumbprint {identity.thumbprint(identity.public_jwk())}")
    for path in sorted((settings.DATA_DIR / "keys").iterdir()):
        mode = stat.S_IMODE(path.stat().st_mode)
        yield Finding(f"keys/{path.name}", mode == 0o600, f"mode {mode:o}, expected 600")


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield Finding("database", not waiting, f"{connection.vendor}, {len(waiting)} migrations waiting")


def _log() -> Iterator[Finding]:
    faults = audit.quick_check()
    head = audit.log_head()
    whole = f"{head.size} entries, tree whole (in full: `terakoya log verify`)"
    yield Finding("log", not faults, "; ".join(faults[:3]) or whole)


def _witnesses() -> Iterator[Finding]:
    found = audit.standing()
    until = f", confirmed until {found.confirmed_until:%Y-%m-%d %H:%M %Z}" if found.confirmed_until else ""
    right = found.state not in ("late", "stopped", "broken")
    yield Finding("log witnesses", right, f"{found.state}: {len(found.confirmed_by)} of {found.witnesses}{until}")
    for one in found.breaks:
        yield Finding("log break", False, f"{one.kind} at {one.size} entries; see `terakoya log acknowledge`")
    if stamp := audit.newest_stamp():
        yield Finding("log time stamp", audit.is_good(stamp), f"{stamp.authority}, {stamp.at:%Y-%m-%d %H:%M %Z}")
    for fault in log_faults():
        yield Finding("log of others", False, f"{fault.name}: {fault.kind} ({fault.at:%Y-%m-%d %H:%M %Z})")


def _anchor() -> Iterator[Finding]:
    if not settings.TRUST_ANCHOR_URL:
        yield Finding("trust anchor", settings.NODE_KIND == "nation", "none configured (TERAKOYA_TRUST_ANCHOR)")
        return
    answer = httpx.get(f"{settings.TRUST_ANCHOR_URL}/healthz", timeout=5)
    yield Finding("trust anchor", answer.status_code == 200, f"{settings.TRUST_ANCHOR_URL}: {answer.status_code}")
    away = abs(answer.json()["time"] - clock.now().timestamp())
    yield Finding("clock", away < CLOCK_TOLERANCE_SECONDS, f"{away:.1f} s away from the trust anchor's")
