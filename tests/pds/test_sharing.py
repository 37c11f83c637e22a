from datetime import timedelta
from uuid import uuid4

from terakoya.access import api as access
from terakoya.exchange.models import Deletion
from terakoya.kit import clock
from tests.exchange.conftest import received_grant
from tests.exchange.other_node import OtherNode

from .conftest import Family, shared_with

RECEIPT = {"count": 7, "digest": "ab" * 32, "index": 3, "size": 9, "root": "cd" * 32}


def confirmed(number: object) -> None:
    Deletion.objects.filter(consent=number).update(
        state="confirmed", receipt=RECEIPT, verified=True, confirmed_at=clock.now()
    )


def test_the_receipt_has_the_number_and_the_terms(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    page = family.get(f"sharing/{consent.uuid}/").content.decode()
    for words in (str(consent.uuid), "The juku", "mathematics", "It is on its way"):
        assert words in page


def test_stopping_takes_two_presses(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    stop = f"sharing/{consent.uuid}/stop/"
    assert f"/{stop}" in family.get("sharing/").content.decode()
    assert access.state_of(access.consent(consent.uuid)) == "given"
    assert family.get(stop).status_code == 200
    assert family.post(stop).url.endswith(f"sharing/{consent.uuid}/deletion/")
    assert access.state_of(access.consent(consent.uuid)) == "withdrawn"


def test_a_stop_is_not_confirmed_until_the_other_side_says_so(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    family.post(f"sharing/{consent.uuid}/stop/")
    page = family.get(f"sharing/{consent.uuid}/deletion/")
    assert "Not confirmed there yet" in page.content.decode()
    assert "hx-get" in page.content.decode()
    assert page.headers["Refresh"]


def test_the_deletion_receipt_shows_count_digest_and_place(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    family.post(f"sharing/{consent.uuid}/stop/")
    confirmed(consent.uuid)
    page = family.get(f"sharing/{consent.uuid}/deletion/").content.decode()
    for words in ("the copy is deleted", "7 records", RECEIPT["digest"], "3 / 9", RECEIPT["root"]):
        assert str(words) in page
    assert "hx-get" not in page


def test_the_state_fragment_asks_again_only_while_something_is_on_its_way(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    state = f"sharing/{consent.uuid}/state/"
    assert "hx-get" in family.get(state).content.decode()
    family.post(f"sharing/{consent.uuid}/stop/")
    confirmed(consent.uuid)
    assert "hx-get" not in family.get(state).content.decode()


def test_what_came_from_school_stays_after_stopping(family: Family, city: OtherNode) -> None:
    grant = received_grant(city, family.child.person)
    family.post(f"sharing/{grant.consent}/stop/")
    page = family.get(f"sharing/{grant.consent}/deletion/").content.decode()
    assert "stays in your store" in page


def test_an_agreement_that_ended_by_time_says_so(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    access.Consent.objects.filter(pk=consent.pk).update(valid_until=clock.today() - timedelta(days=1))
    assert "It has ended" in family.get("sharing/").content.decode()


def test_a_child_reads_the_agreements_and_cannot_stop_them(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    path = f"/children/{family.child.person}/sharing/"
    page = family.childs_browser.get(path).content.decode()
    assert "The juku" in page
    assert "/stop/" not in page
    assert family.childs_browser.post(f"{path}{consent.uuid}/stop/").status_code == 404
    assert access.state_of(access.consent(consent.uuid)) == "given"


def test_another_childs_agreement_does_not_exist_here(family: Family, juku: OtherNode) -> None:
    shared_with(juku, family)
    stranger = access.consents_about(family.child.person)[0]
    own = family.strangers_browser.get("/sharing/").url
    assert family.strangers_browser.get(f"{own}{stranger.uuid}/").status_code == 404
    assert family.strangers_browser.post(f"{own}{stranger.uuid}/stop/").status_code == 404
    assert family.get(f"sharing/{uuid4()}/").status_code == 404
