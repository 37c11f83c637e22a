"""How a password must be, and changing one's own."""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import events, parts, sessions
from .models import Account

LEAST, LEAST_OF_STAFF = 8, 12


def least_for(part: str) -> int:
    """The least number of letters of a password of this part."""
    return LEAST_OF_STAFF if part == parts.STAFF else LEAST


class LengthByPart:
    """Refuses a password that is too short: staff need longer ones, as they reach the data of many."""

    def validate(self, password: str, user: Account | None = None) -> None:
        least = least_for(parts.part_of_account(user) if user else "")
        if len(password) < least:
            # family
            text = ngettext("Use at least %(n)s letter.", "Use at least %(n)s letters.", least) % {"n": least}
            raise ValidationError(text, code="password_too_short")

    def get_help_text(self) -> str:
        # family
        return _("At least 8 letters; staff at least 12.")


def change(request: HttpRequest, account: Account, password: str) -> None:
    """Give the signed-in account a new password; all its other sessions end. ValidationError when it is too weak."""
    validate_password(password, account)
    with transaction.atomic():
        before = request.session.session_key
        account.set_password(password)
        account.save(update_fields=["password"])
        update_session_auth_hash(request, account)
        sessions.follow_id(request, before)
        sessions.end_all(account, but=request.session.session_key)
        events.tell_of(account, "password_changed", account)
