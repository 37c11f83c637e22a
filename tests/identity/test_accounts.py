import uuid
from typing import Any

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


def test_many_accounts_are_made_at_once(django_assert_max_num_queries: Any) -> None:
    wanted = [api.NewAccount(f"Pupil{number}", "A Pupil", uuid.uuid4()) for number in range(100)]
    with django_assert_max_num_queries(6):
        assert api.create_accounts(wanted) == []
    assert api.account_of(wanted[7].person) == api.account_named("pupil7")
    assert authenticate(username="pupil7", password="") is None


def test_of_many_those_with_a_login_name_of_another_are_refused_and_named() -> None:
    person = uuid.uuid4()
    known = api.create_account("hana", display_name="Hana", person=person)
    same, other, twin = (
        api.NewAccount(name, "Hana", key) for name, key in (("hana", person), ("Hana", uuid.uuid4()), ("x", person))
    )
    assert api.create_accounts([same, other, twin]) == [other]
    assert api.account_of(person) == known and api.account_named("x") is None
