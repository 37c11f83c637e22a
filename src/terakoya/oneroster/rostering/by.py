"""People are asked for by any sourcedId that they ever had: an old one means the person it is."""

from dataclasses import dataclass, replace

from django.db.models import Q

from terakoya.oneroster.filtering import By
from terakoya.oneroster.readers import Reader
from terakoya.roster import api as roster
from terakoya.standards.oneroster_query import Clause

from .people import any_row


@dataclass(frozen=True)
class OfPerson(By):
    """The sourcedId of a person."""

    def condition(self, clause: Clause) -> Q:
        if clause.operator not in ("=", "!="):
            return super().condition(clause)
        return super().condition(replace(clause, value=id_that_counts(clause.value)))


def id_that_counts(sourced_id: str, reader: Reader | None = None) -> str:
    """The sourcedId of the person whom one means: of an entry that was put together with another, that one's."""
    if reader and not any_row(reader.change, "Alias"):
        return sourced_id
    kept = roster.rows_of("Alias").filter(entry__sourced_id=sourced_id)
    return kept.values_list("person__sourced_id", flat=True).first() or sourced_id
