"""The duties of this room: consents that end with a birthday, or with a guardianship."""

from typing import Any

from terakoya.kit import jobs

from . import former, majority


@jobs.regularly("access.majority", seconds=600)
def lapse_at_majority() -> None:
    """Write down which guardians' consents the learners' birthdays have ended."""
    majority.lapse()


@jobs.regularly("access.former_guardians", seconds=600)
def end_with_guardianships() -> None:
    """End what was agreed to by those whose guardianship is over."""
    former.end_what_former_guardians_gave()


def births_may_have_changed(*_entry: Any) -> None:
    """A roster came with other birth dates and guardians: what they end, ends in the same transaction."""
    majority.lapse()
    former.end_what_former_guardians_gave()
