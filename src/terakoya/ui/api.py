"""The door of ui."""

from .documents import pdf
from .known_words import register_words
from .leading import let_forms_lead_to
from .navigation import NavItem, register_affiliation, register_kana, register_nav
from .notation import strip as without_readings
from .notation import with_reading
from .notices import StaffNotice, register_staff_notice
from .reader import Reader, html_tag, reader_of
from .templatetags.parts import day, moment

__all__ = [
    "NavItem",
    "Reader",
    "StaffNotice",
    "day",
    "html_tag",
    "let_forms_lead_to",
    "moment",
    "pdf",
    "reader_of",
    "register_affiliation",
    "register_kana",
    "register_nav",
    "register_staff_notice",
    "register_words",
    "with_reading",
    "without_readings",
]
