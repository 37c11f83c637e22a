"""What a planned school year has waiting: pupils who are not placed, and a plan that nobody has begun yet."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from terakoya.roster import api as roster

from .desk import Desk
from .plans import is_whole
from .waiting import Waiting


def plans_waiting(desk: Desk) -> Iterator[Waiting]:
    """Open plans of the schools of a desk, with what is missing in them."""
    for plan in roster.life.rollovers(desk.limits):
        if not roster.life.is_open(plan):
            continue
        number = roster.life.overview(plan, desk.limits).not_placed
        if not number and not is_whole(desk, plan):
            continue
        words = (
            ngettext(
                "School year %(year)s: %(number)s pupil is not placed yet",
                "School year %(year)s: %(number)s pupils are not placed yet",
                number,
            )
            if number
            else _("School year %(year)s: everybody is placed; it can be begun")
        )
        found = words % {"year": plan.school_year, "number": number}
        yield Waiting(found, reverse("register.year", args=[plan.pk]), "calendar")
