"""Learning records as a data set of the exchange: handed over one learner at a time, taken in, and forgotten."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import localtime

from terakoya.exchange.api import Dataset, Example, Forgotten, Page
from terakoya.identity.api import pairwise_id, pairwise_statement_id
from terakoya.kit.clock import JAPAN
from terakoya.standards.xapi import StatementRefused

from . import actions, queries
from .adapters.xapi import incoming, outgoing
from .models import Statement

CATEGORY_OF_KIND = {"city": "activity.learning_school", "pds": "activity.learning_school"}


def dataset() -> Dataset:
    """What this node offers: a school's records at a city and, in the learner's hands, at a PDS; else private ones."""
    said = tomllib.loads(Path(__file__).with_name("dataset.toml").read_text(encoding="utf-8"))
    return Dataset(
        id=said["id"],
        category=CATEGORY_OF_KIND.get(settings.NODE_KIND, "activity.learning_private"),
        purposes=tuple(said["purposes"]),
        title=said["title"],
        conforms_to=tuple(said["conforms_to"]),
        description=said["description"],
    )


class LearningRecords:
    """The provider of the data set ``learning-records``; its items are xAPI 2.0 statements."""

    def __init__(self) -> None:
        self.dataset = dataset()

    def count(self, subject: UUID, scope: dict[str, Any]) -> int:
        """How many records of the person the scope covers now."""
        return _covered(subject, scope).count()

    def example(self, subject: UUID, scope: dict[str, Any]) -> Example | None:
        """The newest record that the scope covers, with a score if there is one."""
        found = _covered(subject, scope).exclude(subject="")
        line = queries.newest(found.filter(scaled__isnull=False)) or queries.newest(found)
        return Example(localtime(line.at, JAPAN).date(), queries.in_words(line)) if line else None

    def page(self, subject: UUID, scope: dict[str, Any], cursor: str | None, limit: int, recipient_uri: str) -> Page:
        """Records in the order in which they were stored; the cursor is the sequence number of the last one given."""
        rows = list(_covered(subject, scope).filter(seq__gt=int(cursor or 0)).order_by("seq")[: limit + 1])
        pairwise = pairwise_id(subject, recipient_uri)
        items = [
            outgoing.released(row, pairwise, pairwise_statement_id(row.statement_id, recipient_uri))
            for row in rows[:limit]
        ]
        return Page(items, str(rows[limit - 1].seq) if len(rows) > limit else None)

    def receive(self, subject: UUID, items: list[dict[str, Any]], *, holder_uri: str, consent: UUID) -> int:
        """Store statements as the person's, each checked; the number of those that are new under the consent."""
        found = [_received(item) for item in items]
        return actions.hold(subject, found, holder=holder_uri, consent=consent)

    def forget(self, subject: UUID, consent: UUID) -> Forgotten:
        """Delete what came under the consent alone."""
        return Forgotten(*actions.release_hold(subject, consent))


def _covered(subject: UUID, scope: Mapping[str, Any]) -> QuerySet[Statement]:
    """The records that a scope covers: tied to the Course of Study, about an activity, within subjects and days.

    No or empty ``subjects`` leave the subject free, as in ``access``. Only a PDS hands on what came from others: there
    it is the learner's own.
    """
    found = queries.about(subject, scope.get("subjects") or None, _day(scope.get("from")), _day(scope.get("to")))
    found = found.exclude(unit="").exclude(activity="")
    return found if settings.NODE_KIND == "pds" else found.filter(holder="")


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _received(item: dict[str, Any]) -> incoming.Incoming:
    """An item as it will be stored. Only what was done to an activity is taken: a partner voids nothing here."""
    authority = item.get("authority")
    account = authority.get("account") if isinstance(authority, dict) else None
    source = account.get("name") if isinstance(account, dict) else None
    name = incoming.shown(source)[:200] if isinstance(source, str) else ""
    found = incoming.incoming_statement(item, msgspec.json.encode(item), "2.0.0", name)
    if not found.row.activity:
        raise StatementRefused("object", "an activity")
    return found
