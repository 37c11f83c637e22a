"""What a system reads of the gradebook."""

from typing import Any

import pytest

from terakoya.gradebook import api as gradebook

from .conftest import Bodies, Caller


@pytest.fixture
def marked(caller: Caller, bodies: Bodies) -> Caller:
    """The caller, after one of everything was put."""
    for path, body in (
        ("/scoreScales/scale-1", bodies.scale()),
        ("/results/result-1", bodies.result()),
        ("/assessmentLineItems/survey-1", bodies.assessment()),
        ("/assessmentResults/assessed-1", bodies.assessed()),
    ):
        assert caller.put(path, body).status_code == 201
    return caller


LISTS = ("categories", "scoreScales", "lineItems", "results", "assessmentLineItems", "assessmentResults")


@pytest.mark.parametrize("many", LISTS)
def test_every_list_tells_its_objects_and_their_number(marked: Caller, many: str) -> None:
    answer = marked.get(f"/{many}")
    assert answer.status_code == 200
    assert len(answer.json()[many]) == int(answer["X-Total-Count"]) == 1


@pytest.mark.parametrize("many", LISTS)
def test_every_object_is_found_under_its_id(marked: Caller, many: str) -> None:
    (one,) = marked.get(f"/{many}").json()[many]
    answer = marked.get(f"/{many}/{one['sourcedId']}")
    assert list(answer.json().values()) == [one]


def test_what_was_put_is_what_is_read(marked: Caller, bodies: Bodies) -> None:
    read = marked.get("/results/result-1").json()["result"]
    assert {name: read[name] for name in ("score", "scoreStatus", "scoreDate")} == {
        "score": 85,
        "scoreStatus": "fully graded",
        "scoreDate": "2026-11-24",
    }
    assert read["student"] == {
        "href": f"http://testserver/ims/oneroster/rostering/v1p2/users/{bodies.book.pupil.sourced_id}",
        "sourcedId": bodies.book.pupil.sourced_id,
        "type": "user",
    }


def test_what_a_row_has_not_is_left_out(marked: Caller) -> None:
    assert not {"textScore", "comment", "metadata", "late"} & set(marked.get("/results/result-1").json()["result"])


def test_an_unknown_object_is_told_in_the_form_of_the_standard(marked: Caller) -> None:
    answer = marked.get("/results/nothing")
    minor = answer.json()["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"]
    assert (answer.status_code, minor) == (404, "unknownobject")


@pytest.mark.parametrize(
    ("path", "many"),
    [
        ("/classes/{klass}/categories", "categories"),
        ("/classes/{klass}/lineItems", "lineItems"),
        ("/classes/{klass}/scoreScales", "scoreScales"),
        ("/classes/{klass}/results", "results"),
        ("/classes/{klass}/lineItems/item-1/results", "results"),
        ("/classes/{klass}/students/{pupil}/results", "results"),
        ("/schools/{school}/scoreScales", "scoreScales"),
    ],
)
def test_a_nested_list_has_what_belongs_there(marked: Caller, bodies: Bodies, path: str, many: str) -> None:
    book = bodies.book
    known = {"klass": book.klass, "pupil": book.pupil, "school": book.klass.school}
    found = marked.get(path.format(**{name: one.sourced_id for name, one in known.items()}))
    assert len(found.json()[many]) == 1
    others = {"klass": book.other_class, "pupil": book.stranger, "school": book.other_class.school}
    keys = {name: one.sourced_id for name, one in others.items()}
    assert not marked.get(path.format(**keys)).json().get(many)
    assert marked.get(path.format(klass="none", pupil="none", school="none")).status_code == 404


