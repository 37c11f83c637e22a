import base64
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.test import Client

from terakoya.records.api import revoke_credential
from terakoya.records.models import Statement, Tail

from .conftest import Lrs, statement

VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}


def content(answer: Any) -> Any:
    return msgspec.json.decode(answer.content)


def test_about_says_the_versions_without_a_credential() -> None:
    answer = Client().get("/xapi/about")
    assert (answer.status_code, content(answer)["version"]) == (200, ["2.0.0", "1.0.3"])


def test_post_of_one_statement_gives_its_id(lrs: Lrs) -> None:
    sent = statement()
    answer = lrs.post(sent)
    assert (answer.status_code, content(answer)) == (200, [sent["id"]])


def test_post_of_a_batch_gives_the_ids_in_order(lrs: Lrs) -> None:
    batch = [statement() for _ in range(5)]
    assert content(lrs.post(batch)) == [each["id"] for each in batch]


def test_a_statement_without_id_gets_one(lrs: Lrs) -> None:
    sent = statement()
    del sent["id"]
    assert Statement.objects.filter(statement_id=content(lrs.post(sent))[0]).exists()


def test_an_empty_batch_is_no_error(lrs: Lrs) -> None:
    assert content(lrs.post([])) == []


def test_one_wrong_statement_keeps_the_whole_batch_out(lrs: Lrs) -> None:
    wrong = statement(context={"registration": "no uuid"})
    answer = lrs.post([statement(), wrong])
    assert (answer.status_code, content(answer)["path"]) == (400, "[1].context.registration")
    assert not Statement.objects.exists()


def test_put_stores_under_the_id_of_the_address(lrs: Lrs) -> None:
    sent = statement()
    statement_id = sent.pop("id")
    assert lrs.put(statement_id, sent).status_code == 204
    assert content(lrs.get(statementId=statement_id))["id"] == statement_id


def test_put_with_another_id_inside_is_refused(lrs: Lrs) -> None:
    assert lrs.put(str(uuid4()), statement()).status_code == 400


def test_the_same_statement_sent_again_changes_nothing(lrs: Lrs) -> None:
    sent = statement()
    lrs.post(sent)
    assert lrs.put(sent["id"], sent).status_code == 204
    assert Statement.objects.count() == 1


def test_another_statement_with_a_known_id_is_a_conflict_and_nothing_of_its_batch_is_stored(lrs: Lrs) -> None:
    sent = statement(scaled=0.8)
    lrs.post(sent)
    answer = lrs.post([statement(), statement(scaled=0.1, id=sent["id"])])
    assert answer.status_code == 409
    assert Statement.objects.count() == 1


def test_the_order_of_two_with_one_id_in_a_batch_is_no_question(lrs: Lrs) -> None:
    sent = statement()
    assert lrs.post([sent, sent]).status_code == 400


@pytest.mark.parametrize("version", ["", "1.0", "1.0.3", "2.0", "2.0.0", "0.9", "3.0.0", "2.0.x"])
def test_only_spoken_versions_are_answered(lrs: Lrs, version: str) -> None:
    lrs.version = version
    expected = 200 if version[:3] in ("1.0", "2.0") and version != "2.0.x" else 400
    assert lrs.post(statement()).status_code == expected


def test_without_a_credential_nothing_is_taken(lrs: Lrs) -> None:
    headers = {"X-Experience-API-Version": "2.0.0"}
    answer = Client().post("/xapi/statements", b"{}", content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("encoded", ["", "!!", base64.b64encode(b"nobody:nothing").decode(), "gA=="])
def test_a_wrong_credential_is_refused(lrs: Lrs, encoded: str) -> None:
    headers = {"X-Experience-API-Version": "2.0.0", "Authorization": f"Basic {encoded}"}
    assert Client().get("/xapi/statements", headers=headers).status_code == 401


def test_a_wrong_secret_is_refused_after_a_right_one(lrs: Lrs) -> None:
    assert lrs.get().status_code == 200
    lrs.secret += "x"
    assert lrs.get().status_code == 401


def test_a_revoked_credential_is_refused(lrs: Lrs) -> None:
    assert lrs.get().status_code == 200
    assert revoke_credential(lrs.key)
    assert lrs.get().status_code == 401


def test_a_reader_may_not_write(another: Callable[..., Lrs]) -> None:
    assert another("reader", ["statements/read/mine"]).post(statement()).status_code == 403


def test_a_writer_may_not_read(another: Callable[..., Lrs]) -> None:
    assert another("writer", ["statements/write"]).get().status_code == 403


def test_a_source_with_own_reading_sees_its_own_statements_only(lrs: Lrs, another: Callable[..., Lrs]) -> None:
    textbook = another("textbook", ["statements/write", "statements/read/mine"])
    foreign, own = statement(), statement()
    lrs.post(foreign)
    textbook.post(own)
    assert [each["id"] for each in textbook.found()] == [own["id"]]
    assert textbook.get(statementId=foreign["id"]).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nothing",
        b"1",
        b'"text"',
        b"null",
        b"[1]",
        b"[[]]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id":"\\ud800"}',
    ],
)
def test_what_is_no_statement_is_refused_without_a_fault(lrs: Lrs, body: bytes) -> None:
    assert lrs.post(body).status_code == 400
    assert not Statement.objects.exists()


