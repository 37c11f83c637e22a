"""Years of school, counted from the first of elementary school."""

from django.utils.translation import gettext as _


def grade_name(grade: int) -> str:
    """The year of school in words, from its count since the first year of elementary school."""
    if grade <= 6:
        # family
        return _("Elementary school, year %(year)s") % {"year": grade}
    if grade <= 9:
        # family
        return _("Junior high school, year %(year)s") % {"year": grade - 6}
    if grade <= 12:
        # family
        return _("High school, year %(year)s") % {"year": grade - 9}
    # family
    return _("After high school")


def grades() -> list[tuple[str, str]]:
    return [(str(grade), grade_name(grade)) for grade in range(1, 13)]
