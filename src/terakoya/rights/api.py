"""The door of rights: what rooms register, and how requests and questions stand."""

from .family import Families, Someone, register_families, spoken_for
from .holdings import Holding, holdings, register_holding
from .models import CorrectingNote, Question, RightsRequest
from .queries import notes_about, waiting_count
from .requests import Wish

__all__ = [
    "CorrectingNote",
    "Families",
    "Holding",
    "Question",
    "RightsRequest",
    "Someone",
    "Wish",
    "holdings",
    "notes_about",
    "register_families",
    "register_holding",
    "spoken_for",
    "waiting_count",
]
