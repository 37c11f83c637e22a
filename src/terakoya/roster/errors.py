"""What the roster refuses, and what it says about a package."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .findings import Finding, ImportReport


@dataclass
class PackageRefused(Exception):
    """A package was not taken over; nothing of it was written. ``report.findings`` say why, cell by cell."""

    report: "ImportReport"
    findings: list["Finding"] = field(init=False)

    def __post_init__(self) -> None:
        super().__init__()
        self.findings = self.report.findings

    def __str__(self) -> str:
        return str(self.report)
