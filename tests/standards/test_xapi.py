import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terakoya.standards.xapi import StatementRefused, agent_identifier, check_statement, moment

UUID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
AGENT = {"mbox": "mailto:a@school.example"}
GROUP = {"objectType": "Group", "member": [AGENT]}
REFERENCE = {"objectType": "StatementRef", "id": UUID}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}
ACTIVITY = {"id": "https://a.example/1"}

FULL: dict[str, Any] = {
    "id": UUID,
    "actor": {"objectType": "Agent", "name": "x", "account": {"homePage": "https://a.example", "name": "n"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered", "ja-JP": "x"}},
    "object": {
        "objectType": "Activity",
        "id": "https://a.example/1",
        "definition": {
            "name": {"ja-JP": "x"},
            "description": {"en": "x"},
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "moreInfo": "https://a.example/more",
            "interactionType": "choice",
            "correctResponsesPattern": ["a"],
            "choices": [{"id": "a", "description": {"en": "x"}}, {"id": "b"}],
            "extensions": {"https://a.example/e": None},
        },
    },
    "result": {
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "completion": False,
        "response": "",
        "duration": "PT1M30.5S",
        "extensions": {"https://a.example/e": [1, None]},
    },
    "context": {
        "registration": UUID,
        "instructor": AGENT,
        "team": {**GROUP, "name": "x"},
        "contextActivities": {"parent": ACTIVITY, "grouping": [ACTIVITY], "category": [], "other": [ACTIVITY]},
        "contextAgents": [{"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["https://a.example/t"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": GROUP}],
        "revision": "1",
        "platform": "x",
        "language": "ja-JP",
        "statement": REFERENCE,
        "extensions": {},
    },
    "timestamp": "2026-05-01T09:30:00.123+09:00",
    "stored": "2026-05-01T00:30:00Z",
    "authority": AGENT,
    "version": "2.0.0",
    "attachments": [
        {
            "usageType": "https://a.example/u",
            "display": {"en": "x"},
            "contentType": "text/plain; charset=utf-8",
            "length": 3,
            "sha2": "a" * 64,
            "fileUrl": "https://a.example/f",
        }
    ],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The full statement with another value at a path (``context.team``); ``...`` takes the property away."""
    statement = copy.deepcopy(FULL)
    *way, last = path.split("/")
    place: Any = statement
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return statement


def refusal(statement: Any, version: str = "2.0.0") -> StatementRefused:
    with pytest.raises(StatementRefused) as caught:
        check_statement(statement, version)
    return caught.value


def test_a_statement_with_everything_in_it_is_right() -> None:
    check_statement(FULL)


def test_a_statement_with_the_least_in_it_is_right() -> None:
    check_statement({"actor": AGENT, "verb": {"id": "https://a.example/v"}, "object": ACTIVITY})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("actor", ...),
        ("verb", ...),
        ("object", ...),
        ("actor", None),
        ("actor", []),
        ("actor", {}),
        ("actor", {"name": "x"}),
        ("actor", {**AGENT, "openid": "https://a.example"}),
        ("actor", {**AGENT, "objectType": "agent"}),
        ("actor", {"mbox": "a@school.example"}),
        ("actor", {"mbox_sha1sum": "a" * 39}),
        ("actor", {"openid": "a"}),
        ("actor", {"objectType": "Group"}),
        ("actor", {"objectType": "Group", "member": []}),
        ("actor", {"objectType": "Group", "member": [GROUP]}),
        ("actor", {"objectType": "Group", "mbox": "mailto:a@b.example", "openid": "https://a.example"}),
        ("actor/account", {"homePage": "https://a.example"}),
        ("actor/account/homePage", "a.example"),
        ("actor/account/name", 7),
        ("actor/name", None),
        ("verb/id", ...),
        ("verb/id", "answered"),
        ("verb/id", "http://a.example/two words"),
        ("verb/display/en", 1),
        ("verb/display/german language", "x"),
        ("verb/Display", {}),
        ("object/id", ...),
        ("object/objectType", "activity"),
        ("object/objectType", 1),
        ("object", {"objectType": "StatementRef", "id": "1"}),
        ("object/definition/interactionType", "guess"),
        ("object/definition/scale", []),
        ("object/definition/choices", [{"id": "a"}, {"id": "a"}]),
        ("object/definition/choices", [{"description": {}}]),
        ("object/definition/correctResponsesPattern", [1]),
        ("object/definition/moreInfo", "more"),
        ("object/definition/extensions", {"e": 1}),
        ("object/definition/title", "x"),
        ("result/score/scaled", 1.01),
        ("result/score/scaled", True),
        ("result/score/scaled", "0.5"),
        ("result/score/raw", 11),
        ("result/score/max", 0),
        ("result/success", "true"),
        ("result/completion", 1),
        ("result/response", 1),
        ("result/duration", "1 minute"),
        ("result/duration", "P"),
        ("result/duration", "PT"),
        ("result/duration", "P1DT"),
        ("result/extensions", []),
        ("context/registration", "7c9e6679"),
        ("context/instructor", {}),
        ("context/team", AGENT),
        ("context/contextActivities/parent", [1]),
        ("context/contextActivities/child", []),
        ("context/contextAgents", [{"agent": AGENT}]),
        ("context/contextAgents", [{"objectType": "contextAgent", "agent": AGENT, "relevantTypes": []}]),
        ("context/contextGroups", [{"objectType": "contextGroup", "group": AGENT}]),
        ("context/language", "ja_JP"),
        ("context/platform", 1),
        ("context/statement", {"id": UUID}),
        ("timestamp", "2026-05-01T09:30:00"),
        ("timestamp", "2026-05-01"),
        ("timestamp", "2026-13-01T09:30:00Z"),
        ("timestamp", "2026-05-01T09:30:00-00:00"),
        ("timestamp", 1),
        ("stored", "now"),
        ("version", "3.0.0"),
        ("version", 2),
        ("authority", {"objectType": "Group", "member": [AGENT]}),
        ("attachments", {}),
        ("attachments/0/sha2", ...),
        ("attachments/0/length", -1),
        ("attachments/0/length", 1.5),
        ("attachments/0/contentType", "text"),
        ("id", "1"),
        ("id", None),
        ("Actor", AGENT),
        ("remark", "x"),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(path: str, value: Any) -> None:
    found = refusal(changed(path, value)).path.replace("[", ".").replace("]", "")
    here = path.replace("/", ".")
    assert found.startswith(here) or here.startswith(found)


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [FULL]])
def test_what_is_no_statement_is_refused(value: Any) -> None:
    refusal(value)


def test_choices_stand_beside_their_interaction_type_only() -> None:
    assert refusal(changed("object/definition/interactionType", ...)).path == "object.definition.choices"


def test_a_null_is_right_inside_an_extension_only() -> None:
    check_statement(changed("context/extensions", {"https://a.example/e": {"deep": None}}))
    assert refusal(changed("context/platform", None)).path == "context.platform"


def test_a_refusal_says_what_is_expected() -> None:
    assert str(refusal(changed("context/language", "japanese language"))) == (
        "context.language: expected a language tag of RFC 5646, such as ja-JP"
    )


def test_revision_and_platform_speak_of_an_activity_only() -> None:
    assert refusal(changed("object", AGENT | {"objectType": "Agent"})).path == "context.revision"


def test_a_voiding_statement_points_at_a_statement() -> None:
    right = {"actor": AGENT, "verb": VOIDED, "object": REFERENCE}
    check_statement(right)
    assert refusal({**right, "object": ACTIVITY}).path == "object.objectType"


def test_a_substatement_holds_no_substatement_and_nothing_of_the_store() -> None:
    inner = {"objectType": "SubStatement", "actor": AGENT, "verb": FULL["verb"], "object": ACTIVITY}
    check_statement({"actor": AGENT, "verb": FULL["verb"], "object": inner})
    for wrong in ({"id": UUID}, {"stored": FULL["stored"]}, {"version": "2.0.0"}, {"object": inner}):
        refusal({"actor": AGENT, "verb": FULL["verb"], "object": {**inner, **wrong}})


def test_what_is_new_in_2_0_is_refused_in_1_0_3() -> None:
    old = changed("context/contextAgents", ...)
    old["version"] = "1.0.3"
    assert refusal(old, "1.0.3").path == "context.contextGroups"


@pytest.mark.parametrize(
    "time", ["2026-05-01T09:30:00", "20260501T093000Z", "2026-05-01T09:30Z", "2026-05-01T09:30+0900"]
)
def test_1_0_3_takes_the_times_of_iso_8601(time: str) -> None:
    least = {"actor": AGENT, "verb": FULL["verb"], "object": ACTIVITY, "timestamp": time}
    check_statement(least, "1.0.3")
    refusal(least, "2.0.0")


@pytest.mark.parametrize("duration", ["PT0S", "P1Y2M3DT4H5M6S", "P4W", "PT0.5S", "PT1,5H", "P1D"])
def test_durations_of_iso_8601_are_taken(duration: str) -> None:
    check_statement(changed("result/duration", duration))


@pytest.mark.parametrize(
    "tag", ["ja", "ja-JP", "zh-Hant-TW", "es-419", "sl-rozaj-biske", "de-CH-1901", "x-school", "en-a-bbb-x-a"]
)
def test_language_tags_of_rfc_5646_are_taken(tag: str) -> None:
    check_statement(changed("context/language", tag))


@pytest.mark.parametrize(
    ("agent", "identifier"),
    [
        (AGENT, "mbox:mailto:a@school.example"),
        ({"account": {"homePage": "https://a.example", "name": "n"}}, "account:https://a.example|n"),
        (GROUP, ""),
    ],
)
def test_an_agent_is_known_by_its_one_identifier(agent: dict[str, Any], identifier: str) -> None:
    assert agent_identifier(agent) == identifier


def test_moments_are_the_same_instant_in_every_zone() -> None:
    assert moment("2026-05-01T09:30:00+09:00") == moment("2026-05-01T00:30:00z") == moment("2026-05-01T00:30:00")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way for name, item in items for way in ((*prefix, name), *paths(item, (*prefix, name)))]


@given(st.sampled_from(paths(FULL)), JSON)
def test_any_json_anywhere_is_taken_or_refused_but_never_a_fault(way: tuple[Any, ...], value: Any) -> None:
    statement: Any = copy.deepcopy(FULL)
    place = statement
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    try:
        check_statement(statement)
    except StatementRefused as refused:
        assert refused.expected


@given(JSON)
def test_any_json_as_a_statement_is_never_a_fault(value: Any) -> None:
    refusal(value)


@given(st.sampled_from([way for way in paths(FULL) if "extensions" not in way]))
def test_a_null_outside_extensions_is_refused_everywhere(way: tuple[Any, ...]) -> None:
    statement: Any = copy.deepcopy(FULL)
    place = statement
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = None
    refusal(statement)


@given(st.datetimes(timezones=st.timezones()))
def test_a_taken_time_can_be_read(at: Any) -> None:
    text = at.isoformat()
    try:
        check_statement(changed("timestamp", text))
    except StatementRefused:
        return
    assert moment(text).utcoffset() is not None


def test_checking_changes_nothing() -> None:
    before = msgspec.json.encode(FULL)
    check_statement(FULL)
    assert msgspec.json.encode(FULL) == before
