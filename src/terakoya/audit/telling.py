"""What staff are told on their pages while the log does not stand well."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from terakoya.kit import clock
from terakoya.ui.api import StaffNotice

from .standing import standing

GLANCE = timedelta(seconds=20)  # a log that stood well is not looked at again for every page
_well: list[datetime] = []


def staff_notice() -> StaffNotice | None:
    """A sentence for staff, or None when the log stands well or nobody is there to watch over it."""
    now = clock.now()
    if _well and timedelta(0) <= now - _well[0] < GLANCE:
        return None
    state = standing().state
    texts = {
        "late": _("For some hours nobody has confirmed the log of this node. Please tell whoever runs it."),
        "stopped": _("Nobody confirms the log of this node, so it gives no records to others. Lessons go on as usual."),
        "broken": _("The log of this node is not what it was, so it gives no records to others until this is settled."),
    }
    if state not in texts:
        _well[:] = [now]
        return None
    tone = "warning" if state == "late" else "error"
    return StaffNotice(texts[state], tone, reverse("audit.log"), _("About the log"))
