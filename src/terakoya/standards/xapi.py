"""Strict checks of xAPI statements (xAPI 2.0 = IEEE 9274.1.1; 1.0.3 where a statement says so).

``check_statement`` takes a statement as decoded JSON. Names are case-sensitive; unknown properties and nulls
are refused (save inside extensions), and every refusal says where and what is expected.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from .xapi_values import (
    Check,
    StatementRefused,
    boolean,
    duration,
    extensions,
    iri,
    language,
    language_map,
    lenient_timestamp,
    list_of,
    moment,
    number,
    one_of,
    pattern,
    properties,
    text,
    timestamp,
    uuid,
    whole_number,
)

__all__ = ["VOIDED", "StatementRefused", "agent_identifier", "check_agent", "check_statement", "moment"]

VOIDED = "http://adlnet.gov/expapi/verbs/voided"

# --- actors (xAPI 2.0, 4.2.2) ---
_ACCOUNT: dict[str, Check] = {"homePage": iri, "name": text}
_IDENTIFIERS: dict[str, Check] = {
    "mbox": pattern(r"mailto:[^\s@]+@[^\s@]+", "a mail address as mailto:name@example.org"),
    "mbox_sha1sum": pattern(r"[0-9a-fA-F]{40}", "40 hexadecimal digits"),
    "openid": iri,
    "account": partial(properties, known=_ACCOUNT, required=tuple(_ACCOUNT), what="an object with homePage and name"),
}
_AGENT: dict[str, Check] = {"objectType": one_of("Agent"), "name": text, **_IDENTIFIERS}


def agent_identifier(actor: Mapping[str, Any]) -> str:
    """The inverse functional identifier of a checked agent or group as one string; "" for an anonymous group."""
    for kind in _IDENTIFIERS:
        if (value := actor.get(kind)) is not None:
            return f"account:{value['homePage']}|{value['name']}" if kind == "account" else f"{kind}:{value}"
    return ""


def check_agent(value: Any, path: str = "") -> None:
    """An agent: exactly one identifier."""
    properties(value, path, _AGENT, what="an agent")
    if sum(kind in value for kind in _IDENTIFIERS) != 1:
        raise StatementRefused(path, f"exactly one of {', '.join(_IDENTIFIERS)}")


_GROUP: dict[str, Check] = {
    "objectType": one_of("Group"),
    "name": text,
    "member": list_of(check_agent, what="a list of agents"),
    **_IDENTIFIERS,
}


def check_group(value: Any, path: str) -> None:
    """A group: identified by exactly one identifier, or anonymous with members."""
    properties(value, path, _GROUP, ("objectType",), what="a group")
    identified = sum(kind in value for kind in _IDENTIFIERS)
    if identified > 1:
        raise StatementRefused(path, f"at most one of {', '.join(_IDENTIFIERS)}")
    if identified == 0 and not value.get("member"):
        raise StatementRefused(f"{path}.member", "members, as the group has no identifier")


def check_actor(value: Any, path: str) -> None:
    """An agent or a group."""
    is_group = type(value) is dict and value.get("objectType") == "Group"
    (check_group if is_group else check_agent)(value, path)


def check_authority(value: Any, path: str) -> None:
    """An agent, or an anonymous group of two agents (OAuth, xAPI 2.0, 4.2.5)."""
    check_actor(value, path)
    if value.get("objectType") == "Group" and (agent_identifier(value) or len(value["member"]) != 2):
        raise StatementRefused(path, "an agent, or a group of exactly two members without an identifier")


# --- verb and objects (xAPI 2.0, 4.2.3 and 4.2.4) ---
_VERB: dict[str, Check] = {"id": iri, "display": language_map}
_REFERENCE: dict[str, Check] = {"objectType": one_of("StatementRef"), "id": uuid}
check_verb = partial(properties, known=_VERB, required=("id",), what="a verb with its id")
check_reference = partial(properties, known=_REFERENCE, required=("objectType", "id"), what="a statement reference")

_COMPONENT: dict[str, Check] = {"id": text, "description": language_map}
_COMPONENTS_OF = {
    "choice": ("choices",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "true-false": (),
    "fill-in": (),
    "long-fill-in": (),
    "numeric": (),
    "other": (),
}
_COMPONENT_LISTS = ("choices", "scale", "source", "target", "steps")


def _components(value: Any, path: str) -> None:
    list_of(partial(properties, known=_COMPONENT, required=("id",)), what="a list of components")(value, path)
    if len({item["id"] for item in value}) != len(value):
        raise StatementRefused(path, "components with ids of their own")


_DEFINITION: dict[str, Check] = {
    "name": language_map,
    "description": language_map,
    "type": iri,
    "moreInfo": iri,
    "extensions": extensions,
    "interactionType": one_of(*_COMPONENTS_OF),
    "correctResponsesPattern": list_of(text, what="a list of strings"),
    **dict.fromkeys(_COMPONENT_LISTS, _components),
}


def _definition(value: Any, path: str) -> None:
    properties(value, path, _DEFINITION)
    allowed = _COMPONENTS_OF.get(value.get("interactionType", ""), ())
    for name in _COMPONENT_LISTS:
        if name in value and name not in allowed:
            raise StatementRefused(f"{path}.{name}", "this list only beside an interactionType that uses it")
    if "correctResponsesPattern" in value and "interactionType" not in value:
        raise StatementRefused(f"{path}.interactionType", "an interactionType beside correctResponsesPattern")


_ACTIVITY: dict[str, Check] = {"objectType": one_of("Activity"), "id": iri, "definition": _definition}
check_activity = partial(properties, known=_ACTIVITY, required=("id",), what="an activity with its id")


def _activities(value: Any, path: str) -> None:
    if type(value) is list:
        list_of(check_activity)(value, path)
    else:
        check_activity(value, path)


_OBJECTS: dict[str, Check] = {
    "Activity": check_activity,
    "Agent": check_agent,
    "Group": check_group,
    "StatementRef": check_reference,
}


def _object(value: Any, path: str, objects: Mapping[str, Check]) -> None:
    kind = value.get("objectType", "Activity") if type(value) is dict else "Activity"
    check = objects.get(kind) if type(kind) is str else None
    if check is None:
        raise StatementRefused(f"{path}.objectType", " or ".join(objects))
    check(value, path)


# --- result (xAPI 2.0, 4.2.6) ---
def _scaled(value: Any, path: str) -> None:
    number(value, path)
    if not -1 <= value <= 1:
        raise StatementRefused(path, "a number from -1 to 1")


_SCORE: dict[str, Check] = {"scaled": _scaled, "raw": number, "min": number, "max": number}


def _score(value: Any, path: str) -> None:
    properties(value, path, _SCORE)
    least, most = value.get("min", float("-inf")), value.get("max", float("inf"))
    if least >= most:
        raise StatementRefused(f"{path}.max", "a number above min")
    if "raw" in value and not least <= value["raw"] <= most:
        raise StatementRefused(f"{path}.raw", "a number from min to max")


_RESULT: dict[str, Check] = {
    "score": _score,
    "success": boolean,
    "completion": boolean,
    "response": text,
    "duration": duration,
    "extensions": extensions,
}
_result = partial(properties, known=_RESULT)

# --- context (xAPI 2.0, 4.2.7; contextAgents and contextGroups are new in 2.0) ---
_CONTEXT_ACTIVITIES: dict[str, Check] = dict.fromkeys(("parent", "grouping", "category", "other"), _activities)


def _relevant_types(value: Any, path: str) -> None:
    list_of(iri, what="a list of IRIs")(value, path)
    if not value:
        raise StatementRefused(path, "at least one IRI")


_CONTEXT_AGENT: dict[str, Check] = {
    "objectType": one_of("contextAgent"),
    "agent": check_agent,
    "relevantTypes": _relevant_types,
}
_CONTEXT_GROUP: dict[str, Check] = {
    "objectType": one_of("contextGroup"),
    "group": check_group,
    "relevantTypes": _relevant_types,
}
_CONTEXT_OLD: dict[str, Check] = {
    "registration": uuid,
    "instructor": check_actor,
    "team": check_group,
    "contextActivities": partial(properties, known=_CONTEXT_ACTIVITIES),
    "revision": text,
    "platform": text,
    "language": language,
    "statement": check_reference,
    "extensions": extensions,
}
_CONTEXT_NEW: dict[str, Check] = {
    **_CONTEXT_OLD,
    "contextAgents": list_of(partial(properties, known=_CONTEXT_AGENT, required=("objectType", "agent"))),
    "contextGroups": list_of(partial(properties, known=_CONTEXT_GROUP, required=("objectType", "group"))),
}

# --- attachments (xAPI 2.0, 4.2.11) ---
_ATTACHMENT: dict[str, Check] = {
    "usageType": iri,
    "display": language_map,
    "description": language_map,
    "contentType": pattern(r"[\w.+-]+/[\w.+-]+(\s*;.*)?", "a media type such as text/plain"),
    "length": whole_number,
    "sha2": pattern(r"(?:[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})", "SHA-2 in hexadecimal"),
    "fileUrl": iri,
}
_attachments = list_of(
    partial(properties, known=_ATTACHMENT, required=("usageType", "display", "contentType", "length", "sha2"))
)


# --- statements (xAPI 2.0, 4.2) ---
def _shared(context: Mapping[str, Check], time: Check) -> dict[str, Check]:
    """The properties that a statement and a substatement share."""
    return {
        "actor": check_actor,
        "verb": check_verb,
        "result": _result,
        "context": partial(properties, known=context),
        "timestamp": time,
        "attachments": _attachments,
    }


def _statement(context: Mapping[str, Check], time: Check, versions: str, example: str) -> dict[str, Check]:
    shared = _shared(context, time)
    sub: dict[str, Check] = {
        **shared,
        "objectType": one_of("SubStatement"),
        "object": partial(_object, objects=_OBJECTS),
    }

    def check_sub(value: Any, path: str) -> None:
        properties(value, path, sub, ("objectType", "actor", "verb", "object"))
        _coherent(value, path)

    return {
        **shared,
        "id": uuid,
        "object": partial(_object, objects={**_OBJECTS, "SubStatement": check_sub}),
        "stored": time,
        "authority": check_authority,
        "version": pattern(versions, f"a version such as {example}"),
    }


_NEW = _statement(_CONTEXT_NEW, timestamp, r"2\.0(\.\d+)?|1\.0(\.\d+)?", "2.0.0")
_OLD = _statement(_CONTEXT_OLD, lenient_timestamp, r"1\.0(\.\d+)?", "1.0.3")


def _coherent(value: Mapping[str, Any], path: str) -> None:
    """``revision`` and ``platform`` speak of an activity only (xAPI 2.0, 4.2.7)."""
    if value["object"].get("objectType", "Activity") != "Activity":
        for name in ("revision", "platform"):
            if name in value.get("context", ()):
                raise StatementRefused(f"{path}.context.{name}", "this property only where the object is an activity")


def check_statement(value: Any, version: str = "2.0.0") -> None:
    """Raise ``StatementRefused`` unless the value is a statement of the version (of the request's header).

    A 1.0.3 statement may leave out the zone of its times and may not use what is new in 2.0.
    """
    properties(value, "", _OLD if version.startswith("1.") else _NEW, ("actor", "verb", "object"), what="a statement")
    _coherent(value, "")
    if value["verb"]["id"] == VOIDED and value["object"].get("objectType") != "StatementRef":
        raise StatementRefused("object.objectType", 'a "StatementRef", as the statement voids another one')
