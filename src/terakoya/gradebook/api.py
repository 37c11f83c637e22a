"""The door of the gradebook: rows are put, posted and taken away, each held against the roster first."""

from .actions import delete, post, put
from .kinds import KINDS, Kind
from .lines import Line
from .queries import latest, rows_of
from .writing import Written

__all__ = ["KINDS", "Kind", "Line", "Written", "delete", "latest", "post", "put", "rows_of"]