def test_a_wrong_content_type_is_refused(lrs: Lrs) -> None:
    answer = Client().post("/xapi/statements", "{}", content_type="text/plain", headers=lrs.headers())
    assert answer.status_code == 400


def test_a_huge_body_is_refused(lrs: Lrs) -> None:
    assert lrs.post(b" " * 10_000_001).status_code == 413


def test_a_body_of_unknown_length_is_refused(lrs: Lrs) -> None:
    extra = {"content_type": "application/json", "headers": lrs.headers(), "CONTENT_LENGTH": ""}
    assert Client().post("/xapi/statements", b"[]", **extra).status_code == 411


def test_too_many_statements_are_refused(lrs: Lrs) -> None:
    assert lrs.post([statement() for _ in range(1001)]).status_code == 413


def test_a_very_long_iri_is_refused(lrs: Lrs) -> None:
    answer = lrs.post(statement(object={"id": f"https://drill.example/{'a' * 3000}"}))
    assert (answer.status_code, content(answer)["path"]) == (400, "object.id")


def test_a_person_key_of_this_node_must_be_a_uuid(lrs: Lrs) -> None:
    sent = statement()
    sent["actor"]["account"]["name"] = "hanako"
    assert content(lrs.post(sent))["path"] == "actor.account.name"


def test_other_methods_are_refused(lrs: Lrs) -> None:
    assert Client().delete("/xapi/statements", headers=lrs.headers()).status_code == 405


def test_what_was_sent_comes_back_with_what_the_store_knows(lrs: Lrs) -> None:
    sent = statement()
    lrs.post(sent)
    answer = lrs.get(statementId=sent["id"])
    found = content(answer)
    assert {name: found[name] for name in sent} == sent
    assert found["authority"]["account"]["name"] == "drill"
    assert answer["Last-Modified"]


def test_the_bytes_are_kept_as_they_came(lrs: Lrs) -> None:
    body = msgspec.json.encode(statement()).replace(b'{"id"', b'{ "id"')
    lrs.post(b"[" + body + b" ]")
    assert bytes(Statement.objects.get().raw) == body


def test_stored_rises_strictly_and_consistent_through_reaches_it(lrs: Lrs) -> None:
    for _ in range(3):
        lrs.post([statement(), statement()])
    stored = [datetime.fromisoformat(each["stored"]) for each in lrs.found(ascending="true")]
    assert all(earlier < later for earlier, later in pairwise(stored))
    through = datetime.fromisoformat(lrs.get()["X-Experience-API-Consistent-Through"])
    assert through == stored[-1] == Tail.objects.get().last_stored


def test_a_missing_statement_is_not_found(lrs: Lrs) -> None:
    assert lrs.get(statementId=str(uuid4())).status_code == 404


def test_statements_are_found_by_agent_verb_and_activity(lrs: Lrs) -> None:
    right, other = statement(), statement(person=uuid4())
    other["verb"] = {"id": "http://adlnet.gov/expapi/verbs/completed"}
    other["object"] = {"id": "https://drill.example/q/2"}
    lrs.post([right, other])
    for parameters in (
        {"agent": msgspec.json.encode(right["actor"]).decode()},
        {"verb": right["verb"]["id"]},
        {"activity": right["object"]["id"]},
    ):
        assert [each["id"] for each in lrs.found(**parameters)] == [right["id"]]


