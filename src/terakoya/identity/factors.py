"""Second factors that need no script: one-time codes of an authenticator app, and recovery codes."""

import base64
import io
import secrets
from datetime import datetime

import qrcode
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage

from terakoya.kit import clock

from . import events, keys, sessions, tries
from .errors import Paused, WrongCode
from .models import Account, Factor, RecoveryCode

DIGITS, STEP_SECONDS, DRIFT = 6, 30, 1
DEMO_DRIFT = 20  # a demo shows the next code that is still unused, however often somebody signs in within a minute
RECOVERY_CODES = 10
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DOOR = "second-factor"


def has_factor(account: Account) -> bool:
    """Whether the account has any second factor."""
    return Factor.objects.filter(account=account).exists()


def has_codes(account: Account) -> bool:
    """Whether the account has an authenticator app."""
    return _codes_of(account) is not None


def factors_of(account: Account) -> list[Factor]:
    """The second factors of an account, the oldest first."""
    return list(Factor.objects.filter(account=account).order_by("pk"))


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 recommends and authenticator apps read."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def provisioning_uri(account: Account, secret: str) -> str:
    """The otpauth address that the QR code says."""
    return _totp(secret).get_provisioning_uri(account.username, settings.NODE_NAME)


def qr_code(text: str) -> SafeString:
    """A QR code as SVG without styles, to stand in a page."""
    drawn = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=2).save(drawn)
    svg = drawn.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308  (made of modules, no text of anybody)


@transaction.atomic
def set_up_codes(account: Account, secret: str, code: str) -> None:
    """Keep the key of an authenticator app in place of an earlier one. WrongCode unless the app shows its code."""
    step = _step_of(secret, code, after=0)
    if step is None:
        raise WrongCode
    give_codes(account, secret, last_step=step)
    events.tell_of(account, "factor_added", account, "codes")


@transaction.atomic
def give_codes(account: Account, secret: str, last_step: int = 0) -> Factor:
    """Keep the key of an authenticator app in place of an earlier one."""
    Factor.objects.filter(account=account, kind=Factor.Kind.CODES).delete()
    Account.objects.filter(pk=account.pk).update(factor_reset_at=None)
    sealed = keys.seal(secret, _about(account))
    return Factor.objects.create(account=account, kind=Factor.Kind.CODES, name="", sealed=sealed, last_step=last_step)


def check(account: Account, code: str) -> None:
    """Take a one-time code or a recovery code. WrongCode, and Paused after several of them; no code is good twice."""
    name = str(account.pk)
    if left := tries.take(name, DOOR):
        raise Paused(left)
    typed = "".join(code.split()).replace("-", "").upper()
    if not (_take_code(account, typed) or _take_recovery_code(account, typed)):
        if tries.begin_pausing(name, DOOR):
            events.tell_of(account, "sign_in_paused", account, DOOR)
        raise WrongCode
    tries.forget(name, DOOR)


@transaction.atomic
def new_recovery_codes(account: Account) -> list[str]:
    """Ten codes in place of the earlier ones. They are shown once: only digests are kept."""
    RecoveryCode.objects.filter(account=account).delete()
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(account, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def remove(account: Account, factor: int) -> None:
    """Take one factor away; with the last one the recovery codes go too."""
    gone, _ = Factor.objects.filter(account=account, pk=factor).delete()
    if not has_factor(account):
        RecoveryCode.objects.filter(account=account).delete()
    if gone:
        events.tell_of(account, "factor_removed", account)


@transaction.atomic
def reset(account: Account, by: Account | None) -> None:
    """Take all second factors of an account away, for somebody who lost them. It is told to its owner and the log."""
    Factor.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    Account.objects.filter(pk=account.pk).update(factor_reset_at=clock.now())
    sessions.end_all(account)
    tries.forget(str(account.pk), DOOR)
    events.tell_of(account, "factor_reset", by)


def demo_code(secret: str) -> str:
    """The present code of a key, in place of an app, in a demo; nothing on any other node."""
    return _code_at(secret, _step_at(clock.now())) if settings.DEMO else ""


def shown_in_demo(account: Account) -> str:
    """The code that a demo shows in place of an authenticator app; nothing on any other node."""
    factor = _codes_of(account) if settings.DEMO else None
    if factor is None:
        return ""
    step = max(_step_at(clock.now()), factor.last_step + 1)
    return _code_at(keys.unseal(factor.sealed, _about(account)), step)


def _take_code(account: Account, code: str) -> bool:
    factor = _codes_of(account)
    if factor is None:
        return False
    step = _step_of(keys.unseal(factor.sealed, _about(account)), code, after=factor.last_step)
    if step is None:
        return False
    unused = Factor.objects.filter(pk=factor.pk, last_step__lt=step)  # of two who send it at once, one is late
    return unused.update(last_step=step, used_at=clock.now()) == 1


def _take_recovery_code(account: Account, code: str) -> bool:
    return RecoveryCode.objects.filter(account=account, digest=_digest(account, code)).delete()[0] == 1


def _codes_of(account: Account) -> Factor | None:
    return Factor.objects.filter(account=account, kind=Factor.Kind.CODES).first()


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The time step whose code this is, one step of drift allowed (RFC 6238, section 5.2); none up to ``after``."""
    now = _step_at(clock.now())
    last = now + (DEMO_DRIFT if settings.DEMO else DRIFT)
    for step in range(max(now - DRIFT, after + 1), last + 1):
        if secrets.compare_digest(_code_at(secret, step).encode(), code.encode()):
            return step
    return None


def _step_at(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP_SECONDS


def _code_at(secret: str, step: int) -> str:
    return _totp(secret).generate(step * STEP_SECONDS).decode()


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303  (what the apps speak)


def _digest(account: Account, code: str) -> str:
    return keys.keyed_digest(f"recovery-code/{account.pk}", code)


def _about(account: Account) -> str:
    return f"factor of account {account.pk}"
