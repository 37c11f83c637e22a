"""What the pages about people tell other rooms when the node starts."""

from django.utils.translation import gettext_lazy as _

from terakoya.access.api import register_what


def register() -> None:
    """Give words to what these pages write into the log, and say what waits at the desk."""
    from . import people_waiting  # noqa: F401  (registers itself)

    # family
    register_what("register_person", _("looked at the entry in the school register"))
    # family
    register_what("register_guardians", _("looked at the guardians in the school register"))
    # family
    register_what("register_name", _("worked at the name in the school register"))
    # family
    register_what("register_family", _("worked at the guardians in the school register"))
    # family
    register_what("duplicates", _("looked for entries that are one person"))
    # family
    register_what("merge", _("compared two entries of the school register"))
    # family
    register_what("proposals", _("looked at what another system wants to change"))
    # family
    register_what("names_to_choose", _("looked at how the name is displayed"))
