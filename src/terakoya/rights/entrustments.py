"""Writes of the entrustment register."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.kit import clock

from .errors import RequestRefused, WrongState
from .models import Entrustment, EntrustmentAudit


def enter(
    partner: str, task: str, categories: list[str], contract: str, begins: date, *, by: access.Actor
) -> Entrustment:
    """Enter an entrustment from a day on (APPI art. 66 (2), 25)."""
    return Entrustment.objects.create(
        partner=partner, task=task, categories=categories, contract=contract, begins=begins, entered_by=by.name
    )


@transaction.atomic
def end(number: UUID, day: date) -> Entrustment:
    """Say from which day on it holds no longer. RequestRefused before its beginning, WrongState when it has an end."""
    found = Entrustment.objects.select_for_update().get(uuid=number)
    if found.ends is not None:
        if found.ends == day:
            return found
        raise WrongState(_("This entrustment has ended already."))
    if day < found.begins:
        raise RequestRefused("day", _("The end cannot be before the beginning."))
    found.ends = day
    found.save(update_fields=["ends"])
    return found


def note_audit(number: UUID, day: date, finding: str, *, by: access.Actor) -> EntrustmentAudit:
    """Note that whom one entrusted was looked after on a day. RequestRefused for a day to come."""
    if day > clock.today():
        raise RequestRefused("day", _("The day is in the future."))
    entrustment = Entrustment.objects.get(uuid=number)
    known = EntrustmentAudit.objects.filter(entrustment=entrustment, day=day, finding=finding).first()
    if known is None:
        known = EntrustmentAudit(entrustment=entrustment, day=day, finding=finding, entered_by=by.name)
        known.save()
    return known
