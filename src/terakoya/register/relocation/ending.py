"""What a move does to the register of the old municipality: the pupil leaves, or is put back."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.register.models import Relocation
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange, CannotUndo


def leave(relocation: Relocation, begins: date, *, by: str) -> tuple[list[int], str]:
    """End the pupil's place here on the first day at the new school: the changes, or why there is nothing to end."""
    pupil, _last_day = relocation.known()
    try:
        with transaction.atomic():
            change = roster.life.leave(pupil, begins, by=by, note=str(relocation.uuid))
    except CannotChange as fault:
        return [], fault.sentence
    return [change.pk], ""


def take_back(relocation: Relocation, *, by: str) -> str:
    """Put the pupil into the class of before again; the reason where something that was changed since forbids it."""
    ended = relocation.events.filter(kind__in=("accepted", "handed")).order_by("-pk").first()
    try:
        with transaction.atomic():
            for number in reversed(ended.changes if ended else []):
                if change := roster.life.change_of(number):
                    roster.undo(change, by=by)
    except CannotUndo:
        return _("The pupil was not put back into the class: the register was changed since. Please do it by hand.")
    return ""
