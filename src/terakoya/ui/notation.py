"""Readings in text: the notation ``｜base《reading》`` (as Aozora Bunko writes it) becomes ruby, or goes.

Texts carry it from the catalogues to the finished page, so that a template, a form label and an error message
need know nothing of furigana.
"""

import re

BAR, OPEN, CLOSE = "\uff5c", "\u300a", "\u300b"
_NOTATION = f"{BAR}(?P<base>[^{BAR}{OPEN}{CLOSE}<>]+){OPEN}(?P<reading>[^{BAR}{OPEN}{CLOSE}<>]+){CLOSE}"
_TAG = r"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>"""
# places where no element may stand: their text keeps the base alone
_TEXT_ONLY = r"<(?P<name>title|option|textarea|script|style)\b[^>]*>.*?</(?P=name)\s*>"
_PIECES = re.compile(f"<!--.*?-->|{_TEXT_ONLY}|{_TAG}|{_NOTATION}", re.DOTALL | re.IGNORECASE)
_ANY = re.compile(_NOTATION)
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_NOT_READABLE = str.maketrans("", "", BAR + OPEN + CLOSE)


def strip(text: str) -> str:
    """The text with its bases alone."""
    return _ANY.sub(r"\g<base>", text) if OPEN in text else text


def ruby(html: str) -> str:
    """An HTML document or fragment with ruby in its text; attributes and text-only elements keep the base alone."""
    return _PIECES.sub(_piece, html) if OPEN in html else html


def _piece(match: re.Match[str]) -> str:
    base, reading = match["base"], match["reading"]
    if base is None:
        return strip(match[0])
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
