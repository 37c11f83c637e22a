"""What this room holds about a pupil, for whoever has a right to see it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from terakoya.rights import api as rights

from .models import Invitation


def register() -> None:
    """Tell the rights of persons what is here."""
    # family
    here = _("this system itself")
    # family
    invited = _("invitations to share records")
    rights.register_holding(
        rights.Holding("juku", "invitations", "subject.identity", invited, here, _count, _invitations)
    )


def _invitations(person: UUID) -> list[dict[str, Any]]:
    return [
        {
            "at": one.made_at.isoformat(),
            "subjects": one.subjects,
            "from": one.first_day.isoformat(),
            "to": one.last_day.isoformat(),
            "used_at": one.used_at.isoformat() if one.used_at else None,
        }
        for one in Invitation.objects.filter(pupil=person)
    ]


def _count(person: UUID) -> int:
    return Invitation.objects.filter(pupil=person).count()
