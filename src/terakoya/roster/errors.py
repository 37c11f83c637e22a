"""What the roster refuses, and what it says about a package."""

from typing import TYPE_CHECKING

from .findings import Finding, ImportReport
from .tables.reading import Refused as TableRefused

if TYPE_CHECKING:
    from .models import Change

__all__ = ["CannotChange", "CannotUndo", "Finding", "ImportReport", "PackageRefused", "TableRefused"]


class CannotChange(Exception):
    """Something cannot be done to the roster as asked; ``sentence`` says why and what helps, in the reader's words."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class CannotUndo(Exception):
    """A change cannot be taken back. ``reason``: ``done`` before, or ``later`` (the change ``by`` rests on it)."""

    def __init__(self, reason: str, by: "Change") -> None:
        super().__init__(f"{reason}: {by}")
        self.reason, self.by = reason, by


class Refusal(Exception):
    """Something was not written. ``reason`` is a short stable key; each kind says which ones it knows."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotMerge(Refusal):
    """Two entries cannot be put together; nothing was written.

    ``reason``: ``same`` (one entry twice), ``alias`` (one of them is an alias already), ``family`` (one is guardian of
    the other, or hidden from the other), ``field`` (a field to be taken that entries do not choose).
    """


class CannotRename(Refusal):
    """Names were not changed. ``reason``: ``unchanged``, ``future``, ``before`` (a later change is known), ``empty``,
    ``jis`` (a chosen form is outside JIS X 0213), ``choices`` (a character has no choice).
    """


class CannotGuard(Refusal):
    """A guardianship or protection was not written. ``reason``: ``same`` (oneself), ``known`` (it holds already),
    ``dates`` (it would end before it begins), ``closed`` (it is closed already).
    """


class CannotDecide(Refusal):
    """A proposal cannot be decided. ``reason``: ``decided`` before, or ``moved`` (the field holds something else now),
    ``reason`` (a decline needs one), ``gone`` (there is no such row), ``value`` (the field cannot hold it).
    """


class PackageRefused(Exception):
    """A package was not taken over; nothing of it was written. ``report.findings`` say why, cell by cell."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report

    @property
    def findings(self) -> list[Finding]:
        return self.report.findings

    def __str__(self) -> str:
        return str(self.report)
