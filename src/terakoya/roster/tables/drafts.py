"""A clerk's table step by step: kept after the upload, looked at as often as needed, and taken over or put away."""

import hashlib
import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from terakoya.kit import clock
from terakoya.roster import actions
from terakoya.roster.changing import lock
from terakoya.roster.findings import NOTE, Findings
from terakoya.roster.models import ColumnMapping, Organisation, RosterImport, TableDraft

from . import (
    columns,
    guardians,
    headers,
    pupils,
    reading,
    staff,
    words,  # noqa: F401  (its findings have their texts from there)
)
from .headers import Header
from .lines import Fault, Lines, read_lines
from .plan import Choices, Plan
from .reading import Book, Sheet
from .school import SchoolOn
from .taking import NotTaken, take_over

KEPT = timedelta(hours=24)
PLANS = {"pupils": pupils.plan_pupils, "staff": staff.plan_staff, "guardians": guardians.plan_guardians}
LONGEST = {"number": 9}
MOST_CHARACTERS = {"phone": 255, "email": 254, "username": 120, "section": 20, "relation": 40}
LONGEST_TEXT = 150

__all__ = ["Draft", "begin", "forget_old"]


def begin(data: bytes, *, school: Organisation, kind: str, file_name: str, by: str) -> TableDraft:
    """Keep a table that can be read; ``reading.Refused`` when it cannot, then nothing is kept."""
    book = reading.read(data)
    entry = TableDraft(
        at=clock.now(), by=by[:150], school=school, kind=kind, file_name=Path(file_name).name[:255],
        digest=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    found = [headers.found(sheet, kind) for sheet in book.sheets]
    sheet = next((index for index, one in enumerate(found) if one), 0)
    header = found[sheet]
    entry.choices = {"sheet": sheet, "header": header.row if header else 1, "day": clock.today().isoformat()}
    entry.choices["is_plain"] = header is not None and len(book.sheets) == 1
    _keep(_path(entry), data)
    entry.save(force_insert=True)
    return entry


def forget_old() -> None:
    """Forget tables that nobody decided about within a day."""
    for entry in TableDraft.objects.filter(at__lt=clock.now() - KEPT):
        Draft(entry).discard()


@dataclass
class Draft:
    """A table that waits, with all that follows from the choices made so far."""

    entry: TableDraft
    more_faults: list[Fault] = field(default_factory=list)

    # --- what it says ---

    @cached_property
    def book(self) -> Book:
        """The file; FileNotFoundError when it waited too long."""
        return reading.read(_path(self.entry).read_bytes())

    @property
    def sheet(self) -> Sheet:
        return self.book.sheets[self.entry.choices["sheet"]]

    @cached_property
    def header(self) -> Header:
        return headers.at(self.sheet, self.entry.choices["header"], self.entry.kind)

    @property
    def remembered(self) -> ColumnMapping | None:
        """The mapping that was confirmed for this school and this set of headings."""
        rows = ColumnMapping.objects.filter(school=self.entry.school, kind=self.entry.kind)
        return rows.filter(headings=self.header.digest).first()

    @property
    def mapping(self) -> dict[str, int]:
        """Which field stands in which column: as chosen, else as remembered, else as the headings say."""
        if "mapping" in self.entry.choices:
            return dict(self.entry.choices["mapping"])
        known = self.remembered
        return dict(known.mapping) if known else columns.proposal(self.header.headings, self.entry.kind)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.entry.choices["day"])

    @cached_property
    def school(self) -> SchoolOn:
        return SchoolOn(self.entry.school, self.day)

    @cached_property
    def lines(self) -> Lines:
        lines = read_lines(self.sheet, self.header, self.mapping, self.entry.kind, self.school.stages)
        lines.faults += _too_long(lines, self.mapping)
        return lines

    @cached_property
    def plan(self) -> Plan:
        chosen = self.entry.choices
        decisions = chosen.get("decisions", {})
        whole = next((one for one in self.school.homerooms if str(one.pk) == chosen.get("class")), None)
        class_of_all = next(
            (name for name, one in self.school.class_named.items() if whole and one.pk == whole.pk), None
        )
        extent = chosen.get("extent", "some")
        plan = PLANS[self.entry.kind](self.lines, self.school, Choices(self.day, extent, decisions, class_of_all))
        plan.faults += self.more_faults
        return plan

    @property
    def findings(self) -> Findings:
        """What is wrong, one finding a cause, with its rows; and what is only to be noted."""
        found = Findings()
        for fault in self.plan.faults:
            self._tell(found, fault)
        for code in self.book.notes:
            found.add(code, severity=NOTE)
        for row in self.lines.passed_over:
            found.add("rows.passed_over", severity=NOTE, row=row)
        return found

    def _tell(self, found: Findings, fault: Fault) -> None:
        heading = self.header.headings[fault.column] if fault.column is not None else ""
        cause = f"{fault.found} {sorted(fault.details.items())}"
        found.add(
            fault.code, file=self.sheet.name or self.entry.file_name, row=fault.row, header=heading, found=fault.found,
            cause=cause, index=fault.column, **fault.details,
        )  # fmt: skip

    # --- what is done with it ---

    def choose(self, **choices: Any) -> None:
        """Keep choices; those about rows and columns that they overrule are forgotten."""
        if {"sheet", "header"} & set(choices):
            self.entry.choices.pop("mapping", None)
        if {"sheet", "header", "mapping"} & set(choices):
            self.entry.choices.pop("decisions", None)
        self.entry.choices |= choices
        self.entry.save(update_fields=["choices"])
        for name in ("header", "school", "lines", "plan"):
            self.__dict__.pop(name, None)

    def remember(self, *, by: str) -> None:
        """Keep the mapping for the next table of this school with these headings."""
        known: dict[str, Any] = {"school": self.entry.school, "kind": self.entry.kind, "headings": self.header.digest}
        said = {"mapping": self.mapping, "by": by[:150], "at": clock.now()}
        ColumnMapping.objects.update_or_create(**known, defaults=said)

    def take_over(self, *, by: str) -> RosterImport:
        """Write what the plan says, with its line in the history; ``NotTaken`` when it is not ready after all."""
        with transaction.atomic():
            lock()  # what the plan rests on stays as it is until all is written
            self.__dict__.pop("school", None)
            self.__dict__.pop("plan", None)
            if not self.plan.is_ready:
                raise NotTaken(self.plan.faults)
            entry = RosterImport.objects.create(
                at=clock.now(), by=by[:150], file_name=self.entry.file_name, digest=self.entry.digest,
                outcome=RosterImport.Outcome.IMPORTED, profile=f"table:{self.entry.kind}",
                findings=[one.as_json() for one in self.findings.list()],
            )  # fmt: skip
            entry.change, entry.counts = take_over(self.plan, self.school, by=by, note=self.entry.file_name)
            entry.save(update_fields=["change", "counts"])
            actions.tell(entry)
        self.discard()
        return entry

    def discard(self) -> None:
        """Forget the table."""
        _path(self.entry).unlink(missing_ok=True)
        TableDraft.objects.filter(pk=self.entry.pk).delete()


def _too_long(lines: Lines, mapping: dict[str, int]) -> list[Fault]:
    """Texts that the roster cannot hold."""
    faults = []
    for line in lines.lines:
        for name, value in line.values.items():
            limit = MOST_CHARACTERS.get(name, LONGEST_TEXT)
            if len(str(value)) > (LONGEST.get(name) or limit):
                details = {"limit": LONGEST.get(name) or limit}
                faults.append(Fault("cell.text_long", line.row, mapping.get(name), str(value), details))
    return faults


def _path(entry: TableDraft) -> Path:
    return settings.DATA_DIR / "roster-uploads" / f"{entry.uuid}.table"


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
