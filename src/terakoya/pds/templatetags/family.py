"""Words of the store's pages: years of school, and who looked."""

from django.template import Library
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.access.api import AccessLine
from terakoya.pds import looked
from terakoya.pds.grades import grade_name
from terakoya.pds.models import Child

register = Library()


@register.filter
def grade(child: Child) -> str:
    """The child's year of school now, in words."""
    return grade_name(child.school_grade)


@register.filter
def looker(line: AccessLine) -> str:
    """Who a line of the log is about: the family itself, a system, or a person in a role at an organisation."""
    if line.role in ("self", "guardian"):
        # family
        child = _("the child")
        # family
        return child if line.role == "self" else _("the family")
    if looked.by_machine(line):
        return line.organisation
    role = access.role_name(line.role)
    # family
    return _("%(role)s (%(organisation)s)") % {"role": role, "organisation": line.organisation}


@register.filter
def what(line: AccessLine) -> str:
    """What a line of the log says was done."""
    return access.what_name(line.what)
