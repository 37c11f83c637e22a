"""The pages on which a child answers, a learner goes on alone, and a clerk talks to those who disagree."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from terakoya.access import api, disagreements
from terakoya.identity.api import Account
from terakoya.kit import clock
from terakoya.roster.models import AddressProtection, Guardianship, Person
from terakoya.standards import ages

from .conftest import terms_for
from .school import School, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    made = make_school()
    AddressProtection.objects.all().delete()
    return made


@pytest.fixture
def consent(school: School) -> api.Consent:
    guardian = api.actor_of_account(school.guardian)
    return api.give_consent(terms_for(school.pupils[0]), by=guardian, capacity="guardian")


def as_(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def born(school: School, years: int) -> None:
    Person.objects.filter(uuid=school.pupils[0]).update(birth_date=ages.birthday(clock.today(), -years))


def test_a_young_child_is_led_from_stopping_to_saying_no(school: School, consent: api.Consent) -> None:
    pupil, path = as_(school.pupil), reverse("access.answer", args=[consent.uuid])
    assert pupil.post(reverse("access.withdraw", args=[consent.uuid])).url == path
    assert "I do not want this" in pupil.get(path).content.decode()
    pupil.post(path, {"says": "object"})
    for reader in (school.guardian, school.pupil):
        page = as_(reader).get(reverse("access.consent", args=[consent.uuid])).content.decode()
        assert "The child does not want this" in page
    assert api.state_of(api.consent(consent.uuid)) == "given"


def test_the_child_s_yes_is_asked_for_and_taken(school: School) -> None:
    born(school, 13)
    guardian = api.actor_of_account(school.guardian)
    consent = api.give_consent(terms_for(school.pupils[0]), by=guardian, capacity="guardian")
    path = reverse("access.answer", args=[consent.uuid])
    assert 'value="yes"' in as_(school.pupil).get(path).content.decode()
    assert as_(school.guardian).post(path, {"says": "yes"}).status_code == 400
    as_(school.pupil).post(path, {"says": "yes"})
    assert api.state_of(api.consent(consent.uuid)) == "given"


def test_the_learner_reads_the_words_and_goes_on_alone(school: School) -> None:
    birth = ages.birthday(clock.today() + timedelta(days=30), -ages.MAJORITY)
    Person.objects.filter(uuid=school.pupils[0]).update(birth_date=birth)
    guardian = api.actor_of_account(school.guardian)
    consent = api.give_consent(terms_for(school.pupils[0]), by=guardian, capacity="guardian")
    path, pupil = reverse("access.go_on", args=[consent.uuid]), as_(school.pupil)
    [token] = re.findall('name="notice" value="([^"]+)"', pupil.get(path).content.decode())
    assert pupil.post(path, {"notice": "forged"}).status_code == 400
    pupil.post(path, {"notice": token})
    heir = api.heir_of(consent.uuid)
    assert heir is not None and (heir.capacity, heir.notice_language) == ("self", "en")


def test_a_clerk_sees_the_case_and_closes_it_only_when_they_agree(school: School, consent: api.Consent) -> None:
    second = api.actor_of_account(school.second_guardian)
    api.refuse_consent(terms_for(school.pupils[0]), by=second, capacity="guardian")
    clerk, [case] = as_(school.clerk), disagreements.open_disagreements()
    path = reverse("access.disagreement", args=[case.uuid])
    assert path in clerk.get(reverse("access.disagreements")).content.decode()
    assert "Guardians disagree" in clerk.get(path).content.decode()
    refused = clerk.post(path, {"outcome": "agreed", "reason": "they told me"})
    assert refused.status_code == 400 and "do not agree yet" in refused.content.decode()
    api.give_consent(terms_for(school.pupils[0]), by=second, capacity="guardian")
    assert disagreements.open_disagreements() == []
    assert "How it ended" in clerk.get(path).content.decode()


def test_the_queue_is_for_clerks_and_the_look_is_logged(school: School, consent: api.Consent) -> None:
    api.stop(consent.uuid, by=api.actor_of_account(school.pupil))
    for somebody in (school.teacher, school.guardian, school.pupil):
        assert as_(somebody).get(reverse("access.disagreements")).status_code == 403
    as_(school.clerk).get(reverse("access.disagreements"))
    assert "disagreements" in [line.what for line in api.accesses_of(school.pupils[0])]


def test_a_guardian_under_a_court_s_order_sees_nothing_of_it(school: School, consent: api.Consent) -> None:
    AddressProtection.objects.create(
        person_id=school.pupils[0], hidden_from_id=school.second_guardian.person, begins="2020-04-01"
    )
    hidden = as_(school.second_guardian)
    for name in ("access.consent", "access.answer", "access.go_on", "access.withdraw", "access.receipt"):
        assert hidden.get(reverse(name, args=[consent.uuid])).status_code == 404
    assert "さくら塾" not in hidden.get(reverse("access.consents")).content.decode()


def test_who_gave_it_and_is_no_guardian_any_more_is_not_told_what_the_child_is_called_now(school: School) -> None:
    given = api.give_consent(terms_for(school.pupils[0]), by=api.actor_of_account(school.guardian), capacity="guardian")
    Person.objects.filter(uuid=school.pupils[0]).update(display_family="新姓")
    pages = [
        reverse("access.consents"),
        *(reverse(f"access.{one}", args=[given.uuid]) for one in ("consent", "withdraw")),
    ]
    assert all("新姓" in as_(school.guardian).get(page).content.decode() for page in pages)
    Guardianship.objects.filter(guardian=school.guardian.person).update(ends=clock.today())
    assert not any("新姓" in as_(school.guardian).get(page).content.decode() for page in pages)
