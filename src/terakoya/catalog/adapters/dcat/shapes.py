"""The shapes of the profile. Reading is strict: an unknown member, a long text or a long list is refused, so that a
catalog cannot carry anything that is not a description of data sets."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "terakoya": "urn:terakoya:",
}
ACCESS_RIGHT = "http://publications.europa.eu/resource/authority/access-right/"

Short = Annotated[str, Meta(max_length=120)]
Address = Annotated[str, Meta(max_length=200, pattern="^(https?://|urn:)[^\\s]+$")]
Term = Annotated[str, Meta(max_length=80, pattern="^[A-Za-z][A-Za-z0-9_:./-]*$")]


class Shape(Struct, forbid_unknown_fields=True):
    """A JSON object with these members and no others."""


class Ref(Shape, kw_only=True):
    id: Annotated[str, Meta(max_length=200)] = msgspec.field(name="@id")


class Text(Shape, kw_only=True):
    language: Literal["ja", "en"] = msgspec.field(name="@language")
    value: Short = msgspec.field(name="@value")


class StandardRef(Shape, kw_only=True):
    id: Address = msgspec.field(name="@id")
    title: Short = msgspec.field(name="dct:title")


class Purpose(Shape, kw_only=True):
    id: Term = msgspec.field(name="@id")
    type: Term = msgspec.field(name="@type")


class Constraint(Shape, kw_only=True):
    left: Term = msgspec.field(name="odrl:leftOperand")
    operator: Literal["odrl:eq", "odrl:isAnyOf"] = msgspec.field(name="odrl:operator")
    right: Annotated[list[Term], Meta(max_length=10)] = msgspec.field(name="odrl:rightOperand")


class Rule(Shape, kw_only=True):
    action: Term = msgspec.field(name="odrl:action")
    constraints: Annotated[list[Constraint], Meta(max_length=5)] = msgspec.field(
        name="odrl:constraint", default_factory=list
    )


Rules = Annotated[list[Rule], Meta(max_length=10)]


class Offer(Shape, kw_only=True):
    id: Address = msgspec.field(name="@id")
    type: Literal["odrl:Offer"] = msgspec.field(name="@type", default="odrl:Offer")
    permission: Rules = msgspec.field(name="odrl:permission", default_factory=list)
    prohibition: Rules = msgspec.field(name="odrl:prohibition", default_factory=list)


class Dataset(Shape, kw_only=True):
    id: Address = msgspec.field(name="@id")
    type: Literal["dcat:Dataset"] = msgspec.field(name="@type", default="dcat:Dataset")
    identifier: Annotated[str, Meta(max_length=60, pattern="^[a-z][a-z0-9-]*$")] = msgspec.field(name="dct:identifier")
    title: Annotated[list[Text], Meta(min_length=1, max_length=2)] = msgspec.field(name="dct:title")
    publisher: Ref = msgspec.field(name="dct:publisher")
    theme: Ref = msgspec.field(name="dcat:theme")
    conforms_to: Annotated[list[StandardRef], Meta(max_length=5)] = msgspec.field(name="dct:conformsTo")
    access_rights: Ref = msgspec.field(name="dct:accessRights")
    policies: Annotated[list[Offer], Meta(max_length=1)] = msgspec.field(name="odrl:hasPolicy")
    purposes: Annotated[list[Purpose], Meta(max_length=10)] = msgspec.field(name="dpv:hasPurpose")
    personal_data: Annotated[list[Ref], Meta(max_length=1)] = msgspec.field(name="dpv:hasPersonalData")
    storage: Short = msgspec.field(name="dpv:hasStorageCondition")
    importance: Literal["I", "II", "III", "IV", ""] = msgspec.field(name="terakoya:importance")
    placement: Literal["table2", "consent", "law", "operation"] = msgspec.field(name="terakoya:placement")


class Publisher(Shape, kw_only=True):
    id: Address = msgspec.field(name="@id")
    type: Literal["foaf:Organization"] = msgspec.field(name="@type", default="foaf:Organization")
    name: Short = msgspec.field(name="foaf:name")
    kind: Term = msgspec.field(name="dct:type")


class Service(Shape, kw_only=True):
    id: Address = msgspec.field(name="@id")
    type: Literal["dcat:DataService"] = msgspec.field(name="@type", default="dcat:DataService")
    endpoint: Address = msgspec.field(name="dcat:endpointURL")
    conforms_to: Address = msgspec.field(name="dct:conformsTo")


class Catalog(Shape, kw_only=True):
    context: dict[str, str] = msgspec.field(name="@context")
    id: Address = msgspec.field(name="@id")
    type: Literal["dcat:Catalog"] = msgspec.field(name="@type", default="dcat:Catalog")
    title: Annotated[list[Text], Meta(min_length=1, max_length=2)] = msgspec.field(name="dct:title")
    publisher: Publisher = msgspec.field(name="dct:publisher")
    services: Annotated[list[Service], Meta(max_length=3)] = msgspec.field(name="dcat:service")
    datasets: Annotated[list[Dataset], Meta(max_length=200)] = msgspec.field(name="dcat:dataset")