def test_since_is_open_and_until_is_closed(lrs: Lrs) -> None:
    lrs.post([statement() for _ in range(4)])
    stored = [each["stored"] for each in lrs.found(ascending="true")]
    found = lrs.found(since=stored[0], until=stored[2], ascending="true")
    assert [each["stored"] for each in found] == stored[1:3]


def test_pages_follow_each_other_without_gap_or_repetition(lrs: Lrs) -> None:
    lrs.post([statement() for _ in range(7)])
    page = content(lrs.get(limit="3"))
    lrs.post(statement())
    seen = [each["id"] for each in page["statements"]]
    while page["more"]:
        page = content(Client().get(page["more"], headers=lrs.headers()))
        seen += [each["id"] for each in page["statements"]]
    assert len(seen) == len(set(seen)) == 7


def test_another_source_cannot_use_a_more_token(lrs: Lrs, another: Callable[..., Lrs]) -> None:
    lrs.post([statement() for _ in range(3)])
    more = content(lrs.get(limit="1"))["more"]
    reader = another("reader", ["statements/read/mine"])
    assert Client().get(more, headers=reader.headers()).status_code == 400


@pytest.mark.parametrize(
    "parameters",
    [
        {"nothing": "1"},
        {"Verb": "http://a.example/"},
        {"statementId": "1"},
        {"statementId": str(uuid4()), "verb": "http://a.example/"},
        {"statementId": str(uuid4()), "voidedStatementId": str(uuid4())},
        {"agent": "{"},
        {"agent": "[]"},
        {"agent": "{}"},
        {"verb": "answered"},
        {"activity": "page 1"},
        {"since": "yesterday"},
        {"until": "0000-00-00T00"},
        {"limit": "-1"},
        {"limit": "٣"},
        {"ascending": "yes"},
        {"format": "ids"},
        {"attachments": "true"},
        {"more": "forged"},
    ],
)
def test_a_question_that_cannot_be_understood_is_refused(lrs: Lrs, parameters: dict[str, str]) -> None:
    assert lrs.get(**parameters).status_code == 400


def voiding(target: str) -> dict[str, Any]:
    reference = {"objectType": "StatementRef", "id": target}
    return statement(verb=VOIDED, object=reference, result={}, context={})


def test_a_voided_statement_is_found_as_voided_only(lrs: Lrs) -> None:
    sent = statement()
    lrs.post(sent)
    assert lrs.post(voiding(sent["id"])).status_code == 200
    assert lrs.get(statementId=sent["id"]).status_code == 404
    assert lrs.get(voidedStatementId=sent["id"]).status_code == 200
    assert sent["id"] not in [each["id"] for each in lrs.found()]


def test_a_statement_that_comes_after_its_voiding_is_voided(lrs: Lrs) -> None:
    sent = statement()
    lrs.post(voiding(sent["id"]))
    lrs.post(sent)
    assert lrs.get(voidedStatementId=sent["id"]).status_code == 200


def test_a_batch_may_hold_a_statement_and_its_voiding(lrs: Lrs) -> None:
    sent = statement()
    lrs.post([sent, voiding(sent["id"])])
    assert lrs.get(voidedStatementId=sent["id"]).status_code == 200


def test_another_source_may_not_void(lrs: Lrs, another: Callable[..., Lrs]) -> None:
    sent = statement()
    lrs.post(sent)
    assert another("textbook", ["statements/write"]).post(voiding(sent["id"])).status_code == 403
    assert lrs.get(statementId=sent["id"]).status_code == 200


def test_a_voiding_statement_cannot_be_voided(lrs: Lrs) -> None:
    first = voiding(str(uuid4()))
    lrs.post([first, voiding(first["id"])])
    assert lrs.get(statementId=first["id"]).status_code == 200


@pytest.mark.parametrize(("levels", "status"), [(40, 200), (80, 400), (900, 400), (100_000, 400)])
def test_a_statement_is_nested_so_deeply_and_no_deeper(lrs: Lrs, levels: int, status: int) -> None:
    sent = statement()
    sent["result"]["extensions"] = {"https://vendor.example/tree": "TREE"}
    body = msgspec.json.encode(sent).replace(b'"TREE"', b"[" * levels + b"]" * levels)
    assert lrs.post(body).status_code == status
