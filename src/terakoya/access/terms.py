"""What a family is asked to agree to."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Terms:
    """What is asked for: whose data go from which holder to which recipient, which, what for, until when.

    recipient, holder: base URLs of nodes; scope: {"subjects": [subject codes], "from": date, "to": date}, all optional
    """

    subject: UUID
    recipient: str
    recipient_name: str
    holder: str
    holder_name: str
    categories: tuple[str, ...]
    purpose: str
    valid_until: date
    dataset: str
    scope: dict[str, Any] = field(default_factory=dict)
