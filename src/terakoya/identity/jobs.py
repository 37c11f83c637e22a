"""What identity does again and again."""

from terakoya.kit import jobs

from . import cards, sessions


def forget() -> None:
    """Drop sessions that are over and cards whose time is."""
    sessions.forget_ended()
    cards.forget_ended()


jobs.regularly("identity.forget", seconds=3600)(forget)
