"""Passkeys (WebAuthn level 2) as a second factor, by the library of the FIDO keys' maker.

Browsers give passkeys to host names under https, and to localhost; at a bare IP address there are none.
"""

import ipaddress
import json
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from terakoya.kit import clock

from . import events, keys, tries
from .errors import Paused, WrongCode
from .models import Account, Factor

DOOR = "passkey"
State = dict[str, Any]


def are_possible() -> bool:
    """Whether browsers give passkeys at this node's address."""
    address = urlsplit(settings.NODE_URL)
    try:
        ipaddress.ip_address(address.hostname or "")
    except ValueError:
        return address.scheme == "https" or address.hostname == "localhost"
    return False


def has_passkey(account: Account) -> bool:
    """Whether the account has a passkey."""
    return Factor.objects.filter(account=account, kind=Factor.Kind.PASSKEY).exists()


def begin_adding(account: Account) -> tuple[str, State]:
    """The options for the browser as JSON, and what must be kept in the session until it answers."""
    user = PublicKeyCredentialUserEntity(
        id=keys.keyed_digest("passkey", str(account.pk)).encode()[:64],
        name=account.username,
        display_name=account.display_name,
    )
    options, state = _server().register_begin(
        user,
        credentials=[credential for _, credential in _passkeys_of(account)],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return json.dumps(dict(options.public_key)), state


@transaction.atomic
def add(account: Account, name: str, answer: str, state: State | None) -> Factor:
    """Keep the passkey that the browser made. WrongCode when the answer is not the one to what was asked."""
    try:
        registered = _server().register_complete(state, RegistrationResponse.from_dict(json.loads(answer)))
        credential = bytes(registered.credential_data or b"")
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise WrongCode from fault
    if not credential:
        raise WrongCode
    Account.objects.filter(pk=account.pk).update(factor_reset_at=None)
    events.tell_of(account, "factor_added", account, "passkey")
    return Factor.objects.create(
        account=account,
        kind=Factor.Kind.PASSKEY,
        name=name[:60],
        sealed=keys.seal(credential.hex(), _about(account)),
        last_step=registered.counter,
    )


def begin_checking(account: Account) -> tuple[str, State]:
    """The options for the browser as JSON, and what must be kept in the session until it answers."""
    options, state = _server().authenticate_begin(
        [credential for _, credential in _passkeys_of(account)], UserVerificationRequirement.PREFERRED
    )
    return json.dumps(dict(options.public_key)), state


def check(account: Account, answer: str, state: State | None) -> None:
    """Take the browser's answer. WrongCode when it is not right or was made by a copy of the passkey; Paused."""
    if left := tries.take(str(account.pk), DOOR):
        raise Paused(left)
    try:
        _take(account, AuthenticationResponse.from_dict(json.loads(answer)), state)
    except (ValueError, TypeError, KeyError, AttributeError, InvalidTag) as fault:
        if tries.begin_pausing(str(account.pk), DOOR):
            events.tell_of(account, "sign_in_paused", account, DOOR)
        raise WrongCode from fault
    tries.forget(str(account.pk), DOOR)


def _take(account: Account, answer: AuthenticationResponse, state: State | None) -> None:
    known = _passkeys_of(account)
    used = _server().authenticate_complete(state, [credential for _, credential in known], answer)
    factor = next(one for one, credential in known if credential.credential_id == used.credential_id)
    count = answer.response.authenticator_data.counter
    unused = Factor.objects.filter(pk=factor.pk)
    if count or factor.last_step:  # authenticators that do not count send 0 (WebAuthn level 2, section 7.2, step 21)
        unused = unused.filter(last_step__lt=count)
    if not unused.update(last_step=count, used_at=clock.now()):
        raise ValueError("the signature count went back")


def _passkeys_of(account: Account) -> list[tuple[Factor, AttestedCredentialData]]:
    rows = Factor.objects.filter(account=account, kind=Factor.Kind.PASSKEY)
    about = _about(account)
    return [(row, AttestedCredentialData(bytes.fromhex(keys.unseal(row.sealed, about)))) for row in rows]


def _server() -> Fido2Server:
    host = urlsplit(settings.NODE_URL).hostname or ""
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=settings.NODE_NAME), verify_origin=_is_ours)


def _is_ours(origin: str) -> bool:
    return origin == settings.NODE_URL


def _about(account: Account) -> str:
    return f"passkey of account {account.pk}"
