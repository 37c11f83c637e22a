"""The door of the cram school's room."""

from terakoya.kit.paper_codes import grouped, normal

from .actions import Invitations, invite
from .models import Invitation

__all__ = ["Invitation", "Invitations", "grouped", "invite", "normal"]
