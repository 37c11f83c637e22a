"""Cells of the files as values, and back."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from terakoya.kit import clock

STEP = re.compile(r"\{([^{}:]+):([^{}:]*)\}")


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def flag(cell: str) -> bool | None:
    return cell == "true" if cell else None


def moment(cell: str, held: datetime | None) -> datetime | None:
    """The beginning of a day in Japan; the moment that is held already where it lies on that day."""
    if not cell:
        return None
    day = date.fromisoformat(cell)
    if held is not None and day_of(held) == day:
        return held
    return datetime.combine(day, time(), clock.JAPAN)


def day_of(at: datetime) -> date:
    return at.astimezone(clock.JAPAN).date()


def steps(cell: str) -> list[dict[str, str]] | None:
    """The steps of a score scale, written ``{0 - 39:C},{40 - 79:B}``; None for anything else."""
    found = STEP.findall(cell)
    if not found or ",".join(f"{{{left}:{right}}}" for left, right in found) != cell:
        return None
    return [{"left": left, "right": right} for left, right in found]


def cell_of(value: Any) -> str:
    """A value as a cell: numbers without an idle fraction, days in Japan, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return day_of(value).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def cell_of_steps(values: Sequence[dict[str, str]]) -> str:
    return ",".join(f"{{{step['left']}:{step['right']}}}" for step in values)
