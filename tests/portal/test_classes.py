import csv
import io
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from terakoya.access import api as access
from terakoya.audit import api as audit
from terakoya.roster.models import Enrolment, Person, SchoolClass
from tests.access.school import School

from .conftest import Open

ROW = re.compile(r'<th scope="row"><a href="[^"]*">.*?<span>(.+?)</span></a></th>')


def cells_of(page: str, name: str) -> list[str]:
    """What stands in the row of a pupil, without elements."""
    row = page.split(name, 1)[1].split("</tr>", 1)[0]
    return [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall("<td.*?</td>", row)]


def names_in(page: str) -> list[str]:
    found = ROW.findall(page.split("<tbody>", 1)[1].split("</tbody>", 1)[0])
    return [re.sub("<[^>]*>", "", name) for name in found]


def test_cell_is_the_mean_with_its_sign(records: School, open_page: Open) -> None:
    page = open_page(records.teacher, "portal.school_class", records.homeroom.uuid).content.decode()
    assert "▲20" in cells_of(page, "秋山 一") and "95" in cells_of(page, "井上 二")


def test_unit_that_nobody_took_is_shown_as_not_taken(records: School, open_page: Open) -> None:
    page = open_page(records.teacher, "portal.school_class", records.homeroom.uuid).content.decode()
    assert "–not taken" in cells_of(page, "秋山 一")


def test_greatest_need_comes_first_and_who_took_nothing_last(records: School, open_page: Open) -> None:
    page = open_page(records.teacher, "portal.school_class", records.homeroom.uuid).content.decode()
    assert names_in(page) == ["秋山 一", "姓p2", "井上 二", "姓p3"]


def test_order_by_number_is_that_of_the_register(records: School, open_page: Open) -> None:
    page = open_page(records.teacher, "portal.school_class", records.homeroom.uuid, order="number").content.decode()
    assert names_in(page) == ["秋山 一", "井上 二", "姓p2", "姓p3"]


def test_who_is_stuck_in_two_units_is_named_with_the_units(records: School, open_page: Open) -> None:
    page = open_page(records.teacher, "portal.school_class", records.homeroom.uuid).content.decode()
    aside = page.split("Worth a word today", 1)[1]
    assert "秋山 一" in aside and "井上 二" not in aside and "below 40 %" in aside


def test_page_says_why_and_that_it_is_recorded(records: School, open_page: Open) -> None:
    page = open_page(records.teacher, "portal.school_class", records.homeroom.uuid).content.decode()
    assert "Why do I see this?" in page and "This view is recorded" in page


def test_view_of_a_class_is_one_entry_about_all_its_pupils(records: School, open_page: Open) -> None:
    before = audit.log_head().size
    open_page(records.teacher, "portal.school_class", records.homeroom.uuid)
    assert audit.log_head().size == before + 1
    assert [access.accesses_of(pupil)[0].what for pupil in records.pupils] == ["class_overview"] * 4


def test_teacher_of_another_school_sees_nothing(records: School, open_page: Open) -> None:
    answer = open_page(records.other_teacher, "portal.school_class", records.homeroom.uuid)
    assert answer.status_code == 404 and "秋山" not in answer.content.decode()


@pytest.mark.parametrize("who", ["clerk", "guardian", "pupil"])
def test_class_is_for_its_teachers_only(records: School, open_page: Open, who: str) -> None:
    answer = open_page(getattr(records, who), "portal.school_class", records.homeroom.uuid)
    assert answer.status_code == 403


def test_refused_view_leaves_no_entry(records: School, open_page: Open) -> None:
    before = audit.log_head().size
    open_page(records.other_teacher, "portal.school_class", records.homeroom.uuid)
    assert audit.log_head().size == before


def test_unknown_class_is_not_found(school: School, open_page: Open) -> None:
    assert open_page(school.teacher, "portal.school_class", uuid4()).status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in(school: School, client: Client) -> None:
    answer = client.get(reverse("portal.school_class", args=[school.homeroom.uuid]))
    assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("sign-in"))


