"""The duties of this room: consents that end with a birthday."""

from typing import Any

from terakoya.kit import jobs

from . import majority


@jobs.regularly("access.majority", seconds=600)
def lapse_at_majority() -> None:
    """Write down which guardians' consents the learners' birthdays have ended."""
    majority.lapse()


def births_may_have_changed(*_entry: Any) -> None:
    """A roster came with other birth dates: what they end, ends in the same transaction."""
    majority.lapse()
