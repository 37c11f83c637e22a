"""How long a login name rests after wrong passwords."""

from datetime import timedelta

FREE_TRIES = 5
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)


def pause_after(wrong: int) -> timedelta:
    """The pause after so many wrong passwords in a row: none at first, then doubling up to a quarter of an hour."""
    if wrong < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_PAUSE * 2 ** min(wrong - FREE_TRIES, 10), LONGEST_PAUSE)
