"""Servers that are asked: written down, changed, forgotten. Of a secret only the sealed form is in the database."""

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from terakoya.kit import keyfiles, sealing

from .errors import CannotRead
from .models import Origin

VERSIONS = ("1.2", "1.1")


def add_origin(
    name: str,
    *,
    base: str,
    token_address: str,
    client_id: str,
    secret: str,
    version: str = "1.2",
    every_hours: int | None = None,
) -> Origin:
    """Write a server down. ``CannotRead`` when an address is none that may be asked, or the name is taken."""
    for address in (base, token_address):
        _check(address)
    if version not in VERSIONS:
        raise CannotRead(_("The version is one of %s.") % ", ".join(VERSIONS))
    if not (name.strip() and client_id.strip() and secret):
        raise CannotRead(_("A server needs a name, a client id and a secret."))
    if Origin.objects.filter(name=name.strip()).exists():
        raise CannotRead(_("There is a server of this name already."))
    origin = Origin(
        name=name.strip()[:150],
        base=base.rstrip("/"),
        token_address=token_address,
        version=version,
        client_id=client_id.strip(),
        every_hours=every_hours,
    )
    origin.secret = sealing.seal(_key(settings.DATA_DIR), secret.encode(), origin.uuid.bytes)
    origin.save(force_insert=True)
    return origin


def secret_of(origin: Origin) -> str:
    """The secret by which the server knows this node."""
    return sealing.unseal(_key(settings.DATA_DIR), bytes(origin.secret), origin.uuid.bytes).decode()


def _check(address: str) -> None:
    """Secrets and rosters travel encrypted; only a demo, which is itself plain, talks plainly."""
    parts = urlsplit(address)
    plain = "http" if not settings.SECURE else "https"
    if parts.scheme not in ("https", plain) or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise CannotRead(_("%s is no address that can be asked; it begins with https:// and names a server.") % address)


@cache
def _key(data_dir: Path) -> bytes:
    return keyfiles.load_or_make_secret(data_dir, "origins.secret")
