"""The door of the curriculum: names of units and subjects in the reader's language."""

from django.utils.translation import get_language

from terakoya.standards.course_of_study import ITEMS, SUBJECTS, Named

__all__ = ["subject_name", "title", "unit_title"]


def title(code: str, language: str | None = None) -> str:
    """The title of a Course of Study code in a language (the reader's unless said); the code itself when unknown.

    Plain Japanese (``ja-easy``) comes with readings in Aozora notation.
    """
    return _in(ITEMS.get(code), language) or code


def unit_title(code: str, given: str = "", language: str | None = None) -> str:
    """The title of a unit: from the table, else as its source gave it, else its code."""
    return _in(ITEMS.get(code), language) or given or code


def subject_name(subject: str, language: str | None = None) -> str:
    """The name of a national subject code (``P030``); the code itself when unknown."""
    return _in(SUBJECTS.get(subject), language) or subject


def _in(named: Named | None, language: str | None) -> str:
    if named is None:
        return ""
    return named.say(language or get_language() or "ja")