def test_class_of_a_subject_shows_that_subject_alone(records: School, open_page: Open) -> None:
    science = SchoolClass.objects.get(title="理科5-2")
    page = open_page(records.subject_teacher, "portal.school_class", science.uuid, subject="P030").content.decode()
    assert re.findall('<option value="(P[^"]*)"', page) == ["P040"]


def test_subject_teacher_sees_the_subject_taught_alone_in_the_homeroom_too(records: School, open_page: Open) -> None:
    asked = {name: [records.homeroom.uuid] for name in ("portal.school_class", "portal.class_file")}
    page, file = (
        open_page(records.subject_teacher, name, *args, subject="P030").content.decode() for name, args in asked.items()
    )
    assert re.findall('<option value="(P[^"]*)"', page) == ["P040"]
    assert "The pendulum" in file and ",70," in file and "fractions" not in file and "95" not in file


def test_what_is_taught_to_another_class_opens_nothing_in_this_one(records: School, open_page: Open) -> None:
    """The science teacher of 5-2 teaches mathematics too, but to others."""
    mathematics = SchoolClass.objects.get(title="理科5-2")
    mathematics.uuid, mathematics.sourced_id, mathematics.title, mathematics.subject_codes = (
        uuid4(),
        "m",
        "算数",
        "P030",
    )
    mathematics.save(force_insert=True)
    teacher = Enrolment.objects.get(person=records.subject_teacher.person)
    for person, role in ((teacher.person, "teacher"), (Person.objects.get(uuid=records.pupils[3]), "student")):
        key = f"m-{person.sourced_id}"
        Enrolment.objects.create(
            sourced_id=key, person=person, school_class=mathematics, role=role, begins=teacher.begins
        )
    file = open_page(records.subject_teacher, "portal.class_file", records.homeroom.uuid, subject="P030")
    assert [row[1] for row in csv.reader(io.StringIO(file.content.decode()))][1:] == ["姓p3"]


def test_download_has_a_row_for_each_pupil_and_an_entry_of_its_own(records: School, open_page: Open) -> None:
    answer = open_page(records.teacher, "portal.class_file", records.homeroom.uuid, subject="P030", order="number")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Number", "Name"] and [row[1] for row in rows[1:]] == ["秋山 一", "井上 二", "姓p2", "姓p3"]
    assert access.accesses_of(records.pupils[0])[0].what == "download"


def test_download_in_japanese_holds_no_notation(records: School, open_page: Open) -> None:
    answer = open_page(records.teacher, "portal.class_file", records.homeroom.uuid, language="ja-easy")
    assert "《" not in answer.content.decode()


def test_name_that_a_spreadsheet_takes_for_a_formula_is_made_harmless(records: School, open_page: Open) -> None:
    Person.objects.filter(sourced_id="p2").update(display_family="=1+1")
    answer = open_page(records.teacher, "portal.class_file", records.homeroom.uuid)
    assert "'=1+1" in answer.content.decode()


def test_class_takes_few_queries(
    records: School, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(records.teacher)
    page = reverse("portal.school_class", args=[records.homeroom.uuid])
    client.get(page)  # the first look at a pupil makes their key of the log
    with django_assert_max_num_queries(22):
        client.get(page)


def test_own_class_without_pupils_says_so(records: School, open_page: Open) -> None:
    Enrolment.objects.filter(school_class=records.homeroom, role="student").delete()
    answer = open_page(records.teacher, "portal.school_class", records.homeroom.uuid)
    assert answer.status_code == 200
    assert "Nobody is in this class today" in answer.content.decode()


def test_class_without_pupils_of_others_stays_closed(records: School, open_page: Open) -> None:
    Enrolment.objects.filter(school_class=records.homeroom, role="student").delete()
    assert open_page(records.other_teacher, "portal.school_class", records.homeroom.uuid).status_code == 404
