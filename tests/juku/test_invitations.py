from datetime import timedelta
from uuid import uuid4

import pytest

from terakoya.exchange.errors import InvitationExpired, InvitationUnknown, InvitationUsed
from terakoya.juku.actions import Invitations
from terakoya.juku.models import Invitation
from terakoya.kit import clock
from terakoya.kit.paper_codes import grouped

from .conftest import invited

pytestmark = pytest.mark.django_db
door = Invitations()


def expire(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now())


def test_code_says_what_the_cram_school_wishes_and_nothing_about_the_pupil() -> None:
    invitation = invited(uuid4())
    found = door.look_up(grouped(invitation.code).lower())
    assert (found.dataset_id, found.purpose, found.scope) == ("learning-records", "tutoring", invitation.scope)
    assert str(invitation.pupil) not in repr(found)


def test_code_can_be_used_for_fourteen_days() -> None:
    assert invited(uuid4()).expires_at - clock.now() > timedelta(days=13, hours=23)


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-A", "not a code", "😀" * 9])
def test_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(InvitationUnknown):
        door.look_up(code)


def test_expired_code_is_refused() -> None:
    invitation = invited(uuid4())
    expire(invitation)
    with pytest.raises(InvitationExpired):
        door.accept(invitation.code, uuid4(), uuid4())


def test_accepted_code_gives_the_pupil_whom_it_invited() -> None:
    pupil = uuid4()
    assert door.accept(invited(pupil).code, uuid4(), uuid4()) == pupil


def test_same_consent_twice_is_accepted_once_even_after_the_code_expired() -> None:
    invitation, consent = invited(uuid4()), uuid4()
    first = door.accept(invitation.code, consent, uuid4())
    expire(invitation)
    assert door.accept(invitation.code, consent, uuid4()) == first


def test_used_code_is_refused_to_another_consent() -> None:
    invitation = invited(uuid4())
    door.accept(invitation.code, uuid4(), uuid4())
    with pytest.raises(InvitationUsed):
        door.accept(invitation.code, uuid4(), uuid4())
    with pytest.raises(InvitationUsed):
        door.look_up(invitation.code)


def test_new_invitation_ends_the_one_that_waits() -> None:
    pupil = uuid4()
    first, second = invited(pupil), invited(pupil)
    with pytest.raises(InvitationExpired):
        door.look_up(first.code)
    assert door.look_up(second.code).code == second.code


def test_new_invitation_leaves_those_of_other_pupils() -> None:
    first = invited(uuid4())
    invited(uuid4())
    assert door.look_up(first.code).code == first.code
