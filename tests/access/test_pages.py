import json
import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from terakoya.access import api
from terakoya.access.lines import by_day
from terakoya.audit import api as audit
from terakoya.identity.api import Account

from .conftest import CRAM_SCHOOL, terms_for
from .school import School, make_school

pytestmark = pytest.mark.django_db
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def consent(school: School) -> api.Consent:
    guardian = api.actor_of_account(school.guardian)
    return api.give_consent(terms_for(school.pupils[0]), by=guardian, capacity="guardian")


def page(client: Client, account: Account | None, name: str, *args: object, language: str = "ja"):
    if account:
        client.force_login(account)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get(reverse(name, args=args))


def test_pages_of_one_s_rights_ask_for_a_sign_in(client: Client, consent: api.Consent) -> None:
    for name, args in (
        ("access.consents", ()),
        ("access.consent", (consent.uuid,)),
        ("access.receipt", (consent.uuid,)),
        ("access.withdraw", (consent.uuid,)),
        ("access.accesses", (consent.subject,)),
    ):
        answer = page(client, None, name, *args)
        assert answer.status_code == 302
        assert reverse("sign-in") in answer.url


def test_a_guardian_sees_what_was_agreed_to(client: Client, school: School, consent: api.Consent) -> None:
    text = page(client, school.guardian, "access.consents").content.decode()
    for words in ("さくら塾", "算数", "塾での指導", reverse("access.withdraw", args=[consent.uuid])):
        assert words in text


def test_stopping_takes_two_clicks(client: Client, school: School, consent: api.Consent) -> None:
    address = reverse("access.withdraw", args=[consent.uuid])
    asked = page(client, school.guardian, "access.withdraw", consent.uuid)
    assert asked.status_code == 200 and 'method="post"' in asked.content.decode()
    assert api.state_of(api.consent(consent.uuid)) == "given"
    answer = client.post(address, follow=True)
    assert answer.redirect_chain == [(reverse("access.consent", args=[consent.uuid]), 302)]
    assert "止めました" in answer.content.decode()
    assert api.state_of(api.consent(consent.uuid)) == "withdrawn"


def test_stopping_again_changes_nothing(client: Client, school: School, consent: api.Consent) -> None:
    client.force_login(school.guardian)
    for _time in range(2):
        assert client.post(reverse("access.withdraw", args=[consent.uuid])).status_code == 302
    assert client.get(reverse("access.withdraw", args=[consent.uuid])).status_code == 302


@pytest.mark.parametrize("who", ["teacher", "other_teacher", "clerk", "head"])
def test_to_others_a_consent_does_not_exist(client: Client, school: School, consent: api.Consent, who: str) -> None:
    account = getattr(school, who)
    for name in ("access.consent", "access.receipt", "access.withdraw"):
        assert page(client, account, name, consent.uuid).status_code == 404
    client.force_login(account)
    assert client.post(reverse("access.withdraw", args=[consent.uuid])).status_code == 404
    assert api.state_of(api.consent(consent.uuid)) == "given"


def test_the_receipt_can_be_taken_home(client: Client, school: School, consent: api.Consent) -> None:
    answer = page(client, school.guardian, "access.receipt", consent.uuid)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="consent-{consent.uuid}.json"'
    assert json.loads(answer.content)["@type"] == "dpv:ConsentReceipt"


def test_from_whom_an_address_is_hidden_the_other_s_consents_are_hidden(
    client: Client, school: School, consent: api.Consent
) -> None:
    assert "さくら塾" not in page(client, school.second_guardian, "access.consents").content.decode()
    assert page(client, school.second_guardian, "access.consent", consent.uuid).status_code == 404
    assert page(client, school.pupil, "access.consent", consent.uuid).status_code == 200


def test_an_unknown_consent_is_not_found(client: Client, school: School) -> None:
    assert page(client, school.guardian, "access.consent", uuid4()).status_code == 404


def test_family_reads_who_looked_in_words(client: Client, school: School, rf) -> None:
    request = rf.get("/")
    request.user = school.teacher
    api.open_record(request, "activity.learning_school", "teaching", school.pupils, "class_overview")
    for account, ground in (
        (school.guardian, "ロードマップ表1「学校・教員」"),
        (school.pupil, "ロードマップの表1「学校の先生」"),
    ):
        html = page(client, account, "access.accesses", school.pupils[0]).content.decode()
        text = re.sub("<rp>.*?</rp>|<rt>.*?</rt>|</?ruby>", "", html)
        assert "一小　5年2組の担任" in text
        assert "学校での学習の記録：クラスの一覧を見た" in text
        assert ground in text


@pytest.mark.parametrize("who", ["second_guardian", "teacher", "head", "clerk", "other_teacher"])
def test_others_do_not_read_who_looked(client: Client, school: School, who: str) -> None:
    # to whoever has no tie to the child, or is under a court order, there is no such page
    expected = 404 if who in ("other_teacher", "second_guardian") else 403
    assert page(client, getattr(school, who), "access.accesses", school.pupils[0]).status_code == expected


def test_reading_the_log_is_not_itself_an_entry(client: Client, school: School) -> None:
    before = audit.log_head()
    assert page(client, school.guardian, "access.accesses", school.pupils[0]).status_code == 200
    assert audit.log_head() == before


def test_pages_of_a_transfer_are_one_line(school: School, consent: api.Consent) -> None:
    juku = api.partner_actor(CRAM_SCHOOL, "さくら塾", "juku")
    child = school.pupils[0]
    use = ("activity.learning_school", "tutoring")
    with transaction.atomic():
        for count in (200, 200, 35):
            api.record_access(juku, api.may(juku, *use, child), [child], *use, "transfer_page", count)
    [day] = by_day(api.accesses_of(child))
    [row] = day.rows
    assert (row.machine, row.times, row.records, row.organisation) == (True, 3, 435, "さくら塾")
    assert by_day(line.as_dict() for line in api.accesses_of(child)) == [day]


@pytest.mark.parametrize("name", ["access.matrix", "access.consents", "access.withdraw", "access.accesses"])
def test_english_pages_hold_no_japanese_but_names(
    client: Client, school: School, consent: api.Consent, name: str
) -> None:
    args = {"access.withdraw": [consent.uuid], "access.accesses": [consent.subject]}.get(name, [])
    text = page(client, school.guardian, name, *args, language="en").content.decode()
    main = re.sub(r'<span lang="ja">(.*?)</span>', r"\1", text[text.index("<main") : text.index("</main>")])
    for name_of_somebody in ("さくら塾", "まなびPDS", "姓p0"):
        main = main.replace(name_of_somebody, "")
    assert "<h1>" in main and not JAPANESE.search(main)


@pytest.mark.parametrize("name", ["access.consents", "access.withdraw"])
def test_plain_japanese_pages_carry_readings(client: Client, school: School, consent: api.Consent, name: str) -> None:
    args = [consent.uuid] if name == "access.withdraw" else []
    text = page(client, school.guardian, name, *args, language="ja-easy").content.decode()
    assert "<ruby>" in text and "《" not in text


def test_the_notice_that_was_read_says_its_own_language(client: Client, school: School, consent: api.Consent) -> None:
    text = page(client, school.guardian, "access.consent", consent.uuid, language="vi").content.decode()
    assert f'<div class="tk-proper" lang="{consent.notice_language}">' in text
