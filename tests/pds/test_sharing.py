from datetime import timedelta
from uuid import uuid4

from terakoya.access import api as access
from terakoya.access.api import actor_of_account
from terakoya.exchange.models import Deletion
from terakoya.kit import clock, jobs
from terakoya.pds.held import StoreFamilies
from terakoya.pds.models import Child
from terakoya.standards import ages
from tests.exchange.conftest import received_grant
from tests.exchange.other_node import Heard, OtherNode

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


def test_a_young_child_reads_the_agreements_and_objects_instead_of_stopping(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    path = f"/children/{family.child.person}/sharing/"
    page = family.childs_browser.get(path).content.decode()
    assert "The juku" in page
    assert "/stop/" not in page
    answer = f"/consents/{consent.uuid}/answer/"
    assert family.childs_browser.post(f"{path}{consent.uuid}/stop/").url == answer
    family.childs_browser.post(answer, {"says": "object"})
    assert access.state_of(access.consent(consent.uuid)) == "given"
    assert [one.kind for one in access.open_disagreements()] == ["child"]
    assert "does not want this" in family.get(f"sharing/{consent.uuid}/").content.decode()


def test_from_twelve_on_the_offer_waits_for_the_child_s_yes(family: Family, juku: OtherNode) -> None:
    born(family, 12)
    consent = shared_with(juku, family)
    jobs.run_waiting()
    assert access.state_of(consent) == "awaiting_assent" and not offers(juku)
    assert 'data-asked="answer"' in family.childs_browser.get(f"/children/{family.child.person}/").content.decode()
    family.childs_browser.post(f"/consents/{consent.uuid}/answer/", {"says": "yes"})
    jobs.run_waiting()
    assert access.state_of(access.consent(consent.uuid)) == "given" and offers(juku)


def test_from_twelve_on_the_child_may_stop_it(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    born(family, 12)
    path = f"/children/{family.child.person}/sharing/{consent.uuid}/"
    family.childs_browser.post(f"{path}stop/")
    assert access.state_of(access.consent(consent.uuid)) == "withdrawn"


def test_from_the_eighteenth_birthday_on_the_store_is_the_learner_s_alone(family: Family, juku: OtherNode) -> None:
    born(family, 18)
    assert family.get("share/").status_code == 404
    assert family.childs_browser.get(f"/children/{family.child.person}/share/").status_code == 200
    assert family.get("").status_code == 404


def test_a_former_guardian_sees_neither_log_nor_agreements_nor_the_child_s_card(
    family: Family, juku: OtherNode
) -> None:
    consent = shared_with(juku, family)
    born(family, 18)
    one = f"sharing/{consent.uuid}/"
    pages = ("accesses/", "newest/", "arriving/", "sharing/", one, f"{one}state/", f"{one}deletion/", f"{one}stop/")
    assert {page: family.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    assert f"/children/{family.child.person}/" not in family.browser.get("/").content.decode()
    assert family.childs_browser.get(f"/children/{family.child.person}/{one}").status_code == 200


def test_a_grown_up_learner_without_a_sign_in_can_still_be_given_one(family: Family) -> None:
    born(family, 18)
    assert family.get("sign-in/").status_code == 200


def offers(juku: OtherNode) -> list[Heard]:
    return [heard for heard in juku.heard if heard.path == "/exchange/grants"]


def born(family: Family, years: int) -> None:
    """Let today be the child's birthday of so many years."""
    Child.objects.filter(pk=family.child.pk).update(birth_date=ages.birthday(clock.today(), -years))


def test_another_childs_agreement_does_not_exist_here(family: Family, juku: OtherNode) -> None:
    shared_with(juku, family)
    stranger = access.consents_about(family.child.person)[0]
    own = family.strangers_browser.get("/sharing/").url
    assert family.strangers_browser.get(f"{own}{stranger.uuid}/").status_code == 404
    assert family.strangers_browser.post(f"{own}{stranger.uuid}/stop/").status_code == 404
    assert family.get(f"sharing/{uuid4()}/").status_code == 404


def test_a_former_guardian_reads_only_that_the_store_has_passed_on(family: Family) -> None:
    assert "own now" not in family.browser.get("/").content.decode()
    born(family, 18)
    page = family.browser.get("/").content.decode()
    assert "is A Child" in page and "own now" in page
    assert "There is no sign-in" not in page and f"/children/{family.child.person}/" not in page


def test_a_grown_up_learner_without_a_sign_in_gets_one_from_the_former_guardian_once(family: Family) -> None:
    family.child.memberships.filter(capacity="self").delete()
    born(family, 18)
    assert f"/children/{family.child.person}/sign-in/" in family.browser.get("/").content.decode()
    family.post("sign-in/", {"username": "grown", "password": "a-long-pass-phrase"})
    assert family.child.memberships.filter(capacity="self").count() == 1
    assert "There is no sign-in" not in family.browser.get("/").content.decode()
    family.post("sign-in/", {"username": "again", "password": "a-long-pass-phrase"})
    assert family.child.memberships.filter(capacity="self").count() == 1


def test_a_former_guardian_asks_for_nothing_in_the_learner_s_name(family: Family) -> None:
    families = StoreFamilies()
    assert [one.person for one in families.of(actor_of_account(family.guardian))] == [family.child.person]
    born(family, 18)
    assert families.of(actor_of_account(family.guardian)) == []
