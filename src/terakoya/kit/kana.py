"""Kana in its three scripts, so that a word is found whichever of them it was written in."""

import unicodedata

_HIRAGANA, _KATAKANA, _BETWEEN = range(0x3041, 0x3097), range(0x30A1, 0x30F7), 0x60
_TO_KATAKANA = {code: code + _BETWEEN for code in _HIRAGANA}
_TO_HIRAGANA = {code: code - _BETWEEN for code in _KATAKANA}
# the half-width letters, and the two marks of voice that stand behind theirs
_TO_HALF_WIDTH = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF65, 0xFF9E)}
_TO_HALF_WIDTH |= {"\u3099": "\uff9e", "\u309a": "\uff9f"}
_LETTERS = {*_HIRAGANA, *_KATAKANA, 0x30FC, 0x30FB}  # with the long vowel and the middle dot


def folded(text: str) -> str:
    """The text with letters and digits of the usual width (NFKC), such as those of half-width katakana."""
    return unicodedata.normalize("NFKC", text)


def scripts(word: str) -> list[str]:
    """A word of kana as katakana, hiragana and half-width katakana; any other word as it is, folded."""
    plain = folded(word)
    if not plain or not _LETTERS.issuperset(map(ord, plain)):
        return [plain]
    katakana = plain.translate(_TO_KATAKANA)
    return [katakana, plain.translate(_TO_HIRAGANA), _half_width(katakana)]


def _half_width(katakana: str) -> str:
    return "".join(_TO_HALF_WIDTH.get(letter, letter) for letter in unicodedata.normalize("NFD", katakana))
