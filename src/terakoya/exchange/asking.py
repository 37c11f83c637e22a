"""The recipient's side of an authorisation: send the browser to the holder, and take what it brings back."""

import secrets
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.db import transaction

from terakoya.identity import api as identity
from terakoya.kit import clock, jobs

from . import client, grants
from .authorisations import challenge
from .errors import (
    AuthorisationExpired,
    AuthorisationRefused,
    AuthorisationUnknown,
    PartnerAway,
    PartnerRefused,
    WrongState,
)
from .models import AskedAuthorisation, Grant
from .negotiations import ensure_agreement
from .partners import partner as partner_named

FORM = "application/x-www-form-urlencoded"
ASKED_LIVES = timedelta(hours=1)


def begin_authorisation(
    holder_uri: str,
    dataset_id: str,
    purpose: str,
    scope: dict[str, Any],
    valid_until: date,
    subject: UUID,
    return_url: str,
) -> str:
    """Prepare to ask a person of the holder for consent; the address to send the browser to.

    ``subject`` is the key on this node of the person whose records they are; ``return_url`` a page of this node, which
    passes ``state`` and ``code`` on to ``complete_authorisation`` after it has seen that the same reader is back.
    UnknownPartner, PartnerAway, PartnerRefused.
    """
    holder = partner_named(holder_uri)
    asked = AskedAuthorisation(
        state=secrets.token_urlsafe(32),
        partner=holder,
        subject=subject,
        dataset_id=dataset_id,
        purpose=purpose,
        scope=_plain(scope),
        valid_until=valid_until,
        return_url=return_url,
        code_verifier=secrets.token_urlsafe(48),
    )
    asked.save()
    ensure_agreement(holder.uri, dataset_id, purpose)
    answer = client.call_for(holder, "POST", "/exchange/par", _form(_request(asked)), content_type=FORM)
    query = urlencode({"request_uri": answer.text("request_uri"), "client_id": identity.node_uri()})
    return f"{holder.uri}/authorise/?{query}"


def asked_subject(state: str) -> UUID:
    """Whose records an authorisation was asked for, to be compared with who is signed in. AuthorisationUnknown."""
    found = AskedAuthorisation.objects.filter(state=state).first()
    if found is None:
        raise AuthorisationUnknown("no such request was made here")
    return found.subject


def complete_authorisation(state: str, code: str) -> Grant:
    """Turn the code that the browser brought into a grant; the transfer is asked for in the same transaction.

    Completed before, it is the same grant. When the holder is away the node goes on trying by itself while the code
    lives. AuthorisationUnknown, AuthorisationExpired, AuthorisationRefused, PartnerAway.
    """
    with transaction.atomic():
        asked = _locked(state)
        if asked.grant is not None:
            return asked.grant
        if asked.failure:
            raise AuthorisationRefused(asked.failure)
        if asked.created_at < clock.now() - ASKED_LIVES:
            raise AuthorisationExpired(state)
        asked.code = code[:128]
        asked.save(update_fields=["code"])
        # the browser waits for the answer below; should the node die before it, this job takes its place
        jobs.enqueue(
            "exchange.redeem", {"partner": asked.partner.uri, "state": state}, key=f"redeem:{state}", delay_seconds=5
        )
    return redeem(state)


def redeem(state: str) -> Grant:
    """Ask the holder what the code stands for, and keep it."""
    asked = AskedAuthorisation.objects.select_related("partner", "grant__partner").get(state=state)
    if asked.grant is not None:
        return asked.grant
    body = _form(
        {
            "grant_type": "authorization_code",
            "code": asked.code,
            "code_verifier": asked.code_verifier,
            "redirect_uri": asked.return_url,
        }
    )
    try:
        answer = client.call_for(asked.partner, "POST", "/exchange/token", body, content_type=FORM)
    except PartnerRefused as fault:
        AskedAuthorisation.objects.filter(state=state, grant=None).update(failure=fault.type[:200])
        raise AuthorisationRefused(fault.type) from fault
    return _keep(state, answer.json())


@transaction.atomic
def _keep(state: str, answer: Any) -> Grant:
    asked = _locked(state)
    if asked.grant is not None:
        return asked.grant
    try:
        asked.grant = grants.keep_copy(
            asked.partner, answer["receipt"], subject=asked.subject, pairwise=UUID(answer["subject"])
        )
    except (KeyError, TypeError, ValueError, WrongState) as fault:
        raise PartnerAway(f"the answer of {asked.partner.uri} is not a consent: {fault}") from fault
    wanted = (asked.dataset_id, asked.purpose)
    if (asked.grant.dataset_id, asked.grant.purpose) != wanted:
        raise PartnerAway(f"the answer of {asked.partner.uri} is about something else")
    asked.save(update_fields=["grant"])
    return asked.grant


def redeem_by_job(job: dict[str, Any]) -> None:
    """The node's own try, when the browser's request did not live to see the answer."""
    try:
        redeem(job["state"])
    except PartnerAway as reason:
        raise jobs.TryLater(str(reason)) from reason
    except AuthorisationRefused:
        return  # noted; the family begins again


def _locked(state: str) -> AskedAuthorisation:
    locked = AskedAuthorisation.objects.select_for_update(of=("self",)).select_related("partner", "grant__partner")
    found = locked.filter(state=state).first()
    if found is None:
        raise AuthorisationUnknown("no such request was made here")
    return found


def _request(asked: AskedAuthorisation) -> dict[str, str]:
    details = {
        "type": "terakoya_records",
        "dataset": asked.dataset_id,
        "purpose": asked.purpose,
        "valid_until": asked.valid_until,
        "scope": asked.scope,
    }
    return {
        "response_type": "code",
        "client_id": identity.node_uri(),
        "redirect_uri": asked.return_url,
        "state": asked.state,
        "code_challenge": challenge(asked.code_verifier),
        "code_challenge_method": "S256",
        "authorization_details": msgspec.json.encode([details]).decode(),
    }


def _form(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode()


def _plain(scope: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in scope.items()}
