"""The pages of the servers that are read."""

import pytest
from django.test import Client
from django.urls import reverse

from terakoya.identity.api import create_account
from terakoya.oneroster.pulling import pull
from terakoya.oneroster.pulling.models import Origin, Pull

from .conftest import pulled
from .other_server import OtherServer


@pytest.fixture
def clerk(client: Client, origin: Origin) -> Client:
    client.force_login(create_account("clerk", display_name="clerk", is_administrator=True))
    return client


def test_a_server_is_entered_and_read(clerk: Client, server: OtherServer) -> None:
    given = {"name": "もう一つ", "base": server.base, "token_address": f"{server.address}/token", "version": "1.2"}
    answer = clerk.post(
        reverse("oneroster.origin_new"), {**given, "client_id": "a", "secret": "b", "every_hours": "24"}
    )
    origin = Origin.objects.get(name="もう一つ")
    assert answer.url == reverse("oneroster.origin", args=[origin.uuid])
    assert origin.every_hours == 24
    clerk.post(reverse("oneroster.origin_begin", args=[origin.uuid]), {"step": "whole"})
    assert origin.pulls.get().state == Pull.State.READING


def test_a_reading_under_way_shows_how_far_it_is_and_comes_again(clerk: Client, origin: Origin) -> None:
    made = pull.begin(origin, by="clerk")
    pull.read(made)
    answer = clerk.get(reverse("oneroster.origin", args=[origin.uuid]))
    assert answer["Refresh"] and "4 / 4" in answer.content.decode()


def test_a_reading_leads_to_what_came_of_it(clerk: Client, origin: Origin) -> None:
    done = pulled(origin)
    answer = clerk.get(reverse("oneroster.origin", args=[origin.uuid]))
    assert reverse("roster.import", args=[done.entry]) in answer.content.decode()


def test_a_wrong_address_is_told_at_the_form(clerk: Client) -> None:
    given = {
        "name": "b",
        "base": "ftp://a",
        "token_address": "http://a",
        "version": "1.2",
        "client_id": "a",
        "secret": "b",
    }
    answer = clerk.post(reverse("oneroster.origin_new"), given)
    assert answer.status_code == 400 and "ftp://a" in answer.content.decode()
    assert Origin.objects.count() == 1


def test_a_server_is_forgotten(clerk: Client, origin: Origin) -> None:
    clerk.post(reverse("oneroster.origin_begin", args=[origin.uuid]), {"step": "forget"})
    assert not Origin.objects.exists()


def test_who_is_no_administrator_sees_none_of_it(client: Client, origin: Origin) -> None:
    client.force_login(create_account("teacher", display_name="teacher"))
    assert client.get(reverse("oneroster.origins")).status_code == 403
