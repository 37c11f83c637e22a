"""What marks a person, and finding it in any bytes: names, login names, readings, keys, ids between nodes, records."""

import base64
import re
from dataclasses import dataclass

from terakoya.node.federation import Node

from .databases import rows, tables

ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
SEGMENT = re.compile(rb"eyJ[\w-]{20,}")  # the readable parts of a signed token are base64url of JSON
KEY = re.compile(r"(?=([0-9a-f]{32}))")
KANA_RUN = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]+")
KEY_COLUMNS = (
    ("roster_person", "uuid"),
    ("identity_account", "person"),
    ("identity_pairwiseid", "person"),
    ("identity_pairwiseid", "pairwise"),
    ("pds_child", "person"),
    ("records_statement", "person"),
    ("records_statement", "statement_id"),
    ("access_consent", "uuid"),
)


@dataclass
class Canaries:
    """What must not be found where no person is: the mark, login names, keys of 32 hex digits, readings of names."""

    mark: str
    usernames: set[str]
    keys: set[str]
    readings: set[str]

    def found_in(self, data: bytes) -> set[str]:
        """Which canaries the bytes hold: in UTF-8, escaped as in JSON, or in the parts of a signed token."""
        text = readable(data)
        found = set(KEY.findall(text.replace("-", ""))) & self.keys
        if self.mark.lower() in text:  # it is a part of every login name
            found |= {self.mark, *(name for name in self.usernames if name.lower() in text)}
        kana = "\n".join(set(KANA_RUN.findall(re.sub(r"\s+", "", text))))
        return found | {reading for reading in self.readings if reading in kana}


def readable(data: bytes) -> str:
    """The bytes as text in small letters, with JSON's escapes undone and tokens opened."""
    opened = [_opened(token) for token in set(SEGMENT.findall(data))]
    text = b"\n".join([data, *opened]).decode("utf-8", "replace")
    return ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text).lower()


def _opened(token: bytes) -> bytes:
    return base64.urlsafe_b64decode(token[: len(token) // 4 * 4])


def marked_people(node: Node, mark: str) -> int:
    """How many people a node knows by a marked name: those of its roster, its accounts and its families, each once."""
    people = {
        "roster_person": ("uuid", "display_given"),
        "pds_child": ("person", "name"),
        "identity_account": ("COALESCE(person, username)", "display_name"),
    }
    found: set[str] = set()
    for table in set(people) & set(tables(node)):
        key, name = people[table]
        sql = f'SELECT {key} FROM "{table}" WHERE {name} LIKE ?'  # noqa: S608 (names from the lines above)
        found |= {key for (key,) in rows(node, sql, f"%{mark}%")}
    return len(found)


def canaries_of(nodes: list[Node], mark: str) -> Canaries:
    """All that these nodes know of people."""
    keys: set[str] = set()
    usernames: set[str] = set()
    readings: set[str] = set()
    for node in nodes:
        known = set(tables(node))
        for table, column in KEY_COLUMNS:
            if table in known:
                sql = f'SELECT DISTINCT {column} FROM "{table}" WHERE {column} IS NOT NULL'  # noqa: S608 (as above)
                keys |= {key for (key,) in rows(node, sql)}
        usernames |= {name for (name,) in rows(node, "SELECT username FROM identity_account")}
        if "roster_person" in known:
            usernames |= {name for (name,) in rows(node, "SELECT username FROM roster_person WHERE username <> ''")}
            kana = rows(node, "SELECT kana_family || kana_given FROM roster_person WHERE kana_given <> ''")
            readings |= {reading for (reading,) in kana}
    assert all(mark.lower() in name for name in usernames)
    return Canaries(mark, usernames, keys, readings)
