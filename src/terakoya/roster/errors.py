"""What the roster refuses, and what it says about a package."""

from typing import TYPE_CHECKING

from .findings import Finding, ImportReport

if TYPE_CHECKING:
    from .models import Change

__all__ = ["CannotChange", "CannotUndo", "Finding", "ImportReport", "PackageRefused"]


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
