"""Readings in text: the notation ``｜base《reading》`` (as Aozora Bunko writes it) becomes ruby, or goes.

Texts carry it from the catalogues to the finished page, so that a template, a form label and an error message
need know nothing of furigana.
"""

import re
from functools import lru_cache
from typing import Protocol

BAR, OPEN, CLOSE = "\uff5c", "\u300a", "\u300b"
_NOTATION = f"{BAR}(?P<base>[^{BAR}{OPEN}{CLOSE}<>]+){OPEN}(?P<reading>[^{BAR}{OPEN}{CLOSE}<>]+){CLOSE}"
_TAG = r"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>"""
# places where no element may stand: their text keeps the base alone
_TEXT_ONLY = r"<(?P<name>title|option|textarea|script|style)\b[^>]*>.*?</(?P=name)\s*>"
MARKUP = f"<!--.*?-->|{_TEXT_ONLY}|{_TAG}"
_ANY = re.compile(_NOTATION)
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_NOT_READABLE = str.maketrans("", "", BAR + OPEN + CLOSE)


class Known(Protocol):
    """Words whose readings are known wherever they stand."""

    pattern: str

    def noted(self, word: str) -> str:
        """The word in notation."""
        ...


def strip(text: str) -> str:
    """The text with its bases alone."""
    return _ANY.sub(r"\g<base>", text) if OPEN in text else text


def ruby(html: str, known: Known | None = None) -> str:
    """An HTML document or fragment with ruby in its text; attributes and text-only elements keep the base alone.

    known: further words that get their reading where a text does not bring it
    """
    if known is None:
        return _pieces("").sub(_piece, html) if OPEN in html else html
    words = known

    def piece(match: re.Match[str]) -> str:
        return _ANY.sub(_ruby, words.noted(match["word"])) if match["word"] else _piece(match)

    return _pieces(words.pattern).sub(piece, html)


@lru_cache(maxsize=4)
def _pieces(words: str) -> re.Pattern[str]:
    pieces = f"{MARKUP}|{_NOTATION}"
    return re.compile(f"{pieces}|(?P<word>{words})" if words else pieces, re.DOTALL | re.IGNORECASE)


def _piece(match: re.Match[str]) -> str:
    return strip(match[0]) if match["base"] is None else _ruby(match)


def _ruby(match: re.Match[str]) -> str:
    base, reading = match["base"], match["reading"]
    return f"<ruby>{base}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>"  # ja: brackets for readers without ruby


def with_reading(name: str, kana: str) -> str:
    """A person's name in notation: each part of the name with its part of the reading, in hiragana.

    A part that is its own reading stays bare. When the parts do not match, the whole name gets the whole reading.
    """
    name = name.translate(_NOT_READABLE).strip()
    kana = (kana or "").translate(_NOT_READABLE).translate(_KATAKANA_TO_HIRAGANA).strip()
    if not kana or not name:
        return name
    bases, readings = name.split(), kana.split()
    if len(bases) != len(readings):
        return _pair(name, kana)
    return " ".join(_pair(base, reading) for base, reading in zip(bases, readings, strict=True))


def _pair(base: str, reading: str) -> str:
    bare = base.translate(_KATAKANA_TO_HIRAGANA) == reading
    return base if bare else f"{BAR}{base}{OPEN}{reading}{CLOSE}"
