"""Reads each server as often as its entry says."""

from datetime import timedelta

from terakoya.kit import clock, jobs

from . import pull
from .models import Origin


@jobs.regularly("oneroster.pull", seconds=300)
def ask_again() -> None:
    """Begin the pulls that are due."""
    for origin in Origin.objects.exclude(every_hours=None):
        last = origin.pulls.first()
        if last is None or last.begun_at + timedelta(hours=origin.every_hours or 0) <= clock.now():
            pull.begin(origin, by=origin.name)
