"""Check digits and forms of the national codes for schools, municipalities and boards of education."""

import re

SCHOOL_TYPES = frozenset(["A1", "A2", "B1", "C1", "C2", "D1", "D2", "E1", "F1", "F2", "G1", "H1", "H2"])
SCHOOL_CODE = re.compile(r"[A-H][12](0[1-9]|[1-3][0-9]|4[0-7])[1-3][1-9][0-9]{7}")
BOARD_CODE = re.compile(r"[0-4][0-9]{5}")


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
