"""Find a person: whom which words find, whom which reader finds, and that page, decisions and log say the same."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terakoya.access import api as access
from terakoya.audit.models import LogEntry
from terakoya.identity.api import Account, create_account
from terakoya.kit import clock
from terakoya.portal import people as page
from terakoya.roster.models import AddressProtection, Enrolment, Organisation, Person, Role, SchoolClass
from tests.access.school import BEGINS, School

from .conftest import Open

NAMES = "subject.identity"
STAFF = ("teacher", "subject_teacher", "head", "other_teacher", "clerk", "nurse", "office", "counselor", "aide")
ROLES = {"nurse": "ext:nurse", "office": "siteAdministrator", "counselor": "counselor", "aide": "aide"}


def account(school: School, who: str) -> Account:
    """Somebody of the school: of those it was made with, or somebody with nothing but a role at it."""
    if who not in ROLES:
        return getattr(school, who)
    person = Person.objects.create(sourced_id=who, username=who, display_family=f"姓{who}")
    place = Organisation.objects.get(name="一小")
    Role.objects.create(sourced_id=f"r-{who}", person=person, organisation=place, name=ROLES[who], begins=BEGINS)
    return create_account(who, display_name=who, person=person.uuid)


def found(answer: HttpResponse) -> set[UUID]:
    """Whom a page of results shows."""
    return {one.person.uuid for one in answer.context.get("found", ())}


def logged() -> list[set[UUID]]:
    """The persons of each entry about a search, in the order of the entries."""
    return [
        {person for person in Person.objects.values_list("uuid", flat=True) if _is_about(person, entry.index)}
        for entry in LogEntry.objects.order_by("index")
    ]


def _is_about(person: UUID, index: int) -> bool:
    return any(line.id == index and line.what == "people_found" for line in access.accesses_of(person))


# --- words ---
@pytest.mark.parametrize(
    "words",
    [
        *(
            "秋山",
            "秋山一",
            "秋山 一",
            "秋",
            "アキヤマ",
            "あきやま",
            "ｱｷﾔﾏ",
            "あきやまはじめ",
            "はじめ　あき",
            "ハジメ 秋山",
        ),
        *("5年2組 1", "5-2 1", "５－２　１番", "5の2 1", "１番"),
    ],
)
def test_words_that_apply_find_the_pupil(school: School, open_page: Open, words: str) -> None:
    assert found(open_page(school.teacher, "portal.people", q=words)) == {school.pupils[0]}


@pytest.mark.parametrize(
    "words", ["秋山 二", "山秋", "5-3", "秋山 2", "5-2 99", "%", "_", "秋山' OR 1=1", "一\\", "🙂", "99999"]
)
def test_words_that_do_not_apply_find_nobody(school: School, open_page: Open, words: str) -> None:
    answer = open_page(school.teacher, "portal.people", q=words)
    assert (answer.status_code, found(answer)) == (200, set()) and "Nobody found" in answer.content.decode()


@pytest.mark.parametrize("stored", ["ヤマダ", "やまだ", "ﾔﾏﾀﾞ"])
@pytest.mark.parametrize("sought", ["ヤマダ", "やまだ", "ﾔﾏﾀﾞ", "まだ"])
def test_a_reading_is_found_in_whichever_kana_it_is_kept(
    school: School, open_page: Open, stored: str, sought: str
) -> None:
    Person.objects.filter(sourced_id="p2").update(kana_family=stored)
    assert found(open_page(school.teacher, "portal.people", q=sought)) == {school.pupils[2]}


def test_a_class_is_found_by_full_width_numbers_too(school: School, open_page: Open) -> None:
    SchoolClass.objects.filter(title="5年2組").update(title="５年２組")
    for words in ("5-2", "5年2組", "５年"):
        assert found(open_page(school.teacher, "portal.people", q=words)) == set(school.pupils)


def test_a_subject_class_finds_its_pupils_at_their_homeroom(school: School, open_page: Open) -> None:
    answer = open_page(school.subject_teacher, "portal.people", q="理科5-2")
    assert {(one.person.uuid, one.class_title) for one in answer.context["found"]} == {
        (pupil, "5年2組") for pupil in school.pupils
    }


def test_a_pupil_without_a_homeroom_is_found_in_the_other_class(school: School, open_page: Open) -> None:
    Enrolment.objects.filter(school_class__title="5年2組", person=school.pupils[0], role="student").delete()
    [one] = open_page(school.head, "portal.people", q="秋山").context["found"]
    assert (one.person.uuid, one.class_title, one.number) == (school.pupils[0], "理科5-2", None)


def test_the_official_name_finds_nobody_who_is_called_otherwise(school: School, open_page: Open) -> None:
    Person.objects.filter(sourced_id="p0").update(official_family="鈴木")
    answer = open_page(school.head, "portal.people", q="鈴木")
    assert found(answer) == set() and found(open_page(school.head, "portal.people", q="秋山")) == {school.pupils[0]}


# --- readers ---
@pytest.mark.parametrize(
    ("who", "sees"),
    [
        *((who, True) for who in ("teacher", "subject_teacher", "head", "clerk", "nurse", "office", "counselor")),
        ("other_teacher", False),
        ("aide", False),
    ],
)
def test_staff_find_whom_they_are_tied_to_and_nobody_else(
    school: School, open_page: Open, who: str, sees: bool
) -> None:
    answer = open_page(account(school, who), "portal.people", q="秋山")
    assert found(answer) == ({school.pupils[0]} if sees else set())
    assert ("秋山 一" in answer.content.decode()) == sees


@pytest.mark.parametrize("who", STAFF)
@pytest.mark.parametrize("words", ["姓", "5-2", "秋山", "組", "2", "ア"])
@pytest.mark.parametrize("kind", ["pupils", "staff"])
def test_the_results_are_those_of_the_single_decisions(
    school: School, open_page: Open, who: str, words: str, kind: str
) -> None:
    """Of everybody called so, whatever the database was asked, exactly those whom a decision lets through."""
    reader = account(school, who)
    actor = access.actor_of_account(reader)
    answer = open_page(reader, "portal.people", q=words, who=kind)
    staff = kind == "staff" and actor.role in page.SEEKS_STAFF
    called = page.roster.staff_called if staff else page.roster.pupils_called
    everybody = called(words, clock.today()).values_list("person", flat=True)
    decisions = access.may_each(actor, NAMES, page.purpose_of(actor), everybody)
    assert found(answer) == {person for person, decision in decisions.items() if decision.permitted}


def test_a_teacher_who_left_the_class_yesterday_finds_nobody(school: School, open_page: Open) -> None:
    mine = Enrolment.objects.filter(person=school.teacher.person, role="teacher")
    mine.update(ends=clock.today() + timedelta(days=1))
    assert found(open_page(school.teacher, "portal.people", q="秋山")) == {school.pupils[0]}
    mine.update(ends=clock.today())
    assert found(open_page(school.teacher, "portal.people", q="秋山")) == set()


def test_a_pupil_who_left_yesterday_is_not_found(school: School, open_page: Open) -> None:
    Enrolment.objects.filter(person=school.pupils[0]).update(ends=clock.today())
    for who in (school.teacher, school.head, school.clerk):
        assert found(open_page(who, "portal.people", q="秋山")) == set()


def test_a_hidden_address_does_not_hide_the_name(school: School, open_page: Open) -> None:
    teacher = Person.objects.get(uuid=school.teacher.person)
    AddressProtection.objects.create(person_id=school.pupils[0], hidden_from=teacher, begins=BEGINS)
    assert found(open_page(school.teacher, "portal.people", q="秋山")) == {school.pupils[0]}


@pytest.mark.parametrize("who", ["guardian", "second_guardian", "pupil"])
def test_families_have_no_such_page(school: School, open_page: Open, who: str) -> None:
    for query in ({}, {"q": "秋山"}):
        assert open_page(getattr(school, who), "portal.people", **query).status_code == 404
    assert reverse("portal.people") not in open_page(getattr(school, who), "home").content.decode()


def test_who_is_in_no_roster_has_no_such_page(school: School, open_page: Open) -> None:
    stranger = create_account("stranger", display_name="stranger")
    assert open_page(stranger, "portal.people", q="秋山").status_code == 404


def test_a_visitor_is_led_to_sign_in(school: School, open_page: Open) -> None:
    answer = open_page(None, "portal.people", q="秋山")
    assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("who", ["teacher", "head", "clerk"])
def test_staff_reach_the_page_from_the_menu(school: School, open_page: Open, who: str) -> None:
    menu = open_page(getattr(school, who), "home").content.decode()
    assert f'href="{reverse("portal.people")}"' in menu


# --- the page ---
@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": " 　 "}, {"q": "", "who": "staff", "page": "2"}])
def test_without_words_nobody_is_listed_and_nothing_logged(
    school: School, open_page: Open, query: dict[str, str]
) -> None:
    answer = open_page(school.clerk, "portal.people", **query)
    text = answer.content.decode()
    assert answer.status_code == 200 and "How to search" in text and "秋山" not in text and "姓" not in text
    assert logged() == []


def test_what_is_too_long_is_said_and_finds_nobody(school: School, open_page: Open) -> None:
    answer = open_page(school.head, "portal.people", q="あ" * 61)
    text = answer.content.decode()
    assert answer.status_code == 400 and "at most 60 letters" in text and 'aria-invalid="true"' in text
    assert logged() == []


def test_an_unknown_kind_of_people_is_that_of_pupils(school: School, open_page: Open) -> None:
    assert found(open_page(school.head, "portal.people", q="秋山", who="everybody")) == {school.pupils[0]}


def test_searching_again_among_staff_stays_among_staff(school: School, open_page: Open) -> None:
    kept = '<input type="hidden" name="who" value="staff">'
    for who, stays in (("staff", True), ("pupils", False)):
        assert (kept in open_page(school.clerk, "portal.people", q="姓", who=who).content.decode()) == stays


def test_a_result_tells_reading_class_school_number_and_tie(school: School, open_page: Open) -> None:
    text = open_page(school.teacher, "portal.people", q="秋山").content.decode()
    assert 'You see this as homeroom teacher of <span lang="ja">5年2組</span>.' in text
    for told in ("秋山 一", "アキヤマ ハジメ", "一小 5年2組", "no. 1"):
        assert told in text
    for kept in ("みなみ町", "000-1111"):
        assert kept not in text


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        ("teacher", True),
        ("subject_teacher", True),
        ("head", True),
        ("nurse", False),
        ("office", False),
        ("clerk", False),
    ],
)
def test_the_pupil_s_page_is_linked_for_those_to_whom_it_opens(
    school: School, open_page: Open, who: str, opens: bool
) -> None:
    reader = account(school, who)
    target = reverse("portal.pupil", args=[school.pupils[0]])
    assert (target in open_page(reader, "portal.people", q="秋山").content.decode()) == opens
    assert (open_page(reader, "portal.pupil", school.pupils[0]).status_code == 200) == opens


def test_only_clerks_are_offered_staff(school: School, open_page: Open) -> None:
    for who, offered in ((school.clerk, True), (school.head, False), (school.teacher, False)):
        assert ("who=staff" in open_page(who, "portal.people", q="秋山").content.decode()) == offered


def test_a_clerk_finds_staff_by_name_and_by_the_class_they_teach(school: School, open_page: Open) -> None:
    for words, people in (
        ("姓t1", {school.teacher.person}),
        ("5-2", {school.teacher.person, school.subject_teacher.person}),
    ):
        assert found(open_page(school.clerk, "portal.people", q=words, who="staff")) == people


def test_guardians_and_pupils_are_no_staff(school: School, open_page: Open) -> None:
    seen = found(open_page(school.clerk, "portal.people", q="姓", who="staff"))
    assert seen.isdisjoint({*school.pupils, school.guardian.person, school.second_guardian.person}) and seen


# --- the log ---
def test_a_page_of_results_is_one_line_about_exactly_those_shown(school: School, open_page: Open) -> None:
    answer = open_page(school.teacher, "portal.people", q="5-2")
    assert logged() == [found(answer)] == [set(school.pupils)]


def test_the_line_says_who_searched_as_what_and_what_for(school: School, open_page: Open) -> None:
    open_page(school.teacher, "portal.people", q="秋山")
    [line] = access.accesses_of(school.pupils[0])
    assert (line.what, line.role, line.category, line.purpose) == (
        "people_found",
        "homeroom_teacher",
        NAMES,
        "school_administration",
    )
    assert access.accesses_of(school.pupils[1]) == []


@pytest.mark.parametrize("who", ["nurse", "counselor"])
def test_who_guides_looks_names_up_for_guidance(school: School, open_page: Open, who: str) -> None:
    open_page(account(school, who), "portal.people", q="秋山")
    [line] = access.accesses_of(school.pupils[0])
    assert (line.role, line.purpose) == (who, "guidance")


def test_whom_nobody_found_has_no_line(school: School, open_page: Open) -> None:
    open_page(school.other_teacher, "portal.people", q="秋山")
    assert logged() == []


# --- pages of results ---
@pytest.fixture
def large(school: School) -> School:
    """Two more classes of 60 and 5 pupils at the school; in the first the numbers are given backwards."""
    first = SchoolClass.objects.get(title="5年2組")
    for title, size in (("5年10組", 60), ("6年1組", 5)):
        made = SchoolClass.objects.create(
            sourced_id=title,
            title=title,
            kind="homeroom",
            grades="P5" if title[0] == "5" else "P6",
            school=first.school,
            course=first.course,
            begins=first.begins,
            ends=first.ends,
        )
        for number in range(size):
            person = Person.objects.create(sourced_id=f"{title}{number}", display_family="長谷川")
            Enrolment.objects.create(
                sourced_id=f"e{title}{number}",
                person=person,
                school_class=made,
                role="student",
                number=size - number if number else None,
                begins=BEGINS,
            )
    return school


def test_pages_hold_fifty_in_the_order_of_class_and_number(large: School, open_page: Open) -> None:
    answers = [open_page(large.head, "portal.people", q="長谷川", page=str(number)) for number in (1, 2)]
    places = [(one.class_title, one.number) for answer in answers for one in answer.context["found"]]
    tenth, sixth = [*range(1, 60), None], [*range(1, 5), None]
    assert places == [("5年10組", number) for number in tenth] + [("6年1組", number) for number in sixth]
    assert [len(answer.context["found"]) for answer in answers] == [50, 15]
    assert logged() == [found(answer) for answer in answers]


def test_classes_stand_in_the_order_of_their_numbers(large: School, open_page: Open) -> None:
    listed = open_page(large.head, "portal.people", q="年").context["found"]
    assert list(dict.fromkeys(one.class_title for one in listed)) == ["5年2組", "5年10組"]


def test_the_pages_lead_to_each_other(large: School, open_page: Open) -> None:
    first = open_page(large.head, "portal.people", q="長谷川")
    second = open_page(large.head, "portal.people", q="長谷川", page="2")
    assert "65 persons found" in first.content.decode() and "Here: 51 to 65" in second.content.decode()
    assert (first.context["pages"]["earlier"], second.context["pages"]["later"]) == ("", "")
    for answer, way in ((first, "later"), (second, "earlier")):
        assert escape(answer.context["pages"][way]) in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "9" * 30])
def test_a_page_that_is_not_there_is_no_error(large: School, open_page: Open, number: str) -> None:
    assert open_page(large.head, "portal.people", q="長谷川", page=number).status_code == 200


def test_a_page_takes_no_more_queries_for_more_people(large: School, client: Client) -> None:
    client.force_login(large.head)
    taken = []
    for words in ("秋山", "秋山", "長谷川"):  # the first of all begins the log
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("portal.people"), {"q": words})
        taken.append(len(queries))
    assert taken[2] <= taken[1] + 2  # new persons get their keys in the log


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.sampled_from("秋山一アあｱはﾊﾟﾞ5２年-ーの組1番 　%_'\\姓p0"), max_size=8))
def test_whatever_is_typed_finds_nobody_beyond_the_own_pupils(school: School, client: Client, words: str) -> None:
    client.force_login(school.teacher)
    answer = client.get(reverse("portal.people"), {"q": words})
    assert answer.status_code == 200 and found(answer) <= set(school.pupils)
