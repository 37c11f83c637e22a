"""What the documents cannot say: which identifiers there are, and how filters, orders and selections are written.

A document calls a filter a text. Where Schemathesis makes up a valid question, its made-up texts are exchanged for ones
that are questions here; what it makes up to be refused stays as it is.
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
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    choose = random.Random(repr(case.path_parameters) + repr(case.query))  # noqa: S311
    deletes = case.method.upper() == "DELETE"
    for name in case.path_parameters or {}:
        own = f"{SERVICE}/v1p2/{case.path.strip('/').split('/')[0]}"
        known = ids(LISTS.get(name, own))
        if known and not deletes and choose.random() < 0.9:
            case.path_parameters[name] = choose.choice(known)
    for name, values in (("filter", FILTERS), ("sort", SORTS)):
        if name in (case.query or {}):
            case.query[name] = choose.choice(values)
    (case.query or {}).pop("fields", None)  # less than the schema's required properties, by its own meaning
