"""What the door of this room raises."""

from terakoya.standards.signed_notes import NotANote as NotANote


class NoTransaction(RuntimeError):
    """An access must be recorded in the transaction of the release it belongs to."""


class Unreadable(ValueError):
    """What is sealed cannot be opened: the key is another or destroyed, or the bytes were changed."""


class UnknownEntry(LookupError):
    """The log has no such entry, or nothing of it can be read any more."""


class UnknownCase(LookupError):
    """There is no such case, or it has been opened already."""


class NotSigned(ValueError):
    """A note is not signed by the key that it should be signed by."""


class NotStamped(ValueError):
    """What came is no time stamp (RFC 3161) of this text by the configured authority; the sentence says why."""


class NothingToAcknowledge(ValueError):
    """There is no break of the log that an operator could acknowledge."""
