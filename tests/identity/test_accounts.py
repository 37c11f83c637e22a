import uuid

import pytest
from django.contrib.auth import authenticate

from terakoya.identity import api, errors

pytestmark = pytest.mark.django_db


def test_account_without_password_cannot_sign_in() -> None:
    api.create_account("taro", display_name="Taro")
    assert authenticate(username="taro", password="") is None
    api.set_password("taro", "asagao-2026")
    assert authenticate(username="taro", password="asagao-2026") == api.account_named("taro")


def test_a_person_gets_one_account_however_often_it_is_made() -> None:
    person = uuid.uuid4()
    first = api.create_account("hana", display_name="Hana", person=person)
    again = api.create_account("hana-2", display_name="Hana", person=person)
    assert first == again and again.username == "hana"


def test_login_name_of_another_is_refused() -> None:
    api.create_account("hana", display_name="Hana", person=uuid.uuid4())
    with pytest.raises(errors.UsernameTaken):
        api.create_account("Ｈana", display_name="Hanako", person=uuid.uuid4())


def test_full_width_capitals_name_the_same_account() -> None:
    account = api.create_account("jiro1", display_name="Jiro")
    assert api.account_named(" ＪＩＲＯ１ ") == account


def test_password_for_nobody_is_refused() -> None:
    with pytest.raises(errors.UnknownAccount):
        api.set_password("nobody", "x")
