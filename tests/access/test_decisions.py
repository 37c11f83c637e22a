"""Decisions over a real roster: who may see whom, and why it is said to be so."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils.translation import override

from terakoya.access import api
from terakoya.access.errors import NotPermitted
from terakoya.audit import api as audit
from terakoya.identity.api import Account, create_account
from terakoya.ui.api import without_readings

from .conftest import STORE, terms_for
from .school import School, make_school

pytestmark = pytest.mark.django_db
RECORDS = "activity.learning_school"


@pytest.fixture
def school() -> School:
    return make_school()


def decide(account: Account, category: str, purpose: str, school: School, pupil: int = 0) -> api.Decision:
    return api.may(api.actor_of_account(account), category, purpose, school.pupils[pupil])


def request_of(account: Account | None, rf: RequestFactory):
    request = rf.get("/")
    request.user = account or AnonymousUser()
    return request


def test_teachers_see_those_whom_they_teach_today(school: School) -> None:
    relations = {
        account.username: decide(account, RECORDS, "teaching", school).relation.kind
        for account in (school.teacher, school.subject_teacher, school.head)
    }
    assert relations == {"t1": "homeroom_teacher", "t2": "subject_teacher", "t3": "head"}
    assert decide(school.head, RECORDS, "teaching", school).basis == "primary_use"


def test_teacher_of_another_school_sees_nothing(school: School) -> None:
    assert decide(school.other_teacher, RECORDS, "teaching", school).rule == "ban-no-tie"


def test_teacher_no_longer_teaching_sees_nothing(school: School) -> None:
    from datetime import date

    actor = api.actor_of_account(school.teacher)
    assert not api.may(actor, RECORDS, "teaching", school.pupils[0], on=date(2019, 1, 1)).permitted


def test_a_teacher_has_no_use_of_their_own_for_records(school: School) -> None:
    assert not decide(school.teacher, RECORDS, "own_use", school).permitted


def test_guardian_and_child_see_the_child_s_records_and_no_other_s(school: School) -> None:
    for account in (school.guardian, school.pupil):
        assert decide(account, RECORDS, "own_use", school).basis == "primary_use"
        assert not decide(account, RECORDS, "own_use", school, pupil=1).permitted


def test_a_guardian_reads_the_log_by_right_of_law(school: School) -> None:
    decision = decide(school.guardian, "rights.access_log", "rights", school)
    assert (decision.basis, decision.clause_id) == ("law", "appi-76")


def test_a_teacher_does_not_read_the_family_s_log(school: School) -> None:
    assert not decide(school.teacher, "rights.access_log", "rights", school).permitted


def test_a_hidden_address_hides_log_and_consents_too_and_nothing_else(school: School) -> None:
    for category in ("subject.contact", "rights.access_log", "rights.consent"):
        decision = decide(school.second_guardian, category, "rights", school)
        assert (decision.basis, decision.rule) == ("ban", "ban-address-protection")
        assert "address" not in decision.sentence()
        assert decide(school.guardian, category, "rights", school).permitted
    assert decide(school.second_guardian, RECORDS, "own_use", school).permitted


@pytest.mark.parametrize(("giver", "permitted"), [("guardian", True), ("second_guardian", False)])
def test_a_hidden_address_is_not_told_by_way_of_a_store(school: School, giver: str, permitted: bool) -> None:
    store = api.partner_actor(STORE, "まなびPDS", "pds")
    terms = terms_for(school.pupils[0], STORE, purpose="own_use")
    api.give_consent(terms, by=api.actor_of_account(getattr(school, giver)), capacity="guardian")
    assert api.may(store, "rights.access_log", "rights", school.pupils[0]).permitted is permitted
    assert api.may(store, RECORDS, "own_use", school.pupils[0]).permitted


def test_a_clerk_sees_school_affairs_of_the_municipality_but_no_learning_records(school: School) -> None:
    assert decide(school.clerk, "subject.identity", "school_administration", school).permitted
    assert decide(school.clerk, RECORDS, "school_administration", school).basis == "none"
    assert api.may(api.actor_of_account(school.clerk), "subject.identity", "school_administration", None).permitted


def test_someone_whom_the_roster_does_not_know_is_outside(school: School) -> None:
    for account in (school.teacher, school.clerk):
        decision = api.may(api.actor_of_account(account), "subject.identity", "school_administration", uuid4())
        assert decision.rule == "ban-outside-tenant"


def test_a_teacher_who_is_a_parent_sees_their_own_child_as_a_guardian(school: School) -> None:
    from terakoya.roster.models import Guardianship

    from .school import BEGINS

    Guardianship.objects.create(guardian_id=school.other_teacher.person, child_id=school.pupils[0], begins=BEGINS)
    decision = decide(school.other_teacher, RECORDS, "own_use", school)
    assert (decision.stakeholder, decision.relation.kind) == ("student", "guardian")
    assert not decide(school.other_teacher, RECORDS, "teaching", school).permitted


def test_nobody_sees_nothing(school: School) -> None:
    for purpose in ("teaching", "own_use", "statistics"):
        assert not api.may(api.NOBODY, RECORDS, purpose, school.pupils[0]).permitted


def test_the_node_itself_carries_out_rights_and_makes_statistics_only(school: School) -> None:
    use = (api.node_actor(), RECORDS)
    assert api.may(*use, "statistics", None).basis == "law"
    assert api.may(*use, "statistics", school.pupils[0]).basis == "law"
    assert api.may(*use, "rights", school.pupils[0]).clause_id == "appi-98"
    assert not api.may(*use, "teaching", school.pupils[0]).permitted


@pytest.mark.parametrize("kind", ["pds", "juku"])
def test_under_the_private_regime_the_clause_is_that_of_chapter_4(school: School, node_kind, kind: str) -> None:
    node_kind(kind)
    assert api.may(api.node_actor(), RECORDS, "rights", school.pupils[0]).clause_id == "appi-35"


def test_at_a_cram_school_its_teacher_sees_own_pupils_and_school_records_by_consent(school: School, node_kind) -> None:
    from terakoya.identity.api import node_uri

    node_kind("juku")
    teacher, pupil = school.teacher, school.pupils[0]
    assert decide(teacher, "activity.learning_private", "tutoring", school).basis == "primary_use"
    assert decide(teacher, "subject.identity", "tutoring", school).clause_id == "appi-18"
    assert decide(teacher, RECORDS, "tutoring", school).basis == "none"
    guardian = api.Actor("student", "guardian", "", "", person=school.guardian.person)
    consent = api.give_consent(terms_for(pupil, node_uri()), by=guardian, capacity="guardian")
    assert decide(teacher, RECORDS, "tutoring", school).consent == consent.uuid
    assert not decide(teacher, RECORDS, "tutoring", school, pupil=1).permitted
    assert not decide(school.other_teacher, RECORDS, "tutoring", school).permitted
    api.withdraw(consent.uuid, by=guardian)
    assert decide(teacher, RECORDS, "tutoring", school).rule == "ban-revoked"


def test_on_a_store_for_learners_only_the_registered_family_sees(node_kind, relations) -> None:
    node_kind("pds")
    child = uuid4()
    parent, stranger = (create_account(name, display_name=name, person=uuid4()) for name in ("おや", "べつ"))
    relations[(parent.person, child)] = "guardian"
    assert api.may(api.actor_of_account(parent), RECORDS, "own_use", child).permitted
    assert not api.may(api.actor_of_account(stranger), RECORDS, "own_use", child).permitted


def test_the_reason_names_relation_class_and_purpose(school: School) -> None:
    decision = decide(school.teacher, RECORDS, "teaching", school)
    with override("ja"):
        assert without_readings(decision.sentence()) == "5年2組の担任として見ています。目的：授業と指導。"
        assert "ロードマップ表1「学校・教員」" in decision.explained()
    with override("en"):
        assert decision.sentence() == "You see this as homeroom teacher of 5年2組, for: teaching."


def test_opening_a_class_writes_one_entry_and_shows_only_own_pupils(school: School, rf: RequestFactory) -> None:
    asked = [*school.pupils, uuid4()]
    shown = api.open_record(request_of(school.teacher, rf), RECORDS, "teaching", asked, "class_overview")
    assert set(shown) == set(school.pupils)
    assert audit.log_head().size == 1
    line = api.accesses_of(school.pupils[1])[0]
    assert (line.role, line.detail, line.organisation, line.name) == ("homeroom_teacher", "5年2組", "一小", "姓t1")


def test_opening_what_is_not_permitted_is_refused_with_the_reason_and_leaves_no_entry(school: School, rf) -> None:
    with override("en"), pytest.raises(NotPermitted) as refused:
        api.open_record(request_of(school.other_teacher, rf), RECORDS, "teaching", school.pupils, "class_overview")
    assert "no connection" in refused.value.sentence
    assert audit.log_head().size == 0


def test_someone_not_signed_in_opens_nothing(school: School, rf: RequestFactory) -> None:
    with pytest.raises(NotPermitted):
        api.open_record(request_of(None, rf), RECORDS, "own_use", school.pupils, "child_page")


@pytest.mark.parametrize("who", ["teacher", "subject_teacher", "head", "clerk"])
def test_a_class_of_forty_costs_few_queries(rf: RequestFactory, who: str, django_assert_max_num_queries) -> None:
    school = make_school(pupils=40)
    request = request_of(getattr(school, who), rf)
    category, purpose = (RECORDS, "teaching") if who != "clerk" else ("subject.contact", "school_administration")
    with django_assert_max_num_queries(17):
        assert len(api.open_record(request, category, purpose, school.pupils, "class_overview")) == 40
