"""Words of a planned year in the reader's language."""

from django.utils.translation import gettext as _

from terakoya.roster import api as roster

OUTCOMES = roster.life.OUTCOMES
TONES = {"drafted": "info", "begun": "success", "taken_back": "warning", "put_away": ""}


def outcome_name(outcome: str) -> str:
    """What becomes of a pupil."""
    return str(roster.life.Outcome(outcome).label)


def state_name(state: str) -> str:
    """How a planned year stands."""
    return {
        "drafted": _("planned"),
        "begun": _("begun"),
        "taken_back": _("taken back, open again"),
        "put_away": _("put away"),
    }[state]


def state_tone(state: str) -> str:
    """The tone of the tag for it."""
    return TONES[state]
