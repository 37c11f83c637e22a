"""What happens to accounts, written to the log; and which part an account plays, told to identity."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terakoya.identity import api as identity

from .actors import NOBODY, Actor, actor_of, actor_of_account, node_actor
from .recording import record_event

FAMILY = {"guardian", "member"}
SENTENCES: dict[str, str | Promise] = {
    # family
    "signed_in": _("signed in"),
    # family
    "signed_out": _("signed out"),
    # family
    "sign_in_paused": _("went wrong several times at signing in: the sign-in was closed for a while"),
    # family
    "password_changed": _("changed the password"),
    # family
    "factor_added": _("set up a second check for signing in"),
    # family
    "factor_removed": _("took a second check for signing in away"),
    # family
    "factor_reset": _("took all second checks for signing in away, as one was lost"),
    # family
    "factor_used": _("gave the second check for signing in"),
    # family
    "sessions_ended": _("signed out on other devices"),
    # family
    "card_made": _("made a new sign-in card"),
    # family
    "card_taken_back": _("made the sign-in card useless"),
    # family
    "account_opened": _("opened the account again"),
    # family
    "account_closed": _("closed the account"),
    # family
    "account_renamed": _("changed the name of the account, after the register"),
    # family
    "permission_changed": _("changed what the person may do, after the register"),
}


def part_of(request: HttpRequest) -> str:
    """The part of whoever makes the request: staff, pupil, family, or nothing."""
    actor = actor_of(request)
    if actor.stakeholder == "nobody":
        return ""
    if actor.stakeholder != "student":
        return "staff"
    return "family" if actor.role in FAMILY else "pupil"


def note(event: identity.Event) -> None:
    """Write one entry about an event, in its transaction."""
    record_event(_actor_of(event), event.what, event.people, event.reference)


def _actor_of(event: identity.Event) -> Actor:
    """Who did it; who cannot sign in is nobody, and what the register brings is done by the node itself."""
    if event.by is not None:
        return actor_of_account(event.by)
    if event.what == "sign_in_paused":
        return Actor(NOBODY.stakeholder, NOBODY.role, "", settings.NODE_NAME)
    return node_actor()
