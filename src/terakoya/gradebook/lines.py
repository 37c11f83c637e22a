"""What somebody says of rows, whichever way it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """What is said of one row. A field that is in neither mapping is not spoken of, and stays as it was.

    key: its sourcedId; facts: values by field; references: sourcedIds of other rows by field, "" for none
    """

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    is_gone: bool = False
