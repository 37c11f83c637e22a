"""What marks a person, and finding it in any bytes: names, login names, readings, birthdays, keys, ids between nodes,
records, sign-in cards, sessions, and the words in which somebody asked for something."""

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from terakoya.node.federation import Node

from .databases import rows, tables

ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
SEGMENT = re.compile(rb"eyJ[\w-]{20,}")  # the readable parts of a signed token are base64url of JSON
KEY = re.compile(r"(?=([0-9a-f]{32}))")
KANA_RUN = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]+")
DATE = re.compile(r"(\d{4})[-年](\d{1,2})[-月](\d{1,2})")
ZIP = b"PK\x03\x04"
KEY_COLUMNS = (
    ("roster_person", "uuid"),
    ("identity_account", "person"),
    ("identity_pairwiseid", "person"),
    ("identity_pairwiseid", "pairwise"),
    ("pds_child", "person"),
    ("records_statement", "person"),
    ("records_statement", "statement_id"),
    ("access_consent", "uuid"),
    ("rights_rightsrequest", "uuid"),
    ("rights_question", "uuid"),
    ("identity_signincard", "substr(token_digest, 1, 32)"),
    ("identity_signincard", "substr(pictures_digest, 1, 32)"),
)
BIRTH_COLUMNS = (("roster_person", "birth_date"), ("pds_child", "birth_date"))
WORD_COLUMNS = (
    ("rights_rightsrequest", "wrong"),
    ("rights_rightsrequest", '"right"'),
    ("rights_question", "text"),
    ("rights_questionevent", "text"),
    ("identity_opensession", "session_key"),
)


@dataclass
class Canaries:
    """What must not be found where no person is: the mark, login names, keys of 32 hex digits, readings of names,
    birthdays as year, month and day, and words: what was asked and answered, keys of sessions."""

    mark: str
    usernames: set[str]
    keys: set[str]
    readings: set[str]
    births: set[str]
    words: set[str]

    def found_in(self, data: bytes) -> set[str]:
        """Which canaries the bytes hold: in UTF-8, escaped as in JSON, in parts of a signed token, in a ZIP file."""
        text = readable(data)
        found = set(KEY.findall(text.replace("-", ""))) & self.keys
        if self.mark.lower() in text:  # it is a part of every login name
            found |= {self.mark, *(name for name in self.usernames if name.lower() in text)}
        found |= {word for word in self.words if word.lower() in text}
        found |= {f"{year}-{month:0>2}-{day:0>2}" for year, month, day in DATE.findall(text)} & self.births
        kana = "\n".join(set(KANA_RUN.findall(re.sub(r"\s+", "", text))))
        return found | {reading for reading in self.readings if reading in kana}


def readable(data: bytes) -> str:
    """The bytes as text in small letters, with JSON's escapes undone, tokens and ZIP files opened."""
    opened = [_opened(token) for token in set(SEGMENT.findall(data))]
    opened += _unzipped(data) if ZIP in data else []
    text = b"\n".join([data, *opened]).decode("utf-8", "replace")
    return ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text).lower()


def _opened(token: bytes) -> bytes:
    return base64.urlsafe_b64decode(token[: len(token) // 4 * 4])


def _unzipped(data: bytes) -> Iterator[bytes]:
    """The files in the last ZIP file that the bytes hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            yield from map(file.read, file.namelist())
    except zipfile.BadZipFile:
        return


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
    usernames = _told(nodes, (("identity_account", "username"), ("roster_person", "username")))
    assert all(mark.lower() in name for name in usernames)
    return Canaries(
        mark,
        usernames,
        keys=_told(nodes, KEY_COLUMNS),
        readings=_told(nodes, (("roster_person", "kana_family || kana_given"),)),
        births=_told(nodes, BIRTH_COLUMNS),
        words=_told(nodes, WORD_COLUMNS),
    )


def _told(nodes: list[Node], columns: tuple[tuple[str, str], ...]) -> set[str]:
    """What stands in these columns at those of the nodes that have them."""
    found: set[str] = set()
    for node in nodes:
        known = set(tables(node))
        for table, column in columns:
            if table in known:
                sql = f"SELECT DISTINCT {column} FROM \"{table}\" WHERE {column} <> ''"  # noqa: S608 (from above)
                found |= {told for (told,) in rows(node, sql)}
    return found
