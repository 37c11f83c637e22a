"""Reviewed readings of words that come in data, such as a school's name: the house's own, the rooms', and the node's.

``TERAKOYA_READINGS`` adds words of the place, in the notation of the catalogues, with spaces between.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from . import notation

FILE = Path(__file__).with_name("readings.txt")
NUMBER = "[0-9０-９]"


class Words:
    """Words with their readings, ready to be found in text; the longest wins."""

    def __init__(self, lines: list[str]) -> None:
        self.pattern = "|".join(_pattern(line) for line in sorted(lines, key=lambda line: -len(notation.strip(line))))
        self._noted = {notation.strip(line).strip("#"): line.strip("#") for line in lines}

    def noted(self, word: str) -> str:
        """The word in notation."""
        return self._noted[word]


def _pattern(line: str) -> str:
    word = notation.strip(line)
    before = f"(?<={NUMBER})" if word.startswith("#") else ""
    after = f"(?={NUMBER})" if word.endswith("#") else ""
    return before + re.escape(word.strip("#")) + after


_of_the_rooms: list[str] = []


def register_words(noted: Iterable[str]) -> None:
    """Add a room's own words, in notation: its titles stand in what tools send, too."""
    _of_the_rooms.extend(line for line in noted if notation.OPEN in line)
    _words.cache_clear()


def known_words() -> Words:
    """The words of this node."""
    return _words(getattr(settings, "READINGS", ""))


@lru_cache(maxsize=4)
def _words(of_the_node: str) -> Words:
    lines = [line.strip() for line in FILE.read_text(encoding="utf-8").splitlines()]
    return Words([*(line for line in lines if notation.OPEN in line), *_of_the_rooms, *of_the_node.split()])
