"""The scopes of OneRoster 1.2: what a system may ask for, by the short names that this node uses."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PREFIX = "https://purl.imsglobal.org/spec/or/v1p2/scope/"

# in the order in which people are asked about them
SCOPES: dict[str, str | Promise] = {
    "roster-core.readonly": _("Read lists and single entries of the roster: schools, classes, people, enrolments"),
    "roster.readonly": _("Read all of the roster, also who is in which class"),
    "roster-demographics.readonly": _("Read birth dates and sex"),
    "gradebook-core.readonly": _("Read single marks and what is marked"),
    "gradebook.readonly": _("Read all marks and what is marked"),
    "gradebook.createput": _("Write single marks and what is marked"),
    "gradebook.createpost": _("Write many marks at once"),
    "gradebook.delete": _("Delete marks and what is marked"),
    "assessment.readonly": _("Read results of assessments"),
    "assessment.createput": _("Write results of assessments"),
    "assessment.delete": _("Delete results of assessments"),
    "resource-core.readonly": _("Read the list of teaching materials"),
    "resource.readonly": _("Read all about teaching materials, also which class uses them"),
}


def full(name: str) -> str:
    """A scope as the standard writes it."""
    return PREFIX + name


def known(text: str) -> list[str]:
    """The short names of the known scopes in a text with spaces between; each may also be given short."""
    names = (part.removeprefix(PREFIX) for part in text.split())
    return [name for name in names if name in SCOPES]
