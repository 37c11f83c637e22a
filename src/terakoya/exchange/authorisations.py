"""Asking a person of the holder for consent, through the browser: OAuth 2.0 with PAR (RFC 9126), RAR (RFC 9396) and
PKCE (RFC 7636). The client is known by the signature of its messages, so there are no client secrets."""

import base64
import hashlib
import secrets
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction

from terakoya.access import api as access
from terakoya.access.errors import ConsentRefused
from terakoya.identity import api as identity
from terakoya.kit import clock

from . import policy, wire
from .datasets import dataset
from .errors import (
    AuthorisationDecided,
    AuthorisationExpired,
    AuthorisationUnknown,
    Problem,
    UnknownDataset,
)
from .models import AuthorisationRequest, Grant, Partner
from .states import PROVIDER

REQUEST_LIVES = timedelta(minutes=20)
CODE_LIVES = timedelta(minutes=10)
UNCOLLECTED_AFTER = timedelta(hours=24)
NOBODY = UUID(int=0)


def take_request(partner: Partner, form: dict[str, str]) -> AuthorisationRequest:
    """Keep what a partner wants to ask (RFC 9126). Problem 400 with the OAuth error beside it."""
    if form.get("response_type") != "code" or form.get("client_id") != partner.uri:
        raise _invalid("response_type must be code, and client_id the address of the asking node.")
    if form.get("code_challenge_method") != "S256" or not 43 <= len(form.get("code_challenge", "")) <= 64:
        raise _invalid("A PKCE challenge of the method S256 is needed.")
    if not form.get("redirect_uri", "").startswith(f"{partner.uri}/") or len(form["redirect_uri"]) > 400:
        raise _invalid(f"redirect_uri must lead to {partner.uri}.")
    if not 16 <= len(form.get("state", "")) <= 64:
        raise _invalid("state must have 16 to 64 characters.")
    details = _details(form.get("authorization_details", ""))
    scope = msgspec.to_builtins(details.scope)
    _check(partner, details, scope)
    moment = clock.now()
    return AuthorisationRequest.objects.create(
        request_uri=f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(32)}",
        partner=partner,
        dataset_id=details.dataset,
        purpose=details.purpose,
        scope=scope,
        valid_until=details.valid_until,
        redirect_uri=form["redirect_uri"],
        state=form["state"],
        code_challenge=form["code_challenge"],
        created_at=moment,
        expires_at=moment + REQUEST_LIVES,
    )


def pending_authorisation(request_uri: str) -> AuthorisationRequest:
    """The request that a person is to decide, or has just decided in favour without the code being used yet.

    AuthorisationUnknown, AuthorisationExpired, AuthorisationDecided.
    """
    found = AuthorisationRequest.objects.select_related("partner", "grant").filter(request_uri=request_uri).first()
    if found is None:
        raise AuthorisationUnknown(request_uri)
    _still_open(found)
    return found


def approve(
    request: AuthorisationRequest,
    subject: UUID,
    by: access.Actor,
    capacity: str,
    notice: access.Notice | None = None,
) -> str:
    """Record the person's yes, and give the address to send the browser back to, with a code; ``notice``: as shown.

    Saying yes again for the same person gives a new code and no second consent. ConsentRefused when the person may not
    decide this; AuthorisationExpired, AuthorisationDecided.
    """
    with transaction.atomic():
        found = _locked(request)
        if found.grant is None:
            found.grant = _grant(found, subject, by, capacity, notice)
            found.decision = "approved"
        elif found.grant.subject != subject or not found.grant.lives:
            raise AuthorisationDecided(found.request_uri)
        code = secrets.token_urlsafe(32)
        found.code_digest = _digest(code)
        found.code_expires_at = clock.now() + CODE_LIVES
        found.save()
    return _back(found, code=code)


def refuse(
    request: AuthorisationRequest, subject: UUID, by: access.Actor, capacity: str, notice: access.Notice | None = None
) -> str:
    """Record the person's no, and give the address to send the browser back to.

    The recipient hears no more than that it may not (RFC 6749, section 4.1.2.1); ``notice``: as shown. ConsentRefused
    when the person may not decide this; AuthorisationExpired, AuthorisationDecided.
    """
    with transaction.atomic():
        found = _closed(request)
        access.refuse_consent(terms_of(found, subject), by=by, capacity=capacity, notice=notice)
    return _back(found, error="access_denied")


def turn_back(request: AuthorisationRequest) -> str:
    """Close the question of a reader who may decide for nobody here; the asker hears that nobody agreed."""
    with transaction.atomic():
        found = _closed(request)
    return _back(found, error="access_denied")


