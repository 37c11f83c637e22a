"""Steps of a score scale: whether a score or a word lies on one.

Source: OneRoster 1.2, ScoreScaleValue: the left side is one value, the lowest of its step, or a range ``x - y`` with
both within; the right side is what it is called.
"""

import re
from collections.abc import Iterable, Mapping

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_ONE = re.compile(rf"\s*({_NUMBER})\s*")
_RANGE = re.compile(rf"\s*({_NUMBER})\s*-\s*({_NUMBER})\s*")

Step = Mapping[str, str]  # "left" and "right"


def bounds_of(left: str) -> tuple[float, float] | None:
    """The lowest and the highest score of a step; None for a left side in words, such as a letter."""
    if one := _ONE.fullmatch(left):
        return float(one[1]), float("inf")
    if both := _RANGE.fullmatch(left):
        return float(both[1]), float(both[2])
    return None


def has_score(steps: Iterable[Step], score: float) -> bool:
    """Whether a score lies on a step; a scale whose left sides are words takes every score."""
    bounds = [found for step in steps if (found := bounds_of(step["left"])) is not None]
    return not bounds or any(lowest <= score <= highest for lowest, highest in bounds)


def has_word(steps: Iterable[Step], word: str) -> bool:
    """Whether a word is one of either side."""
    return any(word in (step["left"], step["right"]) for step in steps)
