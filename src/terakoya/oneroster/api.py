"""The door of the OneRoster services."""

from .models import System
from .pulling.models import Origin, Pull
from .pulling.pull import begin as begin_pull
from .pulling.pull import read_on
from .scopes import SCOPES
from .systems import STAKEHOLDERS, register, renew_secret, revoke, systems

__all__ = [
    "SCOPES",
    "STAKEHOLDERS",
    "Origin",
    "Pull",
    "System",
    "begin_pull",
    "read_on",
    "register",
    "renew_secret",
    "revoke",
    "systems",
]
