"""What the documents cannot say: which identifiers there are, and how filters, orders and selections are written.

A document calls a filter a text. Where Schemathesis makes up a valid question, its made-up texts are exchanged for ones
that are questions here; what it makes up to be refused stays as it is. No document says that ``fields`` answers with
less than the schema requires: what is asked for here is never less than that.
"""

import os
import random
from typing import Any

import httpx
import schemathesis
from schemathesis.generation import GenerationMode

BASE, TOKEN = os.environ["CONFORMANCE_BASE"], os.environ["CONFORMANCE_TOKEN"]
SERVICE = os.environ["CONFORMANCE_SERVICE"]
FILTERS = ("status='active'", "status='active' AND dateLastModified>='2020-01-01T00:00:00Z'", "sourcedId!='none'")
SORTS = ("sourcedId", "dateLastModified", "status")
# where the identifiers of a path parameter are found; of sourcedId it is the list of the address itself
LISTS = {
    "classSourcedId": "rostering/v1p2/classes",
    "courseSourcedId": "rostering/v1p2/courses",
    "schoolSourcedId": "rostering/v1p2/schools",
    "studentSourcedId": "rostering/v1p2/students",
    "teacherSourcedId": "rostering/v1p2/teachers",
    "userSourcedId": "rostering/v1p2/users",
    "termSourcedId": "rostering/v1p2/terms",
    "academicSessionSourcedId": "rostering/v1p2/academicSessions",
    "lineItemSourcedId": "gradebook/v1p2/lineItems",
}
_known: dict[str, list[str]] = {}


def ids(place: str) -> list[str]:
    """Identifiers of a list of the running node, asked for once."""
    if place not in _known:
        answer = httpx.get(f"{BASE}/{place}?limit=50", headers={"Authorization": f"Bearer {TOKEN}"})
        (rows,) = answer.raise_for_status().json().values()
        _known[place] = [row["sourcedId"] for row in rows]
    return _known[place]


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Ask about what is there, in the words of the standard."""
    choose = random.Random(repr(case.path_parameters) + repr(case.query))  # noqa: S311
    is_right = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    _choose_fields(case, choose, is_right=is_right)
    if not is_right:
        return
    deletes = case.method.upper() == "DELETE"
    for name in case.path_parameters or {}:
        own = f"{SERVICE}/v1p2/{case.path.strip('/').split('/')[0]}"
        known = ids(LISTS.get(name, own))
        if known and not deletes and choose.random() < 0.9:
            case.path_parameters[name] = choose.choice(known)
    for name, values in (("filter", FILTERS), ("sort", SORTS)):
        if name in (case.query or {}):
            case.query[name] = choose.choice(values)


def _choose_fields(case: Any, choose: random.Random, *, is_right: bool) -> None:
    """Ask for all that the schema requires and some more: a narrower answer is not of the schema, by its meaning.

    In what is made up to be refused only such ``fields`` are exchanged that are no reason to refuse.
    """
    query = case.query or {}
    if "fields" not in query:
        return
    required, others = _fields_of(case)
    given = query["fields"] if isinstance(query["fields"], list) else str(query["fields"]).split(",")
    if is_right or set(map(str, given)) <= {*required, *others}:
        query["fields"] = [",".join([*required, *choose.sample(others, choose.randint(0, len(others)))])]


def _fields_of(case: Any) -> tuple[list[str], list[str]]:
    """The properties of what an operation answers with: those that the schema requires, and the others."""
    schemas = case.operation.schema.raw_schema["components"]["schemas"]
    answer = case.operation.definition.raw["responses"]["200"]["content"]["application/json"]["schema"]
    (held,) = schemas[answer["$ref"].rpartition("/")[2]]["properties"].values()
    kind = schemas[held.get("items", held)["$ref"].rpartition("/")[2]]
    required = kind.get("required", [])
    return required, [name for name in kind["properties"] if name not in required]
