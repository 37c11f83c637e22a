"""Registered systems: let in, given a new secret, shut out."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.audit import api as audit
from terakoya.audit.errors import UnknownEntry
from terakoya.kit import clock, keyfiles
from terakoya.standards.purposes import PURPOSES

from .errors import NotASystem
from .models import System
from .scopes import SCOPES

LET_IN, RENEWED, SHUT_OUT = "system_let_in", "system_renewed", "system_shut_out"  # as the log calls it
# rows of the access matrix that are entrusted with something by a school or a board
STAKEHOLDERS = ("school_affairs_provider", "material_company", "other_public_body", "outside_body")
PURPOSES_OF_SYSTEMS = ("entrusted_processing", "operation")


def register(
    name: str,
    *,
    organisation: str,
    stakeholder: str,
    ground: str,
    scopes: Collection[str],
    schools: Iterable[UUID] = (),
    purpose: str = "entrusted_processing",
    by: str,
) -> tuple[System, str]:
    """Let a system in; the system and its secret, which is not kept and not shown again. Raises ``NotASystem``."""
    _check(name, organisation, stakeholder, purpose, ground, scopes)
    secret = secrets.token_urlsafe(32)
    system = System(
        client_id=f"or-{secrets.token_hex(8)}",
        secret_digest=digest(secret),
        name=name.strip()[:150],
        organisation=organisation.strip()[:150],
        stakeholder=stakeholder,
        purpose=purpose,
        ground=ground.strip()[:255],
        scopes=[scope for scope in SCOPES if scope in scopes],
        schools=sorted(str(school) for school in schools),
        made_at=clock.now(),
        made_by=by[:150],
    )
    with transaction.atomic():
        _note(system, LET_IN, by, *system.scopes)
        system.save(force_insert=True)
    return system, secret


@transaction.atomic
def renew_secret(client_id: str, *, by: str) -> str | None:
    """A new secret for a living system; the old one and all tokens are void at once. None: there is no such system."""
    secret = secrets.token_urlsafe(32)
    system = _locked(client_id)
    if system is None:
        return None
    system.secret_digest, system.generation = digest(secret), system.generation + 1
    _note(system, RENEWED, by)
    system.save(update_fields=["secret_digest", "generation", "lines"])
    return secret


@transaction.atomic
def revoke(client_id: str, *, by: str) -> bool:
    """Shut a system out, its tokens too, from now on; True when it was let in until now."""
    system = _locked(client_id)
    if system is None:
        return False
    system.revoked_at = clock.now()
    _note(system, SHUT_OUT, by)
    system.save(update_fields=["revoked_at", "lines"])
    return True


def lines(system: System) -> list[audit.Entry]:
    """What the log says was done to a system, the newest first; without what it keeps no longer."""
    found = list[audit.Entry]()
    for index in reversed(system.lines):
        with suppress(UnknownEntry):
            found.append(audit.entry_at(index))
    return found


def living(client_id: str) -> System | None:
    """A system that is let in."""
    return System.objects.filter(client_id=client_id, revoked_at=None).first()


def systems() -> list[System]:
    """All systems, living ones first, the newest first."""
    return sorted(System.objects.all(), key=lambda one: one.revoked_at is not None)


def digest(secret: str) -> bytes:
    """What is kept of a secret."""
    return hmac.digest(_digest_key(settings.DATA_DIR), secret.encode(), hashlib.sha256)


def _locked(client_id: str) -> System | None:
    return System.objects.select_for_update().filter(client_id=client_id, revoked_at=None).first()


def _note(system: System, what: str, by: str, *scopes: str) -> None:
    """Write the line in the log: who did what to which system, and what that opened to it."""
    leaf = access.record_event(access.actor_named(by), what, (), reference=" ".join((system.client_id, *scopes)))
    system.lines = [*system.lines, leaf.index]


def _check(name: str, organisation: str, stakeholder: str, purpose: str, ground: str, scopes: Collection[str]) -> None:
    if not (name.strip() and organisation.strip() and ground.strip()):
        raise NotASystem(_("A system needs a name, the organisation that runs it, and the contract it rests on."))
    if stakeholder not in STAKEHOLDERS:
        raise NotASystem(_("Say what kind of organisation runs it: one of %s.") % ", ".join(STAKEHOLDERS))
    if purpose not in PURPOSES or purpose not in PURPOSES_OF_SYSTEMS:
        raise NotASystem(_("Say what it is for: one of %s.") % ", ".join(PURPOSES_OF_SYSTEMS))
    if not scopes or set(scopes) - set(SCOPES):
        raise NotASystem(_("Say what it may do: some of %s.") % ", ".join(SCOPES))


@cache
def _digest_key(data_dir: Path) -> bytes:
    return keyfiles.load_or_make_secret(data_dir, "systems.secret")
