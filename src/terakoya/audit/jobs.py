"""The log's work in the background."""

from terakoya.kit import jobs

from .retention import forget_expired


@jobs.regularly("audit.retention", seconds=86_400)
def retain() -> None:
    """Delete details whose retention is over."""
    forget_expired()
