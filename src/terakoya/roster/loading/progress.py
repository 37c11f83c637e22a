"""How far an import is, told to whoever wants to know."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, int, int], None]
_listener: ContextVar[Listener | None] = ContextVar("roster_progress", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Let a function be told the stage (``check``, ``write`` or ``export``), rows done, and all rows (0: unknown)."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(stage: str, rows: int, of: int = 0) -> None:
    """Tell how far it is."""
    listener = _listener.get()
    if listener is not None:
        listener(stage, rows, of)
