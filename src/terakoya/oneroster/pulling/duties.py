"""Asks each server for what has changed as often as its entry says, and now and then for everything."""

from datetime import timedelta

from terakoya.kit import clock, jobs

from . import pull
from .models import Origin

WHOLE_AFTER = timedelta(days=7)  # a server that drops a row without a word is found out by then


@jobs.regularly("oneroster.pull", seconds=300)
def ask_again() -> None:
    """Begin the pulls that are due."""
    now = clock.now()
    for origin in Origin.objects.exclude(every_hours=None):
        last = origin.pulls.first()
        if last is None or last.begun_at + timedelta(hours=origin.every_hours or 0) <= now:
            is_known = origin.pulls.filter(is_whole=True, begun_at__gt=now - WHOLE_AFTER).exists()
            pull.begin(origin, by=origin.name, whole=not is_known)
