"""Which tables refer to people, and when two rows of one person say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from ..models import (
    AddressProtection,
    Alias,
    Enrolment,
    Guardianship,
    Kept,
    NameChoice,
    PastName,
    Period,
    Person,
    Role,
)

# the fields by which, beside the person, two periods say the same
SAYS: dict[tuple[type[Kept], str], tuple[str, ...]] = {
    (Role, "person"): ("organisation_id", "name"),
    (Enrolment, "person"): ("school_class_id", "role"),
    (Guardianship, "guardian"): ("child_id",),
    (Guardianship, "child"): ("guardian_id",),
    (AddressProtection, "person"): ("hidden_from_id",),
    (AddressProtection, "hidden_from"): ("person_id",),
}
# what tells of an entry as such, and stays with it
STAYS = (PastName, NameChoice, Alias)
# of these only one row may live for what it says
ONE_LIVES = (Guardianship, AddressProtection)


@dataclass(frozen=True)
class Tie:
    """A field of a table that refers to a person; ``says`` is empty where every row counts for itself."""

    model: type[Kept]
    field: str
    says: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        return f"{self.field}_id"

    def rows(self, person: Any) -> "models.QuerySet[Any]":
        """The rows in which somebody stands in this field, in the order in which they began to be."""
        order = ("begins", "pk") if issubclass(self.model, Period) else ("pk",)
        return self.model._default_manager.filter(**{self.column: person}).order_by(*order)

    def saying(self, row: Any) -> tuple[Any, ...]:
        """What a row says beside whom it is about."""
        return tuple(getattr(row, name) for name in self.says)


def ties() -> Iterator[Tie]:
    """All ties whose rows go over when two entries become one."""
    for model in apps.get_app_config("roster").get_models():
        if not issubclass(model, Kept) or issubclass(model, STAYS):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Person:
                yield Tie(model, field.name, SAYS.get((model, field.name), ()))