def redeem(partner: Partner, form: dict[str, str]) -> dict[str, Any]:
    """What a code stands for: the consent's receipt and the pairwise id of the person. Problem 400.

    While the code lives its client gets the same answer again: it may not have heard the first, and the signature and
    the PKCE verifier show that it is the same client.
    """
    if form.get("grant_type") != "authorization_code":
        raise _invalid("grant_type must be authorization_code.", "unsupported_grant_type")
    found = (
        AuthorisationRequest.objects.select_for_update(of=("self",))
        .select_related("grant")
        .filter(code_digest=_digest(form.get("code", "")), partner=partner)
        .first()
    )
    if found is None or found.grant is None or found.code_expires_at is None:
        raise _invalid("The code is none that was given to this node.", "invalid_grant")
    if found.code_expires_at <= clock.now() or not found.grant.lives:
        raise _invalid("The code is too old, or its consent has ended.", "invalid_grant")
    if found.redirect_uri != form.get("redirect_uri") or found.code_challenge != challenge(
        form.get("code_verifier", "")
    ):
        raise _invalid("redirect_uri or code_verifier is not that of the request.", "invalid_grant")
    consent = access.consent(found.grant.consent)
    return {"subject": found.grant.pairwise, "receipt": access.receipt(consent, subject=found.grant.pairwise)}


def end_uncollected() -> None:
    """End consents that were given and never used by the recipient, so that both ends say the same."""
    waiting = Grant.objects.filter(
        authorisationrequest__isnull=False,
        collected_at=None,
        ended_at=None,
        created_at__lt=clock.now() - UNCOLLECTED_AFTER,
    )
    for consent in waiting.values_list("consent", flat=True):
        access.withdraw(consent, by=None, reason="never collected by the recipient")


def challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def terms_of(request: AuthorisationRequest, subject: UUID) -> access.Terms:
    """What is asked, as the terms of a consent about a person."""
    return _terms(request.partner, request.dataset_id, request.purpose, request.scope, request.valid_until, subject)


def _terms(
    partner: Partner, dataset_id: str, purpose: str, scope: dict[str, Any], valid_until: date, subject: UUID
) -> access.Terms:
    return access.Terms(
        subject=subject,
        recipient=partner.uri,
        recipient_name=partner.name,
        holder=identity.node_uri(),
        holder_name=settings.NODE_NAME,
        categories=(dataset(dataset_id).category,),
        purpose=purpose,
        scope=scope,
        valid_until=valid_until,
        dataset=dataset_id,
    )


def _grant(
    request: AuthorisationRequest, subject: UUID, by: access.Actor, capacity: str, notice: access.Notice | None
) -> Grant:
    terms = terms_of(request, subject)
    consent = access.give_consent(terms, by=by, capacity=capacity, notice=notice)
    return Grant.objects.create(
        side=PROVIDER,
        partner=request.partner,
        consent=consent.uuid,
        subject=subject,
        pairwise=identity.pairwise_id(subject, request.partner.uri),
        dataset_id=request.dataset_id,
        category=terms.categories[0],
        purpose=request.purpose,
        scope=request.scope,
        valid_until=request.valid_until,
    )


def _details(text: str) -> wire.AuthorisationDetails:
    try:
        (details,) = msgspec.json.decode(text, type=list[wire.AuthorisationDetails])
    except (msgspec.DecodeError, ValueError) as fault:
        raise _invalid(f"authorization_details: {fault}", "invalid_authorization_details") from fault
    return details


def _check(partner: Partner, details: wire.AuthorisationDetails, scope: dict[str, Any]) -> None:
    try:
        if objection := policy.objection(dataset(details.dataset), details.purpose, partner):
            raise _invalid(objection, "invalid_authorization_details")
        access.check_terms(_terms(partner, details.dataset, details.purpose, scope, details.valid_until, NOBODY))
    except UnknownDataset as fault:
        raise _invalid("No such data set is offered here.", "invalid_authorization_details") from fault
    except ConsentRefused as fault:
        sentence = f"Nobody can agree to this: {fault.reason}."
        raise _invalid(sentence, "invalid_authorization_details") from fault


def _locked(request: AuthorisationRequest) -> AuthorisationRequest:
    locked = AuthorisationRequest.objects.select_for_update(of=("self",)).select_related("partner", "grant")
    found = locked.get(pk=request.pk)
    _still_open(found)
    return found


def _closed(request: AuthorisationRequest) -> AuthorisationRequest:
    found = _locked(request)
    if found.grant is not None:
        raise AuthorisationDecided(found.request_uri)
    found.decision = "refused"
    found.save(update_fields=["decision"])
    return found


def _still_open(found: AuthorisationRequest) -> None:
    if found.decision == "refused" or (found.grant and (found.grant.collected_at or not found.grant.lives)):
        raise AuthorisationDecided(found.request_uri)
    if found.expires_at <= clock.now():
        raise AuthorisationExpired(found.request_uri)


def _back(request: AuthorisationRequest, **answer: str) -> str:
    query = urlencode({**answer, "state": request.state, "iss": identity.node_uri()})
    return f"{request.redirect_uri}{'&' if '?' in request.redirect_uri else '?'}{query}"


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _invalid(detail: str, error: str = "invalid_request") -> Problem:
    return Problem(400, error.replace("_", "-"), detail, error=error)
