"""Lists filtered in the database hold exactly those whom a decision one by one would let through."""

from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest
from django.conf import settings

from terakoya.access import api
from terakoya.access.cells import part_of
from terakoya.access.matrix import matrix
from terakoya.access.relations import ties_of
from terakoya.identity.api import node_uri
from terakoya.kit import clock
from terakoya.roster.models import AddressProtection, Enrolment, Person
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from .conftest import CRAM_SCHOOL, STORE, terms_for
from .school import BEGINS, School, make_school

pytestmark = pytest.mark.django_db
RECORDS = "activity.learning_school"
STAFF = ("teacher", "subject_teacher", "head", "other_teacher", "clerk")
FAMILY = ("guardian", "second_guardian", "pupil")


@pytest.fixture
def school() -> School:
    return make_school()


def actor_called(who: str, school: School) -> api.Actor:
    nodes = {
        "store": lambda: api.partner_actor(STORE, "まなびPDS", "pds"),
        "cram_school": lambda: api.partner_actor(CRAM_SCHOOL, "さくら塾", "juku"),
        "itself": api.node_actor,
        "nobody": lambda: api.NOBODY,
    }
    return nodes[who]() if who in nodes else api.actor_of_account(getattr(school, who))


def listed(actor: api.Actor, category: str, purpose: str, on: date | None = None) -> set[UUID]:
    return set(Person.objects.filter(api.visible(actor, category, purpose, on=on)).values_list("uuid", flat=True))


def decided(actor: api.Actor, category: str, purpose: str, on: date | None = None) -> set[UUID]:
    everybody = list(Person.objects.values_list("uuid", flat=True))
    return {key for key, one in api.may_each(actor, category, purpose, everybody, on=on).items() if one.permitted}


def agree(school: School) -> None:
    """Consents of three sorts: one lives, one was withdrawn, one was given by whom an address is hidden from."""
    guardian = api.actor_of_account(school.guardian)
    second = api.actor_of_account(school.second_guardian)
    child = school.pupils[0]
    for recipient in (CRAM_SCHOOL, node_uri()):
        api.give_consent(terms_for(child, recipient), by=guardian, capacity="guardian")
    api.give_consent(terms_for(child, STORE, purpose="own_use"), by=second, capacity="guardian")
    stopped = api.give_consent(
        terms_for(child, node_uri(), purpose="own_use", categories=("activity.portfolio",)),
        by=guardian,
        capacity="guardian",
    )
    api.withdraw(stopped.uuid, by=guardian)


def uses_of(actor: api.Actor) -> list[tuple[str, str]]:
    """The uses that some cell of the actor's parts opens, and one in twenty of the others."""
    relations = {"", *(tie.kind for tie in ties_of(actor, clock.today()))}
    parts = {part_of(row, relation) for row in (actor.stakeholder, "student") for relation in relations}
    return [
        (category, purpose)
        for place, (category, purpose) in enumerate(product(CATEGORIES, PURPOSES))
        if place % 20 == 0
        or any(matrix().cell(part, category, purpose, settings.NODE_REGIME).basis != "never" for part in parts)
    ]


@pytest.mark.parametrize("kind", ["city", "juku"])
@pytest.mark.parametrize("who", [*STAFF, *FAMILY, "store", "cram_school", "itself", "nobody"])
def test_the_list_is_that_of_the_single_decisions(school: School, node_kind, kind: str, who: str) -> None:
    agree(school)
    node_kind(kind)
    actor = actor_called(who, school)
    for category, purpose in uses_of(actor):
        assert listed(actor, category, purpose) == decided(actor, category, purpose), (category, purpose)


def test_a_teacher_who_leaves_a_class_loses_sight_of_it_the_same_day(school: School) -> None:
    today = clock.today()
    Enrolment.objects.filter(person=school.teacher.person, role="teacher").update(ends=today)
    actor = api.actor_of_account(school.teacher)
    assert listed(actor, RECORDS, "teaching", on=today - timedelta(days=1)) == set(school.pupils)
    assert listed(actor, RECORDS, "teaching") == decided(actor, RECORDS, "teaching") == set()


def test_a_guardian_loses_sight_on_the_eighteenth_birthday(school: School) -> None:
    guardian = api.actor_of_account(school.guardian)
    Person.objects.filter(uuid=school.pupils[0]).update(birth_date=date(2010, 6, 1))
    for on, seen in ((date(2028, 5, 31), {school.pupils[0]}), (date(2028, 6, 1), set())):
        assert listed(guardian, RECORDS, "own_use", on=on) == decided(guardian, RECORDS, "own_use", on=on)
        assert listed(guardian, RECORDS, "own_use", on=on) - {guardian.person} == seen


def test_a_hidden_address_hides_for_its_period_only(school: School) -> None:
    AddressProtection.objects.update(ends=BEGINS + timedelta(days=9))
    second = api.actor_of_account(school.second_guardian)
    for day, seen in ((BEGINS, set()), (BEGINS + timedelta(days=9), {school.pupils[0]})):
        assert listed(second, "subject.contact", "own_use", day) == decided(second, "subject.contact", "own_use", day)
        assert listed(second, "subject.contact", "own_use", day) - {school.second_guardian.person} == seen


@pytest.mark.parametrize(("other", "seen"), [(["P030", "P040"], True), (["P040"], False)])
def test_two_guardians_whose_words_have_nothing_in_common_open_nothing(
    school: School, other: list[str], seen: bool
) -> None:
    child = school.pupils[0]
    for guardian, subjects in ((school.guardian, ["P030"]), (school.second_guardian, other)):
        terms = terms_for(child, CRAM_SCHOOL, scope={"subjects": subjects})
        api.give_consent(terms, by=api.actor_of_account(guardian), capacity="guardian")
    cram_school = actor_called("cram_school", school)
    assert listed(cram_school, RECORDS, "tutoring") == decided(cram_school, RECORDS, "tutoring")
    assert (child in listed(cram_school, RECORDS, "tutoring")) == seen


def test_another_column_than_the_key_can_be_filtered(school: School) -> None:
    actor = api.actor_of_account(school.teacher)
    rows = Enrolment.objects.filter(api.visible(actor, RECORDS, "teaching", "person"), role="student")
    assert set(rows.values_list("person", flat=True)) == set(school.pupils)


def test_a_list_costs_the_questions_who_one_is_and_the_list_itself(django_assert_max_num_queries) -> None:
    actor = api.actor_of_account(make_school(pupils=40).teacher)
    with django_assert_max_num_queries(2):
        assert len(listed(actor, RECORDS, "teaching")) == 40


def test_an_unknown_use_is_no_empty_list(school: School) -> None:
    with pytest.raises(KeyError):
        api.visible(api.actor_of_account(school.teacher), RECORDS, "sightseeing")
