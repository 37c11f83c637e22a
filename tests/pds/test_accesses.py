from dataclasses import replace

from terakoya.access import api as access
from terakoya.exchange.models import AccessesAnswer
from tests.exchange.conftest import received_grant
from tests.exchange.other_node import OtherNode

from .conftest import Family


def told(family: Family, organisation: str) -> dict[str, object]:
    """A line as a partner tells it: somebody there looked."""
    family.get("")
    line = access.accesses_of(family.child.person)[0]
    told = replace(line, stakeholder="school", role="homeroom_teacher", organisation=organisation, name="A Teacher")
    return told.as_dict()


def test_lines_of_all_nodes_stand_in_one_list(family: Family, city: OtherNode) -> None:
    received_grant(city, family.child.person)
    city.answer("/accesses", (200, {"lines": [told(family, "The School")]}))
    organisations = {line.organisation for line in family.get("accesses/").context["lines"]}
    assert len(organisations) == 2
    assert "The School" in organisations


def test_the_list_can_be_narrowed_to_one_organisation(family: Family, city: OtherNode) -> None:
    received_grant(city, family.child.person)
    city.answer("/accesses", (200, {"lines": [told(family, "The School")]}))
    lines = family.get("accesses/?from=The+School").context["lines"]
    assert [line.organisation for line in lines] == ["The School"]


def test_a_partner_that_is_away_is_named_with_its_last_answer(family: Family, city: OtherNode) -> None:
    received_grant(city, family.child.person)
    city.answer("/accesses", (200, {"lines": [told(family, "The School")]}))
    family.get("accesses/")
    city.away = True
    page = family.get("accesses/").content.decode()
    assert "The city does not answer now" in page
    assert "What you see of it is from" in page
    assert "The School" in page


def test_what_a_partner_tells_no_more_is_not_remembered_either(family: Family, city: OtherNode) -> None:
    """As after a court's order that hides where the child is: the city answers that there is nothing."""
    received_grant(city, family.child.person)
    city.answer("/accesses", (200, {"lines": [told(family, "The School")]}))
    assert "The School" in family.get("accesses/").content.decode()
    city.answer("/accesses", (404, {"type": "not-found", "detail": "There is no such thing."}))
    assert "The School" not in family.get("accesses/").content.decode()
    assert not AccessesAnswer.objects.exclude(lines=[]).exists()
    city.away = True
    assert "The School" not in family.get("accesses/").content.decode()


def test_reading_the_list_leaves_no_line_in_it(family: Family) -> None:
    family.get("accesses/")
    family.get("newest/")
    assert access.accesses_of(family.child.person) == []


def test_the_childs_page_fetches_the_newest_looks_of_all_nodes(family: Family, city: OtherNode) -> None:
    received_grant(city, family.child.person)
    city.answer("/accesses", (200, {"lines": [told(family, "The School")]}))
    assert "hx-get" in family.get("").content.decode()
    newest = family.get("newest/").content.decode()
    assert "The School" in newest
    assert "<html" not in newest


def test_machines_that_pass_records_on_are_not_among_those_who_looked(family: Family, city: OtherNode) -> None:
    received_grant(city, family.child.person)
    line = {**told(family, "A Machine"), "role": "node"}
    city.answer("/accesses", (200, {"lines": [line]}))
    assert "A Machine" not in family.get("newest/").content.decode()
    assert "A Machine" in family.get("accesses/").content.decode()


def test_the_same_person_at_the_same_thing_is_one_line_among_the_newest(family: Family) -> None:
    family.get("")
    family.get("")
    assert len(family.get("newest/").context["lines"]) == 1
