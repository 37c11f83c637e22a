import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terakoya.catalog.adapters.dcat import read_catalog, write_catalog
from terakoya.catalog.entries import ANONYMISED, Entry, Standard
from terakoya.catalog.errors import CatalogRefused

URI = "https://city.example"
RECORDS = Entry(
    id="learning-records",
    title={"ja": "学習の記録", "en": "Learning records"},
    category="activity.learning_school",
    standards=(Standard("https://w3id.org/xapi", "xAPI 2.0"),),
    purposes=("own_use", "tutoring"),
    access="restricted",
    placement="table2",
    offered=True,
)
FIGURES = Entry("figures", {"ja": "統計", "en": "Figures"}, ANONYMISED, (), ("statistics",), "public", "operation")


def written() -> dict[str, Any]:
    return write_catalog(URI, "City", "city", [RECORDS, FIGURES])


def read(catalog: Any) -> list[Entry]:
    return read_catalog(json.dumps(catalog).encode(), URI)


def change(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def apply(catalog: dict[str, Any]) -> None:
        place: Any = catalog
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return apply


FIRST = ("dcat:dataset", 0)
FAULTS = {
    "unknown member": change(*FIRST, "foaf:member", to="a child"),
    "unknown member at the top": change("dct:creator", to="a person"),
    "foreign context": change("@context", to={"dcat": "http://elsewhere.example/"}),
    "another node's catalog": change("@id", to="https://other.example/catalog.jsonld"),
    "another publisher": change("dct:publisher", "@id", to="https://other.example"),
    "another publisher of a data set": change(*FIRST, "dct:publisher", "@id", to="https://other.example"),
    "unknown category": change(*FIRST, "dcat:theme", "@id", to="terakoya:category/activity.thoughts"),
    "category without prefix": change(*FIRST, "dcat:theme", "@id", to="activity.learning_school"),
    "unknown purpose": change(*FIRST, "dpv:hasPurpose", 0, "@id", to="terakoya:purpose/marketing"),
    "unknown access right": change(*FIRST, "dct:accessRights", "@id", to="http://example.org/secret"),
    "unknown placement": change(*FIRST, "terakoya:placement", to="anywhere"),
    "title in one language": change(*FIRST, "dct:title", to=[{"@language": "ja", "@value": "学習の記録"}]),
    "title twice in one language": change(*FIRST, "dct:title", to=[{"@language": "ja", "@value": "学習"}] * 2),
    "long title": change(*FIRST, "dct:title", 0, "@value", to="あ" * 121),
    "identifier with a sentence": change(*FIRST, "dct:identifier", to="Sato Hana, born 2015"),
    "standard that is no address": change(*FIRST, "dct:conformsTo", 0, "@id", to="javascript:alert(1)"),
    "too many data sets": change("dcat:dataset", to=[written()["dcat:dataset"][0]] * 201),
    "the same data set twice": change("dcat:dataset", to=[written()["dcat:dataset"][0]] * 2),
    "a count": change(*FIRST, "dcat:theme", "terakoya:pupils", to=312),
}


def test_written_catalog_is_read_as_it_was() -> None:
    assert read(written()) == [RECORDS, FIGURES]


def test_every_offered_data_set_has_one_offer_that_needs_a_living_consent() -> None:
    offered, held = written()["dcat:dataset"]
    (offer,) = offered["odrl:hasPolicy"]
    constraints = {rule["odrl:leftOperand"] for rule in offer["odrl:permission"][0]["odrl:constraint"]}
    assert constraints == {"odrl:purpose", "terakoya:consent"}
    assert offer["odrl:prohibition"][0]["odrl:action"] == "odrl:distribute"
    assert held["odrl:hasPolicy"] == []


def test_data_set_says_category_class_retention_and_standard() -> None:
    dataset = written()["dcat:dataset"][0]
    assert dataset["dcat:theme"] == {"@id": "terakoya:category/activity.learning_school"}
    assert dataset["terakoya:importance"] == "III"
    assert dataset["dpv:hasStorageCondition"] == "5 years after the school year"
    assert dataset["dct:conformsTo"][0]["dct:title"] == "xAPI 2.0"


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_has_not_the_shape_of_a_catalog_is_refused(fault: Callable[[dict[str, Any]], None]) -> None:
    catalog = written()
    fault(catalog)
    with pytest.raises(CatalogRefused):
        read(catalog)


@given(st.binary(max_size=300))
def test_any_bytes_are_entries_or_a_refusal(body: bytes) -> None:
    try:
        read_catalog(body, URI)
    except CatalogRefused:
        pass
    else:
        raise AssertionError("no random bytes are a catalog")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_any_json_is_refused(value: Any) -> None:
    with pytest.raises(CatalogRefused):
        read(value)
