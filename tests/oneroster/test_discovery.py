"""The documents by which a system finds what is offered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

FILES = {"rostering": ("rosters", 41), "gradebook": ("gradebook", 35), "resources": ("resources", 5)}


@pytest.mark.parametrize("service", list(FILES))
@pytest.mark.usefixtures("school")
def test_each_service_says_all_its_operations(client: Client, service: str) -> None:
    name, count = FILES[service]
    answer = client.get(f"/ims/oneroster/{service}/v1p2/discovery/onerosterv1p2{name}service_openapi3_v1p0.json")
    document = answer.json()
    operations = [one for address in document["paths"].values() for one in address.values()]
    assert len(operations) == count
    assert document["servers"] == [{"url": f"http://testserver/ims/oneroster/{service}/v1p2"}]
    assert all(one["security"][0]["OAuth2CC"] for one in operations)


@pytest.mark.usefixtures("school")
def test_it_says_where_tokens_are_given(client: Client) -> None:
    place = "/ims/oneroster/rostering/v1p2/discovery/onerosterv1p2rostersservice_openapi3_v1p0.json"
    scheme = client.get(place).json()["components"]["securitySchemes"]["OAuth2CC"]
    assert scheme["flows"]["clientCredentials"]["tokenUrl"] == "http://testserver/ims/oneroster/token"


def test_an_address_that_is_none_answers_as_the_standard_says(caller: Callable[..., Any]) -> None:
    answer = caller().get("/ims/oneroster/rostering/v1p2/pupils")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


def test_a_nul_is_refused_as_the_standard_says(caller: Callable[..., Any]) -> None:
    answer = caller().get("/ims/oneroster/rostering/v1p2/users?filter=%00")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
