"""Who is who on a day."""

from datetime import date
from uuid import UUID, uuid4

from pytest_django import DjangoAssertNumQueries

from terakoya.demo_town.api import Town
from terakoya.roster import api

BEFORE = date(2026, 3, 31)


def key(town: Town, role: str) -> UUID:
    person = town.cast[role].person
    assert person is not None
    return person


def test_homeroom_teacher_has_the_class_and_its_pupils(imported: api.ImportReport, town: Town) -> None:
    (klass,) = api.classes_of_teacher(key(town, "teacher"))
    assert (klass.title, klass.school.name) == ("5年2組", town.schools[0].name)
    pupils = api.pupils_in(klass)
    assert [one.number for one in pupils] == list(range(1, len(pupils) + 1))
    assert key(town, "pupil") in {one.person for one in pupils}


def test_class_has_no_pupils_before_the_year(imported: api.ImportReport, town: Town) -> None:
    (klass,) = api.classes_of_teacher(key(town, "teacher"))
    assert api.pupils_in(klass.uuid, BEFORE) == []
    assert api.classes_of_teacher(key(town, "teacher"), BEFORE) == []


def test_teaching_relations(imported: api.ImportReport, town: Town) -> None:
    pupil = key(town, "pupil")
    assert api.teaching_relation(key(town, "teacher"), pupil) == "homeroom_teacher"
    assert api.teaching_relation(key(town, "head"), pupil) == "head"
    assert api.teaching_relation(key(town, "other_teacher"), pupil) is None
    assert api.teaching_relation(key(town, "teacher"), pupil, BEFORE) is None
    assert api.teaching_relation(key(town, "guardian"), pupil) is None


def test_subject_teacher_relation(imported: api.ImportReport, town: Town) -> None:
    klass = next(one for one in town.classes if one.subject == "J030")
    teacher = next(one for one in town.teachers if klass in one.classes)
    pupil = next(one for one in town.pupils_of(klass) if one.home_class is not teacher.homeroom)
    assert api.teaching_relation(teacher.uuid, pupil.uuid) == "subject_teacher"


def test_head_of_another_school_has_no_relation(imported: api.ImportReport, town: Town) -> None:
    head = next(one for one in town.teachers if one.is_head and one.school is town.schools[1])
    assert api.teaching_relation(head.uuid, key(town, "pupil")) is None


def test_guardian_has_two_children_the_younger_first(imported: api.ImportReport, town: Town) -> None:
    children = api.children_of(key(town, "guardian"))
    assert [child.uuid for child in children] == [key(town, "sibling"), key(town, "pupil")]
    assert [child.grade for child in children] == ["P2", "P5"]


def test_guardianship_is_asked_in_both_directions(imported: api.ImportReport, town: Town) -> None:
    guardian, child = key(town, "guardian"), key(town, "pupil")
    assert api.is_guardian(guardian, child)
    assert not api.is_guardian(child, guardian)
    assert not api.is_guardian(guardian, key(town, "protected_pupil"))
    assert guardian in {one.uuid for one in api.guardians_of(child)}


def test_address_is_hidden_from_one_guardian_only(imported: api.ImportReport, town: Town) -> None:
    child, elsewhere = key(town, "protected_pupil"), key(town, "guardian_elsewhere")
    assert api.address_hidden_from(elsewhere, child)
    assert api.address_hidden_from(elsewhere, key(town, "protected_guardian"))
    assert not api.address_hidden_from(key(town, "protected_guardian"), child)
    assert not api.address_hidden_from(child, elsewhere)


def test_roles_and_school_of_people(imported: api.ImportReport, town: Town) -> None:
    assert api.roles_of(key(town, "head")) == {"teacher", "principal"}
    assert api.roles_of(key(town, "guardian")) == {"guardian"}
    school = api.school_of(key(town, "pupil"))
    assert school is not None
    assert school.code == town.schools[0].code


def test_strangers_are_nobody(imported: api.ImportReport) -> None:
    nobody = uuid4()
    assert api.person(nobody) is None
    assert api.people([nobody]) == {}
    assert api.school_class(nobody) is None
    assert api.homeroom_of(nobody) is None
    assert api.school_of(nobody) is None
    assert api.roles_of(nobody) == set()


def test_board_comes_before_its_schools(imported: api.ImportReport, town: Town) -> None:
    assert api.organisations()[0].name == town.board.name
    assert len(api.organisations()) == 4


def test_each_question_is_one_query(
    imported: api.ImportReport, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    teacher, guardian, pupil = key(town, "teacher"), key(town, "guardian"), key(town, "pupil")
    with django_assert_num_queries(1):
        schools = [klass.school.name for klass in api.classes_of_teacher(teacher)]
    with django_assert_num_queries(1):
        names = [child.name for child in api.children_of(guardian)]
    with django_assert_num_queries(1):
        klass = api.homeroom_of(pupil)
    assert klass is not None
    with django_assert_num_queries(1):
        names += [one.name for one in api.pupils_in(klass)]
    with django_assert_num_queries(1):
        assert len(api.people([teacher, guardian, pupil])) == 3
    assert schools
    assert names
