"""Reads for other rooms."""

from uuid import UUID

from terakoya.access import api as access

from . import questions, requests
from .models import CorrectingNote


def notes_about(person: UUID, category: str) -> list[CorrectingNote]:
    """The correcting notes that stand beside a person's records of a category, oldest first.

    Whether the reader may see them is asked of ``access`` by the caller, as for the records themselves.
    """
    return list(
        CorrectingNote.objects.filter(person__in=access.keys_of([person])[person], category=category).order_by("id")
    )


def waiting_count() -> int:
    """How many requests and questions wait for this organisation."""
    return len(requests.queue()) + len(questions.queue())
