"""Making invitations, and using them up when a family agreed."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from terakoya.exchange import api as exchange
from terakoya.exchange.errors import InvitationExpired, InvitationUnknown, InvitationUsed
from terakoya.kit import clock, paper_codes

from .models import Invitation
from .policy import CODE_DAYS, DATASET, PURPOSE


def invite(
    pupil: UUID, *, subjects: Collection[str], first_day: date, last_day: date, share_until: date, by: UUID | None
) -> Invitation:
    """Make an invitation for the family of a pupil; codes that were given before and not used expire with it."""
    moment = clock.now()
    with transaction.atomic():
        Invitation.objects.filter(pupil=pupil, consent=None, expires_at__gt=moment).update(expires_at=moment)
        return _with_new_code(
            Invitation(
                pupil=pupil,
                subjects=sorted(subjects),
                first_day=first_day,
                last_day=last_day,
                share_until=share_until,
                made_by=by,
                made_at=moment,
                expires_at=moment + timedelta(days=CODE_DAYS),
            )
        )


def _with_new_code(invitation: Invitation) -> Invitation:
    while True:
        invitation.code = paper_codes.new_code()
        try:
            with transaction.atomic():
                invitation.save()
        except IntegrityError:  # the code is taken
            continue
        return invitation


class Invitations:
    """The invitations of this node, as the exchange asks for them."""

    def look_up(self, code: str) -> exchange.Invitation:
        """What the cram school wishes. InvitationUnknown, InvitationUsed, InvitationExpired."""
        invitation = _usable(code, Invitation.objects.filter(code=_known(code)).first())
        return exchange.Invitation(
            code=invitation.code,
            organisation=settings.NODE_NAME,
            dataset_id=DATASET,
            purpose=PURPOSE,
            scope=dict(invitation.scope),
            valid_until=invitation.share_until,
            expires_at=invitation.expires_at,
        )

    def accept(self, code: str, consent: UUID, pairwise: UUID) -> UUID:
        """Use the code up for a consent; the pupil whom it invited. The same consent again changes nothing."""
        found = Invitation.objects.select_for_update().filter(code=_known(code)).first()
        if found is not None and found.consent == consent:
            return found.pupil
        invitation = _usable(code, found)
        invitation.consent, invitation.pairwise, invitation.used_at = consent, pairwise, clock.now()
        invitation.save(update_fields=["consent", "pairwise", "used_at"])
        return invitation.pupil


def _known(code: str) -> str:
    normal = paper_codes.normal(code)
    if normal is None:
        raise InvitationUnknown(code)
    return normal


def _usable(code: str, invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise InvitationUnknown(code)
    if invitation.consent is not None:
        raise InvitationUsed(code)
    if invitation.expires_at <= clock.now():
        raise InvitationExpired(code)
    return invitation
