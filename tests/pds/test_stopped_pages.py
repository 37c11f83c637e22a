"""What a family reads after it has stopped what came in: nothing here was deleted."""

from terakoya.access import api as access
from terakoya.exchange.models import Deletion
from terakoya.kit import clock
from tests.exchange.conftest import received_grant
from tests.exchange.other_node import OtherNode

from .conftest import Family


def test_what_came_in_stays_and_no_deletion_is_claimed(family: Family, city: OtherNode) -> None:
    grant = received_grant(city, family.child.person)
    access.stop(grant.consent, by=access.actor_of_account(family.guardian), reason="family")
    receipt = {"count": 0, "digest": "", "index": 1, "size": 2, "root": ""}
    Deletion.objects.filter(consent=grant.consent).update(state="kept", receipt=receipt, confirmed_at=clock.now())
    page = family.get(f"sharing/{grant.consent}/deletion/").content.decode()
    assert "What had come stays in your store" in page
    assert "What was deleted" not in page
    assert "Receipt of the deletion" not in page


def test_a_pupil_reads_its_agreements_on_a_pupils_page(family: Family, city: OtherNode) -> None:
    received_grant(city, family.child.person)
    path = f"/children/{family.child.person}/"
    for part in ("sharing/", "accesses/"):
        assert 'data-audience="pupil"' in family.childs_browser.get(f"{path}{part}").content.decode()
        assert 'data-audience="family"' in family.get(part).content.decode()


def test_the_first_page_leads_to_each_of_the_family_s_questions(family: Family) -> None:
    page = family.browser.get("/").content.decode()
    person = family.child.person
    for address in (f"/children/{person}/accesses/", f"/children/{person}/sharing/", f"/rights/who-holds/{person}/"):
        assert f'href="{address}"' in page
    assert 'href="/rights/"' in page and 'id="asked"' in page
