"""The log's work in the background."""

from terakoya.kit import jobs

from . import intake
from .retention import forget_expired


@jobs.regularly("audit.intake", seconds=5)
def take_in() -> None:
    """Bring what waited beside the database into the log."""
    if intake.waiting():
        intake.bring_in()


@jobs.regularly("audit.retention", seconds=86_400)
def retain() -> None:
    """Delete details whose retention is over."""
    forget_expired()
