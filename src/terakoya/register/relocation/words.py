"""The words for states of relocations, and the sentences of what is refused."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terakoya.register.models import Relocation

STATES = {
    "leaving": {
        "prepared": (gettext_lazy("ready, not sent"), "attention", "task"),
        "sent": (gettext_lazy("being sent"), "info", "clock"),
        "received": (gettext_lazy("arrived, waits for the new school"), "info", "clock"),
        "refused": (gettext_lazy("could not be delivered"), "error", "alert"),
        "withdrawing": (gettext_lazy("being withdrawn"), "warning", "clock"),
        "withdrawn": (gettext_lazy("withdrawn"), "", "stop"),
        "accepted": (gettext_lazy("taken in by the new school"), "success", "check"),
        "declined": (gettext_lazy("declined"), "error", "alert"),
        "handed": (gettext_lazy("given out as a file"), "success", "check"),
    },
    "arriving": {
        "asked": (gettext_lazy("asked for"), "info", "clock"),
        "received": (gettext_lazy("waits for you"), "attention", "task"),
        "accepted": (gettext_lazy("taken in"), "success", "check"),
        "declined": (gettext_lazy("declined"), "", "stop"),
        "withdrawn": (gettext_lazy("withdrawn by the old school"), "", "stop"),
    },
}


def state_words(relocation: Relocation) -> tuple[str, str, str]:
    """A state in words, with the tone and the picture of its tag."""
    words, tone, icon = STATES[relocation.side][relocation.state]
    return str(words), tone, icon


def no_such_step(relocation: Relocation) -> str:
    """The sentence for what cannot be done in a state."""
    states = STATES[relocation.side]
    word = str(states[relocation.state][0]) if relocation.state in states else relocation.state
    return _("This cannot be done now: the move is in the state “%(state)s”. Open its page again.") % {"state": word}
