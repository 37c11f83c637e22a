"""What the door of this room raises."""


class NoTransaction(RuntimeError):
    """An access must be recorded in the transaction of the release it belongs to."""
