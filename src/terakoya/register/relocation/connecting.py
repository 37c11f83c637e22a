"""Makes moves between municipalities known to the rooms below: relations, messages, words of the log."""

from django.utils.translation import gettext_lazy as _

from terakoya.access import api as access
from terakoya.exchange import api as exchange

from . import bringing, holding, messages, relations, waiting  # noqa: F401  (importing the first and the last registers them)


def connect() -> None:
    """Called once, when the room is ready."""
    holding.register()
    access.register_relations(relations.takes_over)
    access.register_relations(relations.waits_for)
    exchange.register_receiver("relocation", messages.take_package)
    exchange.register_receiver("relocation-code", messages.take_code)
    exchange.register_receiver("relocation-withdrawal", messages.take_withdrawal)
    exchange.register_receiver("relocation-decision", messages.take_decisions)
    # family
    access.register_what("relocation", _("worked at a move to another municipality"))
    # family
    access.register_what("relocation_sent", _("passed on to the next school"))
    # family
    access.register_what("relocation_received", _("handed the pupil over to a school here"))
    # family
    access.register_what("relocation_taken_in", _("took the pupil in from another municipality"))
    # family
    access.register_what("relocation_closed", _("noted that the next school has taken the pupil in"))
