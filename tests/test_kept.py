"""A world that is put in again stands as its doors left it."""

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction

from terakoya.identity.api import create_account
from terakoya.identity.models import Account
from tests.access.school import School, _made
from tests.kept import kept

Rows = dict[str, list[tuple]]


def a_school() -> School:
    return kept("a school of this test", lambda: _made(3))


@pytest.fixture
def rows_each_time(db: None) -> list[Rows]:
    """The rows of all tables after the same world was asked for twice, in transactions that were taken back."""
    found = []
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        for _time in range(2):
            with transaction.atomic():
                a_school()
                found.append({one._meta.label: sorted(one.objects.values_list(), key=str) for one in apps.get_models()})
                transaction.set_rollback(True)
    return found


def test_the_second_time_the_rows_are_those_of_the_first(rows_each_time: list[Rows]) -> None:
    first, second = rows_each_time
    assert first == second and first["roster.Person"]


@pytest.mark.django_db
def test_a_row_that_is_added_takes_none_of_the_ids(rows_each_time: list[Rows]) -> None:
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        school = a_school()
    added = create_account("added", display_name="Added")
    assert added.pk > max(Account.objects.exclude(pk=added.pk).values_list("pk", flat=True)) >= school.clerk.pk
    connection.check_constraints()


@pytest.mark.django_db
def test_beside_other_rows_the_world_is_made_anew() -> None:
    create_account("before", display_name="Before")
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        first = a_school()
    assert Account.objects.filter(pk=first.clerk.pk, username="clerk").exists()
    assert Account.objects.filter(username="before").exists()
