"""What a table writes: who is new, moved, renamed or gone, and that all of it can be taken back."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from terakoya.identity import api as identity
from terakoya.roster import api
from terakoya.roster.models import Enrolment, Guardianship, Organisation, Person, Role, RosterImport, SchoolClass
from terakoya.roster.people.owners import ENVIRONMENT
from terakoya.roster.tables.taking import NotTaken

from .tables import HEADINGS, draft, pupils_of, row_of, workbook

pytestmark = pytest.mark.django_db
NEW = ["5", "1", 99, "新田 さくら", "にった　さくら", "H27.5.14"]


def place_of(person: Person) -> Enrolment:
    return Enrolment.objects.living().get(person=person, role="student", school_class__kind="homeroom")


def test_the_same_list_again_changes_nothing(school: Organisation) -> None:
    rows = [row_of(one) for one in pupils_of(school)]
    before = api.state()
    waiting = draft(school, workbook([HEADINGS, *rows]))
    assert not waiting.plan.faults
    assert not waiting.plan.changes_anything
    waiting.take_over(by="clerk")
    assert api.state() == before


def test_a_new_pupil_gets_a_key_an_account_a_role_and_a_place(school: Organisation) -> None:
    entry = draft(school, workbook([HEADINGS, NEW])).take_over(by="clerk")
    person = Person.objects.get(official_family="新田")
    assert (person.sourced_id, person.uuid.version) == (str(person.uuid), 4)
    assert (person.birth_date, person.kana, person.grade) == (date(2015, 5, 14), "ニッタ サクラ", "P5")
    assert (place_of(person).number, place_of(person).school_class.school) == (99, school)
    assert Role.objects.get(person=person).name == "student"
    account = identity.account_named(person.username)
    assert account is not None
    assert account.is_active
    assert entry.counts["people"]["new"] == 1


def test_the_change_can_be_taken_back_as_a_whole(school: Organisation) -> None:
    before = api.state()
    some = pupils_of(school)[0]
    rows = [HEADINGS, NEW, row_of(some, 番号=77), ["3", "9", 1, "転入 太郎", "てんにゅう たろう", "2017/8/1"]]
    entry = draft(school, workbook(rows)).take_over(by="clerk")
    assert api.state() != before
    assert entry.change is not None
    api.undo(entry.change, by="clerk")
    assert api.state() == before


def test_a_pupil_who_changes_class_has_two_periods_without_a_gap(school: Organisation) -> None:
    pupil = next(one for one in pupils_of(school) if place_of(one).school_class.title.startswith("5年"))
    before = place_of(pupil)
    other = "2" if before.school_class.title == "5年1組" else "1"
    draft(school, workbook([HEADINGS, row_of(pupil, 組=other, 番号=88)]), day="2026-12-01").take_over(by="clerk")
    before.refresh_from_db()
    after = place_of(pupil)
    assert before.ends == after.begins == date(2026, 12, 1)
    assert (after.school_class.title, after.number) == (f"5年{other}組", 88)


def test_who_is_missing_stays_unless_the_table_is_called_complete(school: Organisation) -> None:
    pupils = pupils_of(school)
    rows = [row_of(one) for one in pupils[1:]]
    waiting = draft(school, workbook([HEADINGS, *rows]))
    assert [one.pk for one in waiting.plan.not_in_it] == [pupils[0].pk]
    waiting.take_over(by="clerk")
    assert place_of(pupils[0])
    draft(school, workbook([HEADINGS, *rows]), extent="school").take_over(by="clerk")
    assert not Enrolment.objects.on(date(2026, 11, 24)).filter(person=pupils[0]).exists()
    account = identity.account_of(pupils[0].pk)
    assert account is not None
    assert not account.is_active


def test_a_table_that_would_end_many_says_so(school: Organisation) -> None:
    rows = [row_of(one) for one in pupils_of(school)[:3]]
    assert draft(school, workbook([HEADINGS, *rows]), extent="school").plan.ends_many
    assert not draft(school, workbook([HEADINGS, *rows])).plan.ends_many


def test_a_class_that_the_school_lacks_is_made(school: Organisation) -> None:
    waiting = draft(school, workbook([HEADINGS, ["3", "9", 1, "転入 太郎", "てんにゅう たろう", "2017/8/1"]]))
    assert waiting.plan.new_classes == {("P3", "9"): [2]}
    waiting.take_over(by="clerk")
    made = SchoolClass.objects.get(title="3年9組")
    assert (made.grades, made.kind, made.begins, made.ends) == ("P3", "homeroom", date(2026, 4, 1), date(2027, 4, 1))
    assert made.terms.get().school_year == 2026


def test_an_empty_cell_changes_nothing(school: Organisation) -> None:
    pupil = pupils_of(school)[0]
    draft(school, workbook([[*HEADINGS, "住所"], [*row_of(pupil, ふりがな=None), None]])).take_over(by="clerk")
    again = Person.objects.get(pk=pupil.pk)
    assert (again.kana, again.address) == (pupil.kana, pupil.address)


def test_guardians_beside_pupils_become_guardians(school: Organisation) -> None:
    rows = [[*HEADINGS, "保護者氏名", "電話"], [*NEW, "新田 花子", "090-0000-0001"]]
    sibling = ["3", "1", 98, "新田 もみじ", "にった　もみじ", "H29.5.14", "新田 花子", "090-0000-0001"]
    draft(school, workbook([*rows, sibling])).take_over(by="clerk")
    guardian = Person.objects.get(official_family="新田", official_given="花子")
    assert {one.official_given for one in api.children_of(guardian.pk)} == {"さくら", "もみじ"}
    assert api.roles_of(guardian.pk) == {"guardian"}


def test_guardians_table_adds_a_guardian_to_a_known_child(school: Organisation) -> None:
    child = pupils_of(school)[0]
    rows = [["児童氏名", "生年月日", "保護者氏名", "続柄"], [child.official_name, child.birth_date, "新田 次郎", "父"]]
    draft(school, workbook(rows), "guardians").take_over(by="clerk")
    row = Guardianship.objects.get(child=child, guardian__official_given="次郎")
    assert (row.relation, row.has_custody) == ("父", True)


def test_staff_get_their_post_and_their_class(school: Organisation) -> None:
    rows = [
        ["職名", "氏名", "担任", "メールアドレス"],
        ["教諭", "新任 一郎", "5年1組", "ichiro@example.jp"],
        ["養護教諭", "新任 二郎", "", ""],
    ]
    draft(school, workbook(rows), "staff").take_over(by="clerk")
    teacher = Person.objects.get(official_given="一郎")
    assert api.roles_of(teacher.pk) == {"teacher"}
    assert [one.title for one in api.classes_of_teacher(teacher.pk)] == ["5年1組"]
    assert api.roles_of(Person.objects.get(official_given="二郎").pk) == {"ext:nurse"}


def test_a_login_name_of_somebody_else_writes_nothing(school: Organisation) -> None:
    before, taken = api.state(), pupils_of(school)[0].username
    waiting = draft(school, workbook([[*HEADINGS, "ログインID"], [*NEW, taken]]))
    with pytest.raises(NotTaken) as refused:
        waiting.take_over(by="clerk")
    assert [(one.code, one.row) for one in refused.value.faults] == [("login.taken", 2)]
    assert api.state() == before


def test_the_import_stands_in_the_history(school: Organisation) -> None:
    entry = draft(school, workbook([HEADINGS, NEW])).take_over(by="clerk")
    assert RosterImport.objects.get(pk=entry.pk).profile == "table:pupils"
    assert entry.change is not None
    assert (entry.change.kind, entry.change.by) == ("table", "clerk")


def test_who_comes_from_another_school_of_the_node_is_no_new_person(school: Organisation) -> None:
    other = Organisation.objects.filter(code__startswith="B1").exclude(pk=school.pk).order_by("name").first()
    assert other is not None
    pupil = pupils_of(other)[0]
    row = row_of(pupil, 学年="5", 組="1", 番号=97)
    waiting = draft(school, workbook([HEADINGS, row]))
    (entry,) = waiting.plan.entries
    assert (entry.state, entry.candidates) == ("doubtful", (pupil,))
    waiting.choose(decisions={"2": str(pupil.pk)})
    waiting.take_over(by="clerk")
    assert Role.objects.on(date(2026, 11, 24)).filter(person=pupil, organisation=school, name="student").exists()


def test_new_guardians_of_one_name_are_one_person_only_if_somebody_says_so(school: Organisation) -> None:
    rows = [
        [*HEADINGS, "保護者氏名"],
        [*NEW, "新田 花子"],
        ["3", "1", 98, "新田 もみじ", "にった　もみじ", "H29.5.14", "新田 花子"],
    ]
    waiting = draft(school, workbook(rows))
    assert [(one.asked, one.state) for one in waiting.plan.guardians] == [("g2", "new"), ("g3", "doubtful")]
    with pytest.raises(NotTaken):
        waiting.take_over(by="clerk")
    waiting.choose(decisions={"g3": "new"})
    assert waiting.plan.is_ready
    waiting.choose(decisions={"g3": "row:2"})
    waiting.take_over(by="clerk")
    guardian = Person.objects.get(official_family="新田", official_given="花子")
    assert len(api.children_of(guardian.pk)) == 2


def test_a_row_may_ask_about_the_pupil_and_about_the_guardian(school: Organisation) -> None:
    pupil = pupils_of(school)[0]
    (guardian, *_) = [*api.guardians_of(pupil.pk)]
    Person.objects.filter(pk=guardian.pk).update(phone="090-0000-0009")
    row = [*row_of(pupil, 番号=77, 生年月日=None), guardian.official_name, "090-0000-0009"]
    waiting = draft(school, workbook([[*HEADINGS, "保護者氏名", "電話"], row]), decisions={"2": "new"})
    assert [(one.asked, one.state) for one in waiting.plan.guardians] == [("g2", "doubtful")]
    waiting.choose(decisions={"2": "new", "g2": str(guardian.pk)})
    assert waiting.plan.is_ready


def test_what_a_list_says_of_another_systems_field_waits(
    school: Organisation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = files("terakoya.roster").joinpath("owners.toml").read_text("utf-8")
    (tmp_path / "owners.toml").write_text(
        text.replace('connected = ["school_affairs"]', 'connected = ["school_affairs", "resident_registry"]'), "utf-8"
    )
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "owners.toml"))
    pupil = pupils_of(school)[0]
    rows = [[*HEADINGS, "住所"], [*row_of(pupil, 番号=77), "港町9-9-9"]]
    entry = draft(school, workbook(rows)).take_over(by="clerk")
    assert (Person.objects.get(pk=pupil.pk).address, place_of(pupil).number) == (pupil.address, 77)
    assert entry.counts["proposals"]["new"] == 1
    assert api.who.proposals().get().proposed == "港町9-9-9"


def test_a_name_that_a_list_replaces_is_kept_as_a_past_one(school: Organisation) -> None:
    pupil = pupils_of(school)[0]
    draft(school, workbook([HEADINGS, row_of(pupil, ふりがな="べつの　なまえ")])).take_over(by="clerk")
    assert [one.kana for one in api.who.past_names_of(pupil.pk)] == [pupil.kana]
