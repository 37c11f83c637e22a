"""What a guardian agreed to ends with the guardianship: nobody is left who stands behind it and watches over it.

Without this a former guardian's own store would go on to receive the child's records (Civil Code, arts. 820 and 834).
"""

from terakoya.kit import clock

from . import majority
from .actions import withdraw
from .actors import has_roster
from .capacity import is_guardian
from .models import Consent
from .states import ENDS

REASON = "the guardianship has ended"


def end_what_former_guardians_gave() -> int:
    """End what was agreed to by those who are no guardians of the learner today; how many.

    Only where a roster says who is. What ends with a birthday is written down before, as it may pass to the learner.
    Told to the recipient as any stop.
    """
    if not has_roster():
        return 0
    majority.lapse()
    from terakoya.roster import api as roster

    today = clock.today()
    going = Consent.objects.filter(capacity="guardian", source="", valid_until__gte=today)
    rows = list(going.exclude(events__kind__in=list(ENDS)).values_list("uuid", "given_by", "subject"))
    guardians = roster.guardians_and_children(today) if rows else set()
    over = [one for one, giver, child in rows if (giver, child) not in guardians and not is_guardian(giver, child)]
    for uuid in over:
        withdraw(uuid, by=None, reason=REASON)
    return len(over)
