"""Bringing a node up: database and static files, then the HTTP server."""

import os

from django.conf import settings
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from terakoya.identity import api as identity
from terakoya.kit.env import SettingError


def prepare_node() -> None:
    """Make the keys at first start; bring database and static files up to date."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    identity.signing_key()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def serve_node(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until told to stop. With one process its own thread does the jobs; with more, ``terakoya work`` does."""
    if settings.DEMO and host not in ("127.0.0.1", "localhost"):
        raise SettingError("TERAKOYA_DEMO is true; a demo listens on 127.0.0.1 alone.")
    os.environ.setdefault("TERAKOYA_WORKER", "thread" if workers == 1 else "process")
    Granian(
        "terakoya.node.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        log_access=False,
        log_level="error",  # type: ignore[arg-type]
        workers_kill_timeout=5,
    ).serve()
