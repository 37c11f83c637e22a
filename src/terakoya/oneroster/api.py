"""The door of the OneRoster services."""

from .models import System
from .scopes import SCOPES
from .systems import STAKEHOLDERS, register, renew_secret, revoke, systems

__all__ = ["SCOPES", "STAKEHOLDERS", "System", "register", "renew_secret", "revoke", "systems"]
