"""Codes that people copy from paper: no characters that look alike, and a check character.

The alphabet has 23 characters, a prime, so that a weighted sum finds every wrong character and every swap of two.
"""

import secrets
import unicodedata

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 8


def new_code() -> str:
    """A new code without separators: 8 random characters (36 bits) and the check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The character that makes the weighted sum of the whole code divisible by 23."""
    total = sum(weight * ALPHABET.index(char) for weight, char in enumerate(body, start=2))
    return ALPHABET[-total % len(ALPHABET)]


def normal(typed: str) -> str | None:
    """The code as it is stored, from what a person typed (small letters, full width, hyphens); None if wrong."""
    wide = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(char for char in wide if char.isalnum())
    known = len(code) == LENGTH + 1 and all(char in ALPHABET for char in code)
    return code if known and check_character(code[:-1]) == code[-1] else None


def grouped(code: str) -> str:
    """The code as it is printed: two groups of four and the check character, ``K7QM-4XTP-H``."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
