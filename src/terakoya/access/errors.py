"""What the door of this room raises."""

from django.core.exceptions import PermissionDenied
from django.http import Http404


class NotPermitted(PermissionDenied):
    """The use is not permitted; ``sentence`` says why, in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotKnown(NotPermitted, Http404):
    """Not even that there is such a person, or such data, may show to the actor: a page is not found."""


class ConsentRefused(Exception):
    """The consent cannot be recorded: beyond its purpose's ceilings, or given by someone who may not give it.

    ``reason`` is a stable key: purpose, categories, period, capacity, age, state, source, notice, disagreement.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


class UnknownConsent(LookupError):
    """No such consent is known on this node."""
