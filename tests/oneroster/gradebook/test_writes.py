"""What a system writes into the gradebook."""

from typing import Any

import pytest

from terakoya.access import api as access
from terakoya.gradebook import api as gradebook

from .conftest import Bodies, Caller


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"]


def test_put_answers_that_it_is_stored_with_nothing_more(caller: Caller, bodies: Bodies) -> None:
    answer = caller.put("/categories/cat-2", bodies.category())
    assert (answer.status_code, answer.content) == (201, b"")
    assert gradebook.rows_of("category").get(sourced_id="cat-2").title == "宿題"


def test_put_replaces_what_the_body_leaves_out(caller: Caller, bodies: Bodies) -> None:
    caller.put("/results/result-1", bodies.result(comment="good", late="true", metadata={"a": 1}))
    caller.put("/results/result-1", bodies.result())
    row = gradebook.rows_of("result").get()
    assert (row.comment, row.late, row.metadata) == ("", None, {})


def test_the_same_put_twice_leaves_the_moment_of_the_first(caller: Caller, bodies: Bodies) -> None:
    caller.put("/results/result-1", bodies.result())
    before = caller.get("/results/result-1").json()
    caller.put("/results/result-1", bodies.result())
    assert caller.get("/results/result-1").json() == before


def test_learning_objectives_come_back_as_they_were_put(caller: Caller, bodies: Bodies) -> None:
    key = "6f3f2c2e-0a50-4a53-8c5c-1f3f6f1f7d11"
    sets = [
        {"source": "case", "learningObjectiveResults": [{"learningObjectiveId": key, "score": 0.5}]},
        {"source": "unknown", "learningObjectiveResults": [{"learningObjectiveId": "x", "textScore": "A"}]},
    ]
    assert caller.put("/results/result-1", bodies.result(learningObjectiveSet=sets)).status_code == 201
    assert caller.get("/results/result-1").json()["result"]["learningObjectiveSet"] == sets


def test_put_with_the_status_tobedeleted_takes_away(caller: Caller, bodies: Bodies) -> None:
    caller.put("/results/result-1", bodies.result())
    assert caller.put("/results/result-1", bodies.result(status="tobedeleted")).status_code == 201
    assert caller.get("/results/result-1").status_code == 404


def test_the_id_of_the_body_is_that_of_the_address(caller: Caller, bodies: Bodies) -> None:
    assert code_of(caller.put("/categories/other", bodies.category())) == (422, "invaliddata")


@pytest.mark.parametrize(
    "fault",
    [
        {"title": None},
        {"title": 5},
        {"weight": "40"},
        {"status": "inactive"},
        {"dateLastModified": "yesterday"},
        {"dateLastModified": "2026-11-20T00:00:00"},
        {"more": 1},
        {"title": "a\0b"},
        {"metadata": {"deep": "\0"}},
        {"metadata": []},
    ],
)
def test_a_body_is_held_to_the_letter_of_the_document(caller: Caller, bodies: Bodies, fault: dict[str, Any]) -> None:
    assert code_of(caller.put("/categories/cat-2", bodies.category(**fault))) == (422, "invaliddata")


@pytest.mark.parametrize("name", ["sourcedId", "status", "dateLastModified", "title"])
def test_what_the_document_requires_must_be_there(caller: Caller, bodies: Bodies, name: str) -> None:
    body = bodies.category()
    del body["category"][name]
    assert code_of(caller.put("/categories/cat-2", body)) == (422, "invaliddata")


@pytest.mark.parametrize(
    "fault",
    [
        {"scoreStatus": "earnedFull"},
        {"scoreDate": "24.11.2026"},
        {"scoreDate": "0001-01-01"},
        {"late": True},
        {"student": {"sourcedId": "x", "type": "user"}},
        {"student": {"href": "https://a.example/", "sourcedId": "x", "type": "student"}},
        {"learningObjectiveSet": [{"source": "CASE", "learningObjectiveResults": [{"learningObjectiveId": "x"}]}]},
        {"learningObjectiveSet": [{"source": "case", "learningObjectiveResults": []}]},
        {"score": 101},
        {"score": None},
    ],
)
def test_a_result_is_what_the_document_and_the_line_item_ask(
    caller: Caller, bodies: Bodies, fault: dict[str, Any]
) -> None:
    assert code_of(caller.put("/results/result-1", bodies.result(**fault))) == (422, "invaliddata")


@pytest.mark.parametrize("status", ["exempt", "not submitted", "ext:mada"])
def test_the_vocabulary_of_the_status_is_open(caller: Caller, bodies: Bodies, status: str) -> None:
    assert caller.put("/results/result-1", bodies.result(scoreStatus=status)).status_code == 201


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"category": 1}', b'"\xff"', b"1e999", b"[" * 5000])
def test_what_is_no_such_body_is_refused(caller: Caller, body: bytes) -> None:
    answer = caller.put("/categories/cat-2", body)
    assert answer.status_code in (400, 415, 422)
    assert answer.json()["imsx_codeMajor"] == "failure"


def test_a_refusal_names_the_field_as_the_document_does(caller: Caller, bodies: Bodies) -> None:
    answer = caller.put("/results/result-1", bodies.result(lineItem=bodies.ref("lineItem", "none")))
    assert "lineItem refers to the lineItem 'none'" in answer.json()["imsx_description"]


