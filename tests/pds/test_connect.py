from uuid import uuid4

import pytest

from terakoya.access import api as access
from terakoya.exchange.grants import keep_copy
from terakoya.exchange.models import AskedAuthorisation, Grant, Transfer
from terakoya.identity.api import account_named
from terakoya.pds import api as pds
from tests.exchange.conftest import receipt_from
from tests.exchange.other_node import OtherNode

from .conftest import Family

PAR = (201, {"request_uri": "urn:ietf:params:oauth:request_uri:abc", "expires_in": 60})


def asked(family: Family, city: OtherNode) -> str:
    """The family went to the city; the state with which it comes back."""
    city.answer("/exchange/par", PAR)
    family.post("connect/", {"holder": city.uri})
    return AskedAuthorisation.objects.get().state


def test_only_cities_can_be_chosen(family: Family, city: OtherNode, juku: OtherNode) -> None:
    page = family.get("connect/").content.decode()
    assert city.uri in page
    assert juku.uri not in page


def test_the_form_may_lead_to_the_city_and_nowhere_else(family: Family, city: OtherNode, juku: OtherNode) -> None:
    policy = family.get("connect/").headers["Content-Security-Policy"]
    [directive] = [part for part in policy.split(";") if "form-action" in part]
    assert directive.split() == ["form-action", "'self'", city.uri]


def test_choosing_a_city_leads_to_its_question(family: Family, city: OtherNode) -> None:
    city.answer("/exchange/par", PAR)
    answer = family.post("connect/", {"holder": city.uri})
    assert answer.url.startswith(f"{city.uri}/authorise/?request_uri=")


def test_a_city_that_is_away_is_said_so(family: Family, city: OtherNode) -> None:
    city.away = True
    answer = family.post("connect/", {"holder": city.uri})
    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()


def test_a_no_at_the_city_is_taken_kindly(family: Family, city: OtherNode) -> None:
    answer = family.browser.get("/connect/return/", {"state": asked(family, city), "error": "access_denied"})
    assert "You said no. Nothing was sent." in answer.content.decode()
    assert not Grant.objects.exists()


def test_a_yes_links_the_child_and_begins_the_transfer(family: Family, city: OtherNode) -> None:
    state, pairwise = asked(family, city), uuid4()
    city.answer("/exchange/token", (200, {"subject": str(pairwise), "receipt": receipt_from(city, pairwise)}))
    answer = family.browser.get("/connect/return/", {"state": state, "code": "right"})
    assert answer.url == f"/children/{family.child.person}/arriving/"
    assert Grant.objects.get().subject == family.child.person
    assert Transfer.objects.get().state == "REQUESTED"


def test_the_same_pupil_is_not_connected_as_two_children(family: Family, city: OtherNode) -> None:
    state, pairwise = asked(family, city), uuid4()
    sister = pds.add_child(family.guardian, name="A Sister", kana="sister", grade=2)
    keep_copy(city.enrolled(), receipt_from(city, pairwise), subject=sister.person, pairwise=pairwise)
    city.answer("/exchange/token", (200, {"subject": str(pairwise), "receipt": receipt_from(city, pairwise)}))
    answer = family.browser.get("/connect/return/", {"state": state, "code": "right"})
    assert answer.status_code == 409
    assert "A Sister" in answer.content.decode()
    [consent] = access.consents_about(family.child.person)
    assert access.state_of(consent) == "withdrawn"


def test_another_account_s_store_of_the_same_pupil_is_no_obstacle_and_is_not_told(
    family: Family, city: OtherNode
) -> None:
    state, pairwise = asked(family, city), uuid4()
    [child] = pds.children_of(account_named("stranger"))
    keep_copy(city.enrolled(), receipt_from(city, pairwise), subject=child.person, pairwise=pairwise)
    city.answer("/exchange/token", (200, {"subject": str(pairwise), "receipt": receipt_from(city, pairwise)}))
    answer = family.browser.get("/connect/return/", {"state": state, "code": "right"})
    assert answer.url == f"/children/{family.child.person}/arriving/"
    assert Grant.objects.filter(ended_at=None).count() == 2


@pytest.mark.parametrize(("query", "status"), [({"state": "unknown", "code": "x"}, 404), ({}, 404)])
def test_a_return_that_nobody_asked_for_is_a_friendly_page(family: Family, query: dict[str, str], status: int) -> None:
    answer = family.browser.get("/connect/return/", query)
    assert answer.status_code == status
    assert "Nothing was sent" in answer.content.decode()


def test_another_family_cannot_finish_what_this_one_began(family: Family, city: OtherNode) -> None:
    state = asked(family, city)
    assert family.strangers_browser.get("/connect/return/", {"state": state, "code": "x"}).status_code == 404
    assert AskedAuthorisation.objects.get().code == ""


def test_a_code_that_the_city_does_not_take_is_a_friendly_page(family: Family, city: OtherNode) -> None:
    city.answer("/exchange/token", (400, {"type": "invalid-grant", "status": 400, "detail": "too old"}))
    answer = family.browser.get("/connect/return/", {"state": asked(family, city), "code": "wrong"})
    assert answer.status_code == 410
    assert "Begin once more" in answer.content.decode()


def test_a_yes_is_not_lost_when_the_city_goes_away(family: Family, city: OtherNode) -> None:
    state = asked(family, city)
    city.away = True
    answer = family.browser.get("/connect/return/", {"state": state, "code": "right"})
    assert answer.status_code == 503
    assert "Your yes is safe" in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [("STARTED", "5 of 20 are here"), ("COMPLETED", "All records are here"), ("TERMINATED", "did not come")],
)
def test_progress_says_how_far_the_records_are(family: Family, city: OtherNode, state: str, words: str) -> None:
    partner = city.enrolled()
    grant = Grant.objects.create(
        side="recipient",
        partner=partner,
        consent=uuid4(),
        subject=family.child.person,
        pairwise=uuid4(),
        dataset_id="learning-records",
        category="activity.learning_school",
        purpose="own_use",
        valid_until="2030-01-01",
    )
    Transfer.objects.create(
        pid="t", side="recipient", partner=partner, grant=grant, state=state, received=5, expected=20
    )
    page = family.get("arriving/")
    assert words in page.content.decode()
    assert ("Refresh" in page.headers) == (state == "STARTED")


def test_the_fragment_of_the_progress_is_no_whole_page(family: Family) -> None:
    page = family.get("arriving/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "Nothing is on its way" in page
