"""The words under which people read what systems did."""

from django.utils.translation import gettext_lazy as _

from terakoya.access import api as access

WHATS = {
    # family
    "list_users": _("a program read a list of people"),
    # family
    "list_enrollments": _("a program read who is in which class"),
    # family
    "list_demographics": _("a program read a list of birth dates"),
    # family
    "list_results": _("a program read a list of marks"),
    # family
    "list_assessmentResults": _("a program read a list of test results"),
    # family
    "one_users": _("a program read an entry of the school register"),
    # family
    "one_enrollments": _("a program read in which class somebody is"),
    # family
    "one_demographics": _("a program read a birth date"),
    # family
    "one_results": _("a program read or wrote a mark"),
    # family
    "one_assessmentResults": _("a program read or wrote a test result"),
    "system_let_in": _("let a program in"),
    "system_renewed": _("gave a program a new secret"),
    "system_shut_out": _("shut a program out"),
}


def register() -> None:
    """Give the kinds of access their words."""
    for what, words in WHATS.items():
        access.register_what(what, words)
