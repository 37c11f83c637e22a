from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from terakoya.access.api import accesses_of
from terakoya.access.models import Consent
from terakoya.juku.models import Invitation
from terakoya.kit import clock
from terakoya.records import api as records

from .conftest import School, Shared, happened, invited, recorded


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def pupil_page(school: School) -> str:
    return page(school.teacher, f"/pupils/{school.pupil}/")


def test_teacher_sees_the_own_pupils_only(school: School) -> None:
    text = page(school.teacher, "/")
    assert "student A" in text and "student B" not in text


def test_home_says_how_each_invitation_stands(school: School) -> None:
    assert "not invited yet" in page(school.teacher, "/")
    invited(school.pupil)
    assert "waiting for the family" in page(school.teacher, "/")


def test_home_shows_a_living_share(school: School, shared: Shared) -> None:
    assert "See the records" in page(school.teacher, "/")


def test_visitor_sees_no_pupil(school: School) -> None:
    assert "student A" not in page(Client(), "/")
    assert Client().get(f"/pupils/{school.pupil}/").status_code == 302


def test_shared_records_are_shown_with_their_consent(school: School, shared: Shared) -> None:
    text = pupil_page(school)
    assert "Fractions in mathematics" in text
    assert str(shared.consent.uuid) in text and "Store" in text


def test_records_outside_the_consent_are_not_shown(school: School, shared: Shared) -> None:
    recorded(school.pupil, "A story in Japanese", subject="P010")
    recorded(school.pupil, "Of another holder", holder="http://elsewhere.example")
    recorded(school.pupil, "Last year", at=clock.now() - timedelta(days=400))
    text = pupil_page(school)
    assert not any(title in text for title in ("A story in Japanese", "Of another holder", "Last year"))


def test_teacher_of_another_class_sees_nothing(school: School, shared: Shared) -> None:
    text = page(school.other_teacher, f"/pupils/{school.pupil}/", status=404)
    assert "Fractions" not in text and "student A" not in text


def test_teacher_of_another_class_makes_no_invitation(school: School) -> None:
    answer = school.other_teacher.post(f"/pupils/{school.pupil}/invite/", {"subjects": ["P030"], "since": "2026-2"})
    assert answer.status_code == 404 and not Invitation.objects.exists()


def test_slip_of_another_class_is_not_shown(school: School) -> None:
    invitation = invited(school.pupil)
    assert invitation.code[:4] not in page(school.other_teacher, f"/invitations/{invitation.uuid}/", status=404)


@pytest.mark.parametrize("part", ["", "invite/"])
def test_unknown_pupil_is_refused_like_a_foreign_one(school: School, part: str) -> None:
    page(school.teacher, f"/pupils/{uuid4()}/{part}", status=404)


def test_after_the_withdrawal_nothing_of_the_records_is_shown(school: School, shared: Shared) -> None:
    happened(shared.consent, "withdrawn")
    text = pupil_page(school)
    assert "Fractions in mathematics" not in text
    assert "The family has stopped sharing" in text


def test_after_the_last_day_nothing_of_the_records_is_shown(school: School, shared: Shared) -> None:
    Consent.objects.filter(pk=shared.consent.pk).update(valid_until=clock.today() - timedelta(days=1))
    text = pupil_page(school)
    assert "Fractions in mathematics" not in text and "The agreed time is over" in text


def test_pupil_without_a_share_shows_nothing(school: School) -> None:
    recorded(school.pupil, "Came without consent")
    text = pupil_page(school)
    assert "Nothing is shared" in text and "Came without consent" not in text


def test_look_at_shared_records_is_in_the_log_with_its_consent(school: School, shared: Shared) -> None:
    pupil_page(school)
    lines = [line for line in accesses_of(school.pupil) if line.what == "shared_records"]
    assert [(line.basis, line.purpose) for line in lines] == [("consent", "tutoring")]


def test_invitation_is_made_with_the_wish_and_leads_to_its_slip(school: School) -> None:
    term = records.terms()[1]
    answer = school.teacher.post(f"/pupils/{school.pupil}/invite/", {"subjects": ["P030"], "since": term.id})
    made = Invitation.objects.get()
    assert answer.status_code == 302 and str(made.uuid) in answer["Location"]
    assert (made.pupil, made.subjects, made.first_day) == (school.pupil, ["P030"], term.first_day)


@pytest.mark.parametrize("wish", [{}, {"subjects": ["P030"]}, {"subjects": ["X999"], "since": "2026-1"}])
def test_wrong_wish_makes_no_invitation(school: School, wish: dict[str, object]) -> None:
    answer = school.teacher.post(f"/pupils/{school.pupil}/invite/", wish)
    assert answer.status_code == 200 and not Invitation.objects.exists()
    assert "Error:" in answer.content.decode()


def test_slip_carries_the_code_until_it_is_used(school: School) -> None:
    invitation = invited(school.pupil)
    code = f"{invitation.code[:4]}-{invitation.code[4:8]}-{invitation.code[8:]}"
    address = f"/invitations/{invitation.uuid}/"
    assert code in page(school.teacher, address)
    Invitation.objects.filter(pk=invitation.pk).update(consent=UUID(int=7), used_at=clock.now())
    assert code not in page(school.teacher, address)


def test_agreed_but_not_arrived_says_so(school: School, shared: Shared) -> None:
    shared.record.delete()
    assert "the records are on their way" in pupil_page(school)
