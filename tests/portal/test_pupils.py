import re
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse

from terakoya.access import api as access
from terakoya.roster.models import AddressProtection, Guardianship, Person
from tests.access.school import BEGINS, School

from .conftest import Open


def test_teacher_sees_the_records_and_why(records: School, open_page: Open) -> None:
    page = open_page(records.teacher, "portal.pupil", records.pupils[0], subject="P030").content.decode()
    assert "20%" in page and "Why do I see this?" in page and "The latest 3 of 3" in page


def test_view_of_a_pupil_is_one_entry(records: School, open_page: Open) -> None:
    open_page(records.teacher, "portal.pupil", records.pupils[0])
    assert [line.what for line in access.accesses_of(records.pupils[0])] == ["pupil_records"]


def test_teacher_of_another_class_is_not_told_that_there_is_such_a_pupil(records: School, open_page: Open) -> None:
    foreign, unknown = (
        open_page(records.other_teacher, "portal.pupil", person) for person in (records.pupils[0], uuid4())
    )
    assert foreign.status_code == unknown.status_code == 404 and "秋山" not in foreign.content.decode()


def test_subject_teacher_sees_the_subject_taught_alone(records: School, open_page: Open) -> None:
    page = open_page(records.subject_teacher, "portal.pupil", records.pupils[0], subject="P030").content.decode()
    assert "70%" in page and "20%" not in page


def test_term_narrows_the_records(records: School, open_page: Open) -> None:
    second = records.pupils[1]
    spring = open_page(records.teacher, "portal.pupil", second, subject="P030", term="2026-1").content.decode()
    autumn = open_page(records.teacher, "portal.pupil", second, subject="P030", term="2026-2").content.decode()
    assert "The latest 2 of 2" in spring and "Nothing in this period." in autumn


def test_pupil_without_records_has_a_page_that_says_so(records: School, open_page: Open) -> None:
    page = open_page(records.teacher, "portal.pupil", records.pupils[3]).content.decode()
    assert "No learning records yet" in page


@pytest.mark.parametrize("query", [{"subject": "X999"}, {"term": "1999-1"}, {"subject": "'", "term": "''"}])
def test_unknown_subject_or_term_is_no_error(records: School, open_page: Open, query: dict[str, str]) -> None:
    assert open_page(records.teacher, "portal.pupil", records.pupils[0], **query).status_code == 200


def test_guardian_is_led_from_the_staff_page_to_the_childs_page(records: School, open_page: Open) -> None:
    answer = open_page(records.guardian, "portal.pupil", records.pupils[0])
    assert answer.headers["Location"] == reverse("portal.child", args=[records.pupils[0]])


def test_guardian_sees_the_childs_records(records: School, open_page: Open) -> None:
    page = open_page(records.guardian, "portal.child", records.pupils[0], subject="P030").content.decode()
    assert "20%" in page and 'data-audience="family"' in page


def test_pupil_sees_the_own_records_with_readings(records: School, open_page: Open) -> None:
    page = open_page(records.pupil, "portal.child", records.pupils[0], language="ja").content.decode()
    assert 'data-audience="pupil"' in page and "<ruby>秋山<rp>（</rp><rt>あきやま</rt>" in page


@pytest.mark.parametrize(("who", "status"), [("other_teacher", 404), ("teacher", 403), ("clerk", 403)])
def test_childs_page_is_for_the_family_only(records: School, open_page: Open, who: str, status: int) -> None:
    assert open_page(getattr(records, who), "portal.child", records.pupils[0]).status_code == status


def test_guardian_sees_no_other_child(records: School, open_page: Open) -> None:
    answer = open_page(records.guardian, "portal.child", records.pupils[1])
    assert answer.status_code == 404 and "井上" not in answer.content.decode()


def test_nobody_learns_whether_a_key_exists(records: School, open_page: Open) -> None:
    known = open_page(records.guardian, "portal.child", records.pupils[1])
    assert open_page(records.guardian, "portal.child", uuid4()).status_code == known.status_code


def bare(answer: HttpResponse) -> str:
    """The page without its elements: words in another language than the page's are marked by some."""
    return re.sub("<[^>]*>", "", answer.content.decode())


# --- contacts: the address of the first guardian must not reach the second ---
def test_guardian_sees_the_contacts_of_both(records: School, open_page: Open) -> None:
    AddressProtection.objects.all().delete()
    page = bare(open_page(records.guardian, "portal.child", records.pupils[0]))
    assert "みなみ町1-2-3" in page and "きた町9-8-7" in page


def test_hidden_address_does_not_reach_the_flagged_guardian(records: School, open_page: Open) -> None:
    AddressProtection.objects.all().delete()
    protect(records)
    page = bare(open_page(records.second_guardian, "portal.child", records.pupils[0]))
    assert "きた町9-8-7" in page and "みなみ町" not in page and "000-1111" not in page


def test_hidden_address_of_the_child_hides_those_of_other_guardians(records: School, open_page: Open) -> None:
    page = bare(open_page(records.second_guardian, "portal.child", records.pupils[0]))
    assert "きた町9-8-7" in page and "みなみ町" not in page


def test_page_of_the_flagged_guardian_is_that_of_a_family_without_the_address(records: School, open_page: Open) -> None:
    """Byte for byte, save the token of the forms: nothing tells a hidden contact from one that was never registered."""
    AddressProtection.objects.all().delete()
    protect(records)
    hidden = open_page(records.second_guardian, "portal.child", records.pupils[0])
    AddressProtection.objects.all().delete()
    Person.objects.filter(sourced_id="g1").update(address="", phone="")
    unregistered = open_page(records.second_guardian, "portal.child", records.pupils[0])
    assert without_tokens(hidden.content.decode()) == without_tokens(unregistered.content.decode())


def test_pupils_own_page_shows_no_contacts(records: School, open_page: Open) -> None:
    assert "みなみ町" not in open_page(records.pupil, "portal.child", records.pupils[0]).content.decode()


def test_guardianship_that_has_ended_shows_nothing(records: School, open_page: Open) -> None:
    Guardianship.objects.filter(guardian__sourced_id="g1").update(ends="2026-11-01")
    assert open_page(records.guardian, "portal.child", records.pupils[0]).status_code == 404


def protect(school: School) -> None:
    first, second = (Person.objects.get(sourced_id=key) for key in ("g1", "g2"))
    AddressProtection.objects.create(person=first, hidden_from=second, begins=BEGINS)


def without_tokens(page: str) -> str:
    return "\n".join(part.split('">', 1)[-1] for part in page.split('name="csrfmiddlewaretoken" value="'))
