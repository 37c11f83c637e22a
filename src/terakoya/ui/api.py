"""The door of ui."""

from .navigation import NavItem, register_affiliation, register_nav
from .notation import strip as without_readings
from .notation import with_reading
from .reader import Reader, reader_of

__all__ = [
    "NavItem",
    "Reader",
    "reader_of",
    "register_affiliation",
    "register_nav",
    "with_reading",
    "without_readings",
]
