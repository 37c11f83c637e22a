"""What can go wrong with learning records."""

from uuid import UUID


class RecordsError(Exception):
    """Any refusal of this room."""


class NotJson(RecordsError):
    """The body is no JSON, or no statement or list of statements."""


class TooMany(RecordsError):
    """More statements in one request, or more bytes, than the node takes."""


class StatementConflict(RecordsError):
    """Another statement with this id is stored already (xAPI 2.0, 4.1.1.1)."""

    def __init__(self, statement_id: UUID) -> None:
        super().__init__(f"A different statement with the id {statement_id} is stored already.")
        self.statement_id = statement_id


class RepeatedId(RecordsError):
    """Two statements of one request have the same id."""


class MayNotVoid(RecordsError):
    """A source may void only what it wrote itself."""
