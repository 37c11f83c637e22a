"""What a clerk does about a request, and what follows from a yes."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.exchange import api as exchange
from terakoya.identity import api as identity

from . import disclosures, requests
from .errors import RequestRefused
from .holdings import Holding, given_to, holdings
from .models import CorrectingNote, RightsRequest
from .policy import CAPACITIES, CATEGORY, PURPOSE


@dataclass(frozen=True)
class Held:
    """A holding with the number of records about the person; ``given``: whether the asker may be given them."""

    holding: Holding
    count: int
    given: bool


def held_for(request: RightsRequest) -> list[Held]:
    """What is held of the categories of a request, counted."""
    given = given_to(asker_of(request), request.subject, request.categories)
    return [Held(one, one.count(request.subject), one.category in given) for one in holdings(request.categories)]


def asker_of(request: RightsRequest) -> access.Actor:
    """Whoever asked, as the actor that they are today; nobody when the account is closed."""
    account = identity.Account.objects.filter(pk=request.asked_by, is_active=True).first()
    return access.actor_of_account(account) if account else access.NOBODY


def still_speaks(request: RightsRequest) -> bool:
    """Whether the asker may still ask for the person today: a guardianship may have ended since."""
    decision = access.may(asker_of(request), CATEGORY, PURPOSE, request.subject)
    return decision.permitted and decision.relation.kind in CAPACITIES


def concerned(request: RightsRequest) -> list[access.Consent]:
    """The consents in force about the person that touch the categories of a request."""
    wanted = set(request.categories)
    about = access.consents_about(request.subject)
    return [one for one in about if access.state_of(one) == "given" and wanted & set(one.categories)]


def ended_by(request: RightsRequest) -> list[dict[str, Any]]:
    """The consents that a granted request ended, each with what became of the copy."""
    about = access.consents_about(request.subject)
    mine = [one for one in about if any(event.reason == _reason(request) for event in one.events.all())]
    return [{"consent": one, "deletion": exchange.deletion_of(one)} for one in mine]


@transaction.atomic
def answer(request: RightsRequest, kind: str, *, by: access.Actor, reason: str = "", clause: str = "") -> None:
    """A clerk's step, with what follows from it, in one transaction. RequestRefused, WrongState.

    A granted disclosure is made and done at once; a granted stop ends the consents concerned and is done at once; a
    correction is done by the clerk in the owning system, and said to be done then. Nobody answers their own family.
    """
    _check_not_own(request, by)
    if kind in ("granted", "partly") and not still_speaks(request):
        raise RequestRefused("person", _("Whoever asked may not speak for this person today. It can only be refused."))
    if not requests.step(request, kind, by=by, reason=reason, clause=clause):
        return
    if kind in ("granted", "partly"):
        FOLLOWS[request.kind](request, by)


def _disclose(request: RightsRequest, by: access.Actor) -> None:
    disclosures.make(request)
    requests.step(request, "done", by=by)


def _stop(request: RightsRequest, by: access.Actor) -> None:
    for consent in concerned(request):
        access.withdraw(consent.uuid, by=asker_of(request), reason=_reason(request))
    requests.step(request, "done", by=by)


def _correct(request: RightsRequest, by: access.Actor) -> None:
    """Records that are evidence are never overwritten: the note stands beside them, and nothing more is to be done."""
    noted = [one for one in holdings(request.categories) if one.noted]
    if not noted:
        return
    text = "\n".join(filter(None, (request.wrong, request.right)))
    CorrectingNote(request=request, person=request.subject, category=noted[0].category, text=text).save()
    if len(noted) == len(holdings(request.categories)):
        requests.step(request, "done", by=by)


FOLLOWS = {"disclosure": _disclose, "stop": _stop, "correction": _correct}


def _check_not_own(request: RightsRequest, by: access.Actor) -> None:
    own = request.asked_by == by.account
    if own or access.may(by, CATEGORY, PURPOSE, request.subject).relation.kind in CAPACITIES:
        raise RequestRefused("person", _("Nobody decides about a request of their own family. Ask a colleague."))


def _reason(request: RightsRequest) -> str:
    return f"rights:{request.uuid}"
