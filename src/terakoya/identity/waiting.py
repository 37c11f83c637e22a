"""How long a door still rests, said kindly."""

import math
from datetime import timedelta

from django.utils.translation import ngettext


def wait(left: timedelta) -> str:
    """The sentence that says how long to wait: in seconds, from a minute and a half on in minutes."""
    seconds = math.ceil(left.total_seconds())
    if seconds <= 90:
        # family
        text = ngettext(
            "That went wrong several times. Wait %(n)s second, then try again.",
            "That went wrong several times. Wait %(n)s seconds, then try again.",
            seconds,
        )
        return text % {"n": seconds}
    minutes = math.ceil(seconds / 60)
    # family
    text = ngettext(
        "That went wrong several times. Wait %(n)s minute, then try again.",
        "That went wrong several times. Wait %(n)s minutes, then try again.",
        minutes,
    )
    return text % {"n": minutes}
