"""The door of the cram school's room."""

from .actions import Invitations, invite
from .codes import grouped, normal
from .models import Invitation

__all__ = ["Invitation", "Invitations", "grouped", "invite", "normal"]
