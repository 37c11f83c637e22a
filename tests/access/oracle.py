"""The rules in words, as plain dictionaries: an oracle that shares nothing with the room it judges.

It reads the tables (``cells.toml``, ``purposes.toml``, ``categories.toml``) by itself and knows neither Cedar nor the
functions of ``access``. Written to be read beside the rules, not to be fast.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

Cell = tuple[str, str]


@cache
def table(package: str, name: str) -> dict[str, Any]:
    """A file of rules as it stands."""
    return tomllib.loads(files(package).joinpath(name).read_text("utf-8"))


@cache
def purposes() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in table("terakoya.standards", "purposes.toml")["purpose"]}


@cache
def categories() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in table("terakoya.standards", "categories.toml")["category"]}


@cache
def parts() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in table("terakoya.access", "cells.toml")["part"]}


@cache
def cells(regime: str) -> dict[tuple[str, str, str], Cell]:
    """Basis and clause of every cell under a regime, named in the file or not."""
    found = {
        (part, category, purpose): (_unnamed(category, purpose), "")
        for part, category, purpose in product(parts(), categories(), purposes())
    }
    for row in table("terakoya.access", "cells.toml")["cell"]:
        if row[regime]:
            chosen = (_listed(row["parts"], parts()), _listed(row["categories"], categories()))
            for key in product(*chosen, _listed(row["purposes"], purposes())):
                found[key] = (row["basis"], row[regime])
    return found


def _listed(names: list[str], known: dict[str, Any]) -> list[str]:
    return list(known) if names == ["*"] else names


def _unnamed(category: str, purpose: str) -> str:
    row = purposes()[purpose]
    return "consent" if row.get("by_consent") and category in row.get("categories", []) else "never"


# --- the rules ---

TELLS_WHERE = {"subject.contact", "rights.access_log", "rights.consent"}
FULL_AGE = 18


@dataclass(frozen=True)
class History:
    """A consent by its terms and by what has happened to it: pairs of a moment and a kind of event, in their order."""

    recipient: str
    purpose: str
    categories: tuple[str, ...]
    valid_from: date | None
    valid_until: date
    lapses_on: date | None
    capacity: str
    needs_assent: bool
    events: tuple[tuple[datetime, str], ...]


def answer(asked: Any, histories: Sequence[History], moment: datetime, regime: str) -> tuple[bool, str]:
    """Whether a use is permitted, and on which basis; "ban" or "none" when it is not.

    ``asked`` has the fields of a situation in plain values; of its consents only ``histories`` are read.
    """
    part = who_is_asking(asked)
    basis, _clause = cells(regime)[part, asked.category, asked.purpose]
    fitting = [history for history in histories if names(history, asked)]
    lives = any(binds(history, asked, moment) for history in fitting)
    if is_banned(asked, part, fitting, lives, moment) or closed_for_good(asked, part, regime):
        return False, "ban"
    if basis == "primary_use" and not asked.node:
        return True, basis
    if basis == "law" or (basis == "consent" and lives):
        return True, basis
    return False, "none"


def who_is_asking(asked: Any) -> str:
    """Somebody is what ties them to the person on that day; another node may ask for itself; all others are nobody."""
    tied = bool(asked.relation) and covers(asked.tied, asked.day)
    if asked.relation == "guardian" and is_grown(asked.born, asked.day):
        tied = False
    if not tied:
        return asked.stakeholder if asked.node and asked.stakeholder in parts() else "nobody"
    row = "student" if asked.relation in ("self", "guardian") else asked.stakeholder
    return f"{row}.{asked.relation}" if f"{row}.{asked.relation}" in parts() else "nobody"


def is_banned(asked: Any, part: str, fitting: list[History], lives: bool, moment: datetime) -> bool:
    """Screening, inner life, another organisation's person, no tie, a withdrawal, a hidden address, sensitive data."""
    withdrawn = not lives and any(state(history, moment) == "withdrawn" for history in fitting)
    hidden = any(covers(order, asked.day) for order in asked.orders)
    sensitive = categories()[asked.category].get("sensitive", False)
    return (
        purposes()[asked.purpose].get("banned", False)
        or not asked.own
        or part == "nobody"
        or (withdrawn and (asked.node or purposes()[asked.purpose]["on_withdrawal"] == "delete"))
        or (hidden and asked.category in TELLS_WHERE)
        or (sensitive and not lives and not parts()[part].get("confidential", False))
    )


def closed_for_good(asked: Any, part: str, regime: str) -> bool:
    """The file itself says never, which is more than that nothing opens the cell."""
    basis, clause = cells(regime)[part, asked.category, asked.purpose]
    return basis == "never" and clause != ""


def names(history: History, asked: Any) -> bool:
    """A consent is to exactly one recipient, one purpose and the categories it names."""
    return (
        history.recipient == asked.recipient
        and history.purpose == asked.purpose
        and asked.category in history.categories
    )


def binds(history: History, asked: Any, moment: datetime) -> bool:
    """A consent binds while it is given; a guardian's no longer when the child is grown."""
    outgrown = history.capacity == "guardian" and is_grown(asked.born, asked.day)
    return state(history, moment) == "given" and not outgrown


def state(history: History, moment: datetime) -> str:
    """What a consent is at a moment: first what ended it, then its days, then the people who must agree."""
    so_far = [kind for at, kind in history.events if at <= moment]
    day = moment.astimezone(timezone(timedelta(hours=9))).date()
    for kind in ("withdrawn", "refused", "declined", "superseded", "lapsed"):
        if kind in so_far:
            return kind
    if "given" not in so_far:
        return "requested"
    if history.lapses_on and history.lapses_on <= day and history.lapses_on <= history.valid_until:
        return "lapsed"
    if day > history.valid_until or (history.valid_from and day < history.valid_from):
        return "out of its days"
    if history.needs_assent and "assented" not in so_far:
        return "waiting for the child"
    quarrel = [kind for kind in so_far if kind in ("disputed", "settled")]
    return "disputed" if quarrel and quarrel[-1] == "disputed" else "given"


def covers(span: Any, day: date) -> bool:
    """A period has its first day and lasts to the day before its end."""
    return not (span.begins and day < span.begins) and not (span.ends and day >= span.ends)


def is_grown(born: date | None, day: date) -> bool:
    """Eighteen years old (Civil Code, art. 4); whose birth date is not known is not taken for grown."""
    if born is None:
        return False
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return years >= FULL_AGE
