from terakoya.kit import jobs

from . import retention

DAY = 86_400


@jobs.regularly("gradebook.forget", seconds=DAY)
def forget() -> None:
    """Delete marks whose retention is over."""
    retention.forget_expired()
