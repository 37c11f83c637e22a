"""What is found in a package: one finding a cause, with where it first stands and how often."""

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from terakoya.standards.oneroster import column_letter

from . import words

ERROR, CONFIRM, NOTE = "error", "confirm", "note"
ROWS_SHOWN = 10
ROWS_KEPT = 1_000  # of one cause, to be marked in the download for correction
LONGEST_FOUND = 200
MOST_FINDINGS = 200


@dataclass
class Finding:
    """One cause for complaint.

    code: key of ``words.WORDS``
    severity: ``error`` refuses the package, ``confirm`` asks for a deliberate yes, ``note`` only tells
    file: name in the package; row: the first row as a spreadsheet counts (None: the whole file)
    column, header: letter and heading of the column; found: what stands there
    count, rows: how many rows have it, and the first of them (``rows_shown``: the very first, in words)
    """

    code: str
    severity: str
    file: str = ""
    row: int | None = None
    column: str = ""
    header: str = ""
    found: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    count: int = 1
    rows: list[int] = field(default_factory=list)

    @property
    def problem(self) -> str:
        """What is wrong, in the reader's language."""
        return words.say(self.code, "problem", self.details)

    @property
    def expected(self) -> str:
        """What should stand there."""
        return words.say(self.code, "expected", self.details)

    @property
    def example(self) -> str:
        """A value that would be right."""
        return words.say(self.code, "example", self.details)

    @property
    def mend(self) -> str:
        """What a clerk can do about it."""
        return words.say(self.code, "mend", self.details)

    @property
    def place(self) -> str:
        """File, row and column in words."""
        if self.row is None:
            return self.file
        if not self.column:
            return _("%(file)s, row %(row)s") % {"file": self.file, "row": self.row}
        if not self.header:
            return _("%(file)s, row %(row)s, column %(column)s") % asdict(self)
        return _("%(file)s, row %(row)s, column %(column)s (%(header)s)") % asdict(self)

    def __str__(self) -> str:
        parts = [self.place, self.problem]
        if self.found:
            parts.append(_("Found: %(found)s.") % {"found": self.found})
        if self.expected:
            parts.append(_("Expected: %(expected)s.") % {"expected": self.expected})
        if self.count > 1:
            parts.append(_("%(count)s rows, the first: %(rows)s.") % {"count": self.count, "rows": self.rows_shown})
        return f"{parts[0]}: {' '.join(parts[1:])}" if parts[0] else " ".join(parts[1:])

    @property
    def rows_shown(self) -> str:
        return ", ".join(str(row) for row in self.rows[:ROWS_SHOWN])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Finding":
        return cls(**stored)


class Findings:
    """Collects findings; the same cause is one finding, however many rows it has."""

    def __init__(self) -> None:
        self._by_cause: dict[tuple[str, ...], Finding] = {}
        self.profile = ""  # of the package, once it is recognised

    def add(
        self,
        code: str,
        *,
        severity: str = ERROR,
        file: str = "",
        row: int | None = None,
        index: int | None = None,
        header: str = "",
        found: str = "",
        cause: str = "",
        **details: Any,
    ) -> None:
        """Add what was found. ``index``: of the column, from 0; ``cause``: what sets it apart from its like."""
        key = (code, file, header, cause)
        known = self._by_cause.get(key)
        if known is None:
            column = "" if index is None else column_letter(index)
            details = {name: _shown(value) for name, value in details.items()}
            known = self._by_cause[key] = Finding(
                code, severity, _shown(file), row, column, _shown(header), _shown(found), details, 0
            )
        known.count += 1
        if row is not None and len(known.rows) < ROWS_KEPT:
            insort(known.rows, row)
            known.row = known.rows[0]

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == ERROR for finding in self._by_cause.values())

    def list(self) -> list[Finding]:
        """The findings, errors first, then as files and rows go; a flood is cut off, and the cut is told."""
        order = {ERROR: 0, CONFIRM: 1, NOTE: 2}
        every = sorted(self._by_cause.values(), key=lambda one: order[one.severity])
        told, untold = every[:MOST_FINDINGS], len(every) - MOST_FINDINGS
        return [*told, Finding("more", NOTE, details={"count": untold})] if untold > 0 else told


@dataclass
class ImportReport:
    """What came of a package.

    counts: for each kind of row: new, changed, unchanged, ended
    dry_run: whether it was only looked at
    entry: key of its line in the history, none after a dry run
    profile: name of the profile that it was recognised as; empty where it could not be read so far
    """

    file_name: str
    digest: str
    findings: list[Finding]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    dry_run: bool = False
    origin: str = ""
    entry: UUID | None = None
    profile: str = ""

    @property
    def errors(self) -> list[Finding]:
        return of_severity(self.findings, ERROR)

    @property
    def notes(self) -> list[Finding]:
        return of_severity(self.findings, NOTE)

    @property
    def needs_confirmation(self) -> bool:
        return bool(of_severity(self.findings, CONFIRM))

    def count_lines(self) -> list[str]:
        """A line for each kind of row, in the reader's language; in one order, which a database does not keep."""
        return [
            f"{words.kind_name(kind)}: "
            + ", ".join(f"{words.count_name(name)} {counts[name]}" for name in words.COUNTS if name in counts)
            for kind, counts in self.counts.items()
        ]

    def __str__(self) -> str:
        return "\n".join([*(str(finding) for finding in self.findings), *self.count_lines()])


def _shown(value: Any) -> Any:
    """A quotation that can be stored and shown: not too long, and without characters that nobody sees."""
    if not isinstance(value, str):
        return value
    visible = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in value)
    return visible if len(visible) <= LONGEST_FOUND else f"{visible[:LONGEST_FOUND]}…"


def of_severity(findings: Iterable[Finding], severity: str) -> list[Finding]:
    """The findings of one severity."""
    return [finding for finding in findings if finding.severity == severity]
