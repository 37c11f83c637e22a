"""What the roster refuses, and what it says about a package."""

from .findings import Finding, ImportReport

__all__ = ["Finding", "ImportReport", "PackageRefused"]


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
