"""Writes by field: the owner's are written, those of other systems wait as proposals with their origin."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from terakoya.kit import clock

from ..changing import changing
from ..errors import CannotDecide
from ..models import Alias, Change, Course, Kept, Organisation, Person, Proposal, ProposalEvent, SchoolClass
from ..people_models import NAME_FIELDS
from .following import follow_login, follow_name
from .names import keep_past
from .owners import kind_of, owners
from .queueing import LONGEST, Wish, fields_written_alone, printed, queue

TABLES: dict[str, Any] = {model.__name__: model for model in (Person, Organisation, SchoolClass, Course)}
FLAGS = {"true": True, "false": False}


def write(row: Kept, field: str, value: Any, *, origin: str, by: str, note: str = "") -> Change | Proposal | None:
    """Write a field for a system: at once where the system owns it, else as a proposal that waits for a decision.

    row: a person, organisation, class or course; origin: the id of the system in ``owners.toml``, or any other name,
    which owns nothing. None when the field holds the value already. Raises ``ValueError`` on a field that is not
    written alone, ``CannotDecide`` (``value``) on a value that it cannot hold.
    """
    plain = _plain(row, field, value)
    if getattr(row, field) == plain:
        return None
    owner = owners().owner(kind_of(row), field)
    if owner == origin:
        return _apply(row, field, plain, by, note)
    return propose(row, field, plain, origin=origin, owner=owner, by=by)


@transaction.atomic
def propose(row: Kept, field: str, value: Any, *, origin: str, owner: str, by: str) -> Proposal:
    """Keep what a system would write. The same said twice waits once; another value overtakes what waited."""
    wish = Wish(row, field, value, owner)
    table, key, _field = wish.place
    queue([wish], {table: [key]}, origin=origin, by=by, only=field)
    return proposals().filter(table=table, key=key, field=field, origin=origin[:150]).get()


def proposals(state: str = "proposed") -> "QuerySet[Proposal]":
    """The proposals in a state (default: those that wait), the oldest first."""
    latest = ProposalEvent.objects.filter(proposal=OuterRef("pk")).order_by("-pk")
    return Proposal.objects.annotate(state=Subquery(latest.values("kind")[:1])).filter(state=state)


@transaction.atomic
def accept(proposal: Proposal, *, by: str, reason: str = "") -> Change:
    """Write what was proposed, as a change. Raises ``CannotDecide``: ``decided``, ``gone``, ``moved``."""
    _lock(proposal)
    row = _row(proposal)
    if printed(getattr(row, proposal.field))[:LONGEST] != proposal.current:
        raise CannotDecide("moved")
    value = _plain(row, proposal.field, proposal.proposed)
    change = _apply(row, proposal.field, value, by, reason)
    _event(proposal, "accepted", by, reason, change)
    return change


@transaction.atomic
def decline(proposal: Proposal, *, by: str, reason: str) -> None:
    """Leave the field as it is, with the reason. Raises ``CannotDecide``: ``decided``, ``reason``."""
    if not reason.strip():
        raise CannotDecide("reason")
    _lock(proposal)
    _event(proposal, "declined", by, reason)


def about(person: UUID) -> "QuerySet[Proposal]":
    """All proposals about somebody, decided ones too; those about their other entries among them."""
    keys = Q(person=person) | Q(person__in=Alias.objects.filter(person=person).values("entry"))
    latest = ProposalEvent.objects.filter(proposal=OuterRef("pk")).order_by("-pk")
    return Proposal.objects.filter(keys).annotate(state=Subquery(latest.values("kind")[:1]))


def _apply(row: Kept, field: str, value: Any, by: str, note: str) -> Change:
    with changing(Change.Kind.CORRECTION, by=by, note=note) as writing:
        if isinstance(row, Person) and field in NAME_FIELDS:
            names = {name: getattr(row, name) for name in NAME_FIELDS}
            keep_past(writing, [(row.pk, names)], clock.today())
        writing.update([(row, {field: value})])
        if isinstance(row, Person):
            _follow(row, field, str(writing.change.uuid))
    return writing.change


def _follow(person: Person, field: str, reference: str) -> None:
    """Let the account follow. Raises ``CannotDecide`` (``login``) where a login name is somebody else's."""
    if field in NAME_FIELDS:
        follow_name(person, reference=reference)
    elif field == "username" and not follow_login(person, reference=reference):
        raise CannotDecide("login")


def _plain(row: Kept, field: str, value: Any) -> Any:
    """A value as the model has it. Raises ``ValueError`` or ``CannotDecide``."""
    if field not in fields_written_alone(type(row)):
        raise ValueError(f"{field} is not written alone")
    known: models.Field[Any, Any] = row._meta.get_field(field)  # type: ignore[assignment]
    if isinstance(known, models.BooleanField):
        value = FLAGS.get(value, value)
    try:
        if known.null and value in ("", None):
            return None
        return known.clean(known.to_python(value), row) if not known.blank and value != "" else known.to_python(value)
    except ValidationError as fault:
        raise CannotDecide("value") from fault


def _row(proposal: Proposal) -> Any:
    row = TABLES[proposal.table]._default_manager.filter(sourced_id=proposal.key).first()
    if row is None:
        raise CannotDecide("gone")
    alias = Alias.objects.filter(entry=row.pk).select_related("person").first() if isinstance(row, Person) else None
    return alias.person if alias else row


def _lock(proposal: Proposal) -> None:
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.events.order_by("-pk").values_list("kind", flat=True).first() != "proposed":
        raise CannotDecide("decided")


def _event(proposal: Proposal, kind: str, by: str, reason: str = "", change: Change | None = None) -> None:
    ProposalEvent.objects.create(
        proposal=proposal, kind=kind, at=clock.now(), by=by[:150], reason=reason[:LONGEST], change=change
    )