def test_posted_objects_are_named_in_pairs(caller: Caller, bodies: Bodies) -> None:
    body = {"lineItems": [bodies.item("theirs")["lineItem"]]}
    answer = caller.post(f"/classes/{bodies.book.klass.sourced_id}/lineItems", body)
    (pair,) = answer.json()["sourcedIdPairs"]
    assert (answer.status_code, pair["suppliedSourcedId"]) == (201, "theirs")
    assert caller.get(f"/lineItems/{pair['allocatedSourcedId']}").status_code == 200


def test_an_empty_list_is_posted_without_harm(caller: Caller, bodies: Bodies) -> None:
    answer = caller.post(f"/schools/{bodies.book.klass.school.sourced_id}/lineItems", {})
    assert (answer.status_code, answer.json()) == (201, {"sourcedIdPairs": []})


@pytest.mark.parametrize("path", ["/classes/{klass}/lineItems", "/schools/{school}/lineItems"])
def test_line_items_are_posted_to_their_own_place(caller: Caller, bodies: Bodies, path: str) -> None:
    book = bodies.book
    right = path.format(klass=book.klass.sourced_id, school=book.klass.school.sourced_id)
    other = path.format(klass=book.other_class.sourced_id, school=book.other_class.school.sourced_id)
    body = {"lineItems": [bodies.item("theirs")["lineItem"]]}
    assert caller.post(right, body).status_code == 201
    assert code_of(caller.post(other, body)) == (422, "invaliddata")
    assert code_of(caller.post(path.format(klass="none", school="none"), body)) == (404, "unknownobject")


def test_results_are_posted_to_their_line_item(caller: Caller, bodies: Bodies) -> None:
    caller.put("/lineItems/item-2", bodies.item())
    body = {"results": [bodies.result("theirs")["result"]]}
    assert caller.post("/lineItems/item-1/results", body).status_code == 201
    assert code_of(caller.post("/lineItems/item-2/results", body)) == (422, "invaliddata")
    assert code_of(caller.post("/lineItems/none/results", body)) == (404, "unknownobject")


def test_results_are_posted_to_the_session_of_their_line_item(caller: Caller, bodies: Bodies) -> None:
    from terakoya.roster import api as roster

    session = roster.rows_of("AcademicSession").first().sourced_id
    klass = bodies.book.klass.sourced_id
    body = {"results": [bodies.result("theirs")["result"]]}
    assert code_of(caller.post(f"/classes/{klass}/academicSessions/{session}/results", body)) == (422, "invaliddata")
    caller.put("/lineItems/item-1", bodies.item("item-1", academicSession=bodies.ref("academicSession", session)))
    assert caller.post(f"/classes/{klass}/academicSessions/{session}/results", body).status_code == 201
    assert caller.post(f"/classes/{klass}/academicSessions/none/results", body).status_code == 404


def test_delete_answers_with_nothing(caller: Caller, bodies: Bodies) -> None:
    caller.put("/results/result-1", bodies.result())
    answer = caller.delete("/results/result-1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert code_of(caller.delete("/results/result-1")) == (404, "unknownobject")


def test_what_others_rest_on_is_not_deleted(caller: Caller, bodies: Bodies) -> None:
    caller.put("/results/result-1", bodies.result())
    assert code_of(caller.delete("/lineItems/item-1")) == (422, "deletefailure")
    body = bodies.item("item-1", status="tobedeleted")
    assert code_of(caller.put("/lineItems/item-1", body)) == (422, "deletefailure")


def test_what_is_written_about_a_pupil_stands_in_the_log(caller: Caller, bodies: Bodies) -> None:
    caller.put("/results/result-1", bodies.result())
    line = access.accesses_of(bodies.book.pupil.uuid)[0]
    assert (line.category, line.what) == ("activity.assessment", "marks_written")


def test_a_system_of_another_school_changes_nothing(caller: Caller, bodies: Bodies) -> None:
    from terakoya.roster import api as roster

    caller.put("/results/result-1", bodies.result())
    key = bodies.book.other_class.school.sourced_id
    scopes = ["gradebook.createput", "gradebook.createpost", "gradebook.delete"]
    other = Caller(scopes, roster.keys_of("org", [key]).values())
    assert other.put("/results/result-1", bodies.result(score=1)).status_code == 403
    assert other.put("/results/result-9", bodies.result("result-9")).status_code == 422
    assert other.put("/lineItems/item-9", bodies.item("item-9")).status_code == 422
    assert other.delete("/results/result-1").status_code == 404
    assert gradebook.rows_of("result").values_list("score", flat=True).get() == 85


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        (["gradebook.createput"], "delete", "/results/result-1", 403),
        (["gradebook.delete"], "delete", "/results/result-1", 404),
        (["assessment.delete"], "delete", "/results/result-1", 403),
        (["assessment.delete"], "delete", "/assessmentResults/none", 404),
        (["gradebook.readonly"], "put", "/results/result-1", 403),
        (["gradebook.createput"], "post", "/lineItems/item-1/results", 403),
    ],
)
def test_each_kind_of_write_has_its_scope(
    bodies: Bodies, scopes: list[str], method: str, path: str, status: int
) -> None:
    caller = Caller(scopes)
    sent = getattr(caller, method)
    answer = sent(path) if method == "delete" else sent(path, {})
    assert answer.status_code == status
