"""The national codes for schools, municipalities and boards of education: forms, check digits, short lists of names."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SCHOOL_TYPES = frozenset(["A1", "A2", "B1", "C1", "C2", "D1", "D2", "E1", "F1", "F2", "G1", "H1", "H2"])
SCHOOL_CODE = re.compile(r"[A-H][12](0[1-9]|[1-3][0-9]|4[0-7])[1-3][1-9][0-9]{7}")
BOARD_CODE = re.compile(r"[0-4][0-9]{5}")
MUNICIPALITY_CODE = re.compile(r"(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{4}")


def school_check_digit(code: str) -> str:
    """The thirteenth character of a national school code, from its first twelve.

    A letter counts as its place in the alphabet (A = 1 ... H = 8); the characters are multiplied by 2, 1, 2, 1, ...,
    the decimal digits of the products added, and the digit fills the sum up to a multiple of ten.
    """
    values = [ord(sign) - 64 if sign.isalpha() else int(sign) for sign in code[:12]]
    products = (value * (2 - place % 2) for place, value in enumerate(values))
    return str(-sum(digit for product in products for digit in divmod(product, 10)) % 10)


def is_school_code(code: str) -> bool:
    """Whether a code has the form of a national school code, a known type of school and the right check digit."""
    return SCHOOL_CODE.fullmatch(code) is not None and code[:2] in SCHOOL_TYPES and code[12] == school_check_digit(code)


def municipality_check_digit(code: str) -> str:
    """The sixth digit of a municipality code, from its first five (weights 6 to 2, modulo 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(code[:5], range(6, 1, -1), strict=True))
    return str((11 - total % 11) % 10)


def is_board_code(code: str) -> bool:
    """Whether a code has the form of a board of education's code: six digits, the first not above 4."""
    return BOARD_CODE.fullmatch(code) is not None


def is_municipality_code(code: str) -> bool:
    """Whether a code has the form of a local government's code: a prefecture, and the right check digit."""
    return MUNICIPALITY_CODE.fullmatch(code) is not None and code[5] == municipality_check_digit(code)


def prefecture_of(code: str) -> str:
    """The number of the prefecture in a school, municipality or board code; empty when it is none of these."""
    if is_school_code(code):
        return code[2:4]
    return code[:2] if BOARD_CODE.fullmatch(code) and code[:2] in LISTS["prefecture"] else ""


@dataclass(frozen=True)
class Code:
    """A code of a list: its names, and between which days it holds (None: always; ``ends`` is the first without)."""

    code: str
    ja: str
    en: str
    begins: date | None = None
    ends: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the code is in use on a day."""
        return (self.begins or date.min) <= on < (self.ends or date.max)


def _lists() -> dict[str, dict[str, Code]]:
    lists = {name: entries for name, entries in _FILE.items() if name != "columns"}
    return {name: {code: Code(code, **entry) for code, entry in entries.items()} for name, entries in lists.items()}


_FILE = tomllib.loads(Path(__file__).with_name("codes.toml").read_text(encoding="utf-8"))
LISTS: dict[str, dict[str, Code]] = _lists()
COLUMNS: dict[str, dict[str, str]] = _FILE["columns"]


def named(name: str, code: str, on: date | None = None) -> Code | None:
    """A code of a short list (``school_type``, ``grade``, ``role``, ``prefecture``, ...), if it holds on the day."""
    found = LISTS[name].get(code)
    return found if found and (on is None or found.holds(on)) else None