@pytest.mark.parametrize("name", ["score", "lineItem.sourcedId", "student.sourcedId", "status", "late", "scoreDate"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_results_are_sorted_by_any_field_and_walked_by_links(
    marked: Caller, bodies: Bodies, name: str, order: str
) -> None:
    for number, pupil in enumerate(bodies.book.pupils):
        body = bodies.result(f"r-{number}", student=bodies.ref("user", pupil.sourced_id), score=number, late="true")
        assert marked.put(f"/results/r-{number}", body).status_code == 201
    query = {"sort": name, "orderBy": order, "limit": "1"}
    every = [one["sourcedId"] for one in marked.get("/results", **query | {"limit": "100"}).json()["results"]]
    walked, answer = list[str](), marked.get("/results", **query)
    while True:
        walked += [one["sourcedId"] for one in answer.json()["results"]]
        links = {part.split("; rel=")[1].strip('"'): part[1 : part.index(">")] for part in answer["Link"].split(", ")}
        if "next" not in links:
            break
        answer = marked.client.get(links["next"])
    assert len(every) == len(bodies.book.pupils) + 1
    assert walked == every


@pytest.mark.parametrize(
    ("filter_", "number"),
    [
        ("score>='80'", 1),
        ("score<'80'", 0),
        ("student.sourcedId='{pupil}'", 1),
        ("student.sourcedId!='{pupil}'", 0),
        ("class.sourcedId='{klass}' AND scoreStatus='fully graded'", 1),
        ("status='tobedeleted'", 0),
        ("status!='tobedeleted'", 1),
        ("dateLastModified>='2026-11-24T00:00:00Z'", 1),
        ("lineItem.sourcedId~'item'", 1),
        ("scoreDate>'2026-11-24'", 0),
    ],
)
def test_results_are_filtered(marked: Caller, bodies: Bodies, filter_: str, number: int) -> None:
    known = {"pupil": bodies.book.pupil.sourced_id, "klass": bodies.book.klass.sourced_id}
    answer = marked.get("/results", filter=filter_.format(**known))
    assert (answer.status_code, len(answer.json()["results"])) == (200, number)


def test_only_the_selected_fields_are_given(marked: Caller) -> None:
    assert marked.get("/results", fields="sourcedId,score").json()["results"] == [
        {"sourcedId": "result-1", "score": 85}
    ]


def test_what_was_taken_away_is_told_in_lists_and_no_longer_found(marked: Caller) -> None:
    marked.delete("/results/result-1")
    assert [one["status"] for one in marked.get("/results").json()["results"]] == ["tobedeleted"]
    assert marked.get("/results/result-1").status_code == 404


def test_a_system_of_another_school_sees_none_of_it(marked: Caller, bodies: Bodies) -> None:
    from terakoya.roster import api as roster

    key = bodies.book.other_class.school.sourced_id
    other = Caller(["gradebook.readonly", "assessment.readonly"], roster.keys_of("org", [key]).values())
    found = {many: other.get(f"/{many}").json()[many] for many in LISTS}
    assert {many for many, some in found.items() if some} == {"categories", "assessmentLineItems"}
    assert other.get("/results/result-1").status_code == 404
    assert other.get(f"/classes/{bodies.book.klass.sourced_id}/results").status_code == 404


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        (["gradebook-core.readonly"], "/results", 200),
        (["gradebook-core.readonly"], "/classes/{klass}/results", 403),
        (["gradebook.readonly"], "/classes/{klass}/results", 200),
        (["gradebook.readonly"], "/assessmentResults", 403),
        (["assessment.readonly"], "/assessmentResults", 200),
        (["assessment.readonly"], "/results", 403),
        (["gradebook.createput"], "/results", 403),
    ],
)
def test_a_scope_opens_what_the_document_says(bodies: Bodies, scopes: list[str], path: str, status: int) -> None:
    caller = Caller(scopes)
    assert caller.get(path.format(klass=bodies.book.klass.sourced_id)).status_code == status


def test_the_count_follows_each_writing(marked: Caller, bodies: Bodies) -> None:
    def count() -> Any:
        return marked.get("/lineItems")["X-Total-Count"]

    assert count() == "1"
    marked.put("/lineItems/item-2", bodies.item())
    assert count() == "2"
    assert gradebook.rows_of("lineItem").count() == 2
