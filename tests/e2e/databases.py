"""Reading the databases of running nodes from outside, without disturbing them."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from terakoya.node.federation import Node

from .operating import run_on

Row = tuple[Any, ...]
HANDED_ON = "unit <> '' AND activity <> '' AND voided = 0"  # what the data set of learning records is made of
RELEASED = """
import json
from collections import Counter
from terakoya.audit import api as audit
found = Counter()
for index in range(audit.log_head().size):
    facts = audit.entry_at(index).facts
    if facts["what"] == "transfer_page":
        found[facts["reference"]] += facts["count"]
print(json.dumps(found))
"""


def rows(node: Node, sql: str, *values: Any) -> list[Row]:
    """The answer of a node's database to a question; keys may be given as UUID or as text."""
    connection = sqlite3.connect(f"file:{node.folder / 'node.sqlite3'}?mode=ro", uri=True, timeout=20)
    try:
        return connection.execute(sql, [_stored(value) for value in values]).fetchall()
    finally:
        connection.close()


def value(node: Node, sql: str, *values: Any) -> Any:
    """The first column of the first row, None without rows."""
    found = rows(node, sql, *values)
    return found[0][0] if found else None


def arrived(node: Node, person: object) -> bool:
    """Whether each transfer to a node about one of its people is complete, and there is one."""
    sql = "SELECT t.state FROM exchange_transfer t JOIN exchange_grant g ON g.id = t.grant_id"
    states = rows(node, f"{sql} WHERE t.side = 'recipient' AND g.subject = ?", person)
    return set(states) == {("COMPLETED",)}


def until(true: Callable[[], object], what: str, within: float = 120) -> None:
    """Wait until something is so, for at most some seconds."""
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, f"not within {within:.0f} s: {what}"
        time.sleep(0.2)


def tables(node: Node) -> list[str]:
    """Names of all tables, those of the database itself included."""
    return [name for (name,) in rows(node, "SELECT name FROM sqlite_master WHERE type = 'table'")] + ["sqlite_master"]


def texts(node: Node) -> Iterator[tuple[str, str]]:
    """Each row of each table as text, bytes read as UTF-8, with the name of its table."""
    for table in tables(node):
        for row in rows(node, f'SELECT * FROM "{table}"'):  # noqa: S608 (names from the database itself)
            yield table, "\t".join(_text(cell) for cell in row)


def waiting_jobs(node: Node) -> list[Row]:
    """Jobs of a node that are not done: topic, attempts, last fault."""
    return rows(node, "SELECT topic, attempts, last_error FROM kit_job WHERE done_at IS NULL")


def records(node: Node, person: object, more: str = "1 = 1", *values: Any) -> Counter[Row]:
    """What a node has recorded about a person, each record by when, what was done, on what, how well; with counts."""
    sql = "SELECT timestamp, verb, activity, scaled FROM records_statement WHERE person = ?"
    return Counter(rows(node, f"{sql} AND {HANDED_ON} AND {more}", person, *values))


def consents(node: Node, recipient: str) -> dict[str, frozenset[str]]:
    """The kinds of event of each consent for a recipient that a node knows, by the consent's number."""
    found: dict[str, set[str]] = {}
    sql = "SELECT c.uuid, e.kind FROM access_consent c LEFT JOIN access_consentevent e ON e.consent_id = c.id"
    for number, kind in rows(node, f"{sql} WHERE c.recipient = ?", recipient):
        found.setdefault(number, set()).add(kind)
    return {number: frozenset(kinds) for number, kinds in found.items()}


def released_by_log(node: Node) -> Counter[str]:
    """How many records a node released by its log, by transfer; the node's keys open its lines."""
    return Counter(json.loads(run_on(node, RELEASED)))


def json_of(text: str) -> Any:
    """What a JSON column holds."""
    return json.loads(text)


def _stored(value: Any) -> Any:
    """A key as Django stores it in SQLite."""
    value = str(value) if isinstance(value, UUID) else value
    return value.replace("-", "") if isinstance(value, str) and len(value) == 36 and value.count("-") == 4 else value


def _text(cell: Any) -> str:
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
