"""A small cram school: two teachers, each with a class, and what a family shared with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from terakoya.access.models import Consent, ConsentEvent
from terakoya.identity.api import create_account, node_uri
from terakoya.juku.actions import invite
from terakoya.juku.models import Invitation
from terakoya.kit import clock
from terakoya.records.models import Holding, Statement
from terakoya.roster.models import Course, Enrolment, Organisation, Person, Role, SchoolClass

STORE = "http://pds.example"
FIRST, LAST = clock.today() - timedelta(days=200), clock.today() + timedelta(days=100)


@dataclass
class School:
    """Keys of the people, and browsers in which the teachers are signed in."""

    pupil: UUID
    other_pupil: UUID
    teacher: Client
    other_teacher: Client


@pytest.fixture
def school(db: None, node_kind: Callable[[str], object]) -> School:
    node_kind("juku")
    place = Organisation.objects.create(sourced_id="o1", name="Wings Cram School", kind="school")
    course = Course.objects.create(sourced_id="c1", title="Mathematics", organisation=place)
    teacher, pupil = class_of(place, course, "A")
    other_teacher, other_pupil = class_of(place, course, "B")
    return School(pupil.pk, other_pupil.pk, signed_in(teacher), signed_in(other_teacher))


def class_of(place: Organisation, course: Course, mark: str) -> tuple[Person, Person]:
    klass = SchoolClass.objects.create(
        sourced_id=f"k{mark}",
        title=f"Class {mark}",
        kind="homeroom",
        school=place,
        course=course,
        begins=FIRST,
        ends=LAST + timedelta(days=1),
    )
    people = []
    for role in ("teacher", "student"):
        person = Person.objects.create(
            sourced_id=f"{role}{mark}", official_family="Family", official_given=f"{role} {mark}", grade="P5"
        )
        Role.objects.create(sourced_id=f"r{role}{mark}", person=person, organisation=place, name=role, begins=FIRST)
        Enrolment.objects.create(
            sourced_id=f"e{role}{mark}", person=person, school_class=klass, role=role, begins=FIRST
        )
        people.append(person)
    return people[0], people[1]


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(create_account(person.sourced_id, display_name=person.name, person=person.pk))
    return client


def invited(pupil: UUID) -> Invitation:
    today = clock.today()
    return invite(
        pupil,
        subjects=["P030"],
        first_day=today - timedelta(days=120),
        last_day=today,
        share_until=today + timedelta(days=90),
        by=None,
    )


@dataclass
class Shared:
    """What a family shared: the consent, and the record that came under it."""

    invitation: Invitation
    consent: Consent
    record: Statement


@pytest.fixture
def shared(school: School) -> Shared:
    invitation = invited(school.pupil)
    consent = Consent(
        subject=school.pupil,
        recipient=node_uri(),
        recipient_name="Wings",
        holder=STORE,
        holder_name="Store",
        categories=["activity.learning_school"],
        purpose="tutoring",
        scope=invitation.scope,
        dataset="learning-records",
        valid_until=clock.today() + timedelta(days=90),
        giver_name="Guardian",
        capacity="guardian",
        notice="",
        notice_version="1",
        notice_language="en",
        notice_digest="",
        created_at=clock.now(),
    )
    consent.save()
    happened(consent, "given")
    Invitation.objects.filter(pk=invitation.pk).update(consent=consent.uuid, used_at=clock.now())
    record = recorded(school.pupil, "Fractions in mathematics")
    Holding.objects.create(statement=record, consent=consent.uuid)
    return Shared(invitation, consent, record)


def happened(consent: Consent, kind: str) -> None:
    ConsentEvent(consent=consent, kind=kind, at=clock.now()).save()


def recorded(
    person: UUID, title: str, *, holder: str = STORE, subject: str = "P030", at: datetime | None = None
) -> Statement:
    at = at or clock.now() - timedelta(days=3)
    return Statement.objects.create(
        statement_id=uuid4(),
        raw=b"{}",
        version="2.0.0",
        stored=at,
        timestamp=at,
        day=at.astimezone(clock.JAPAN).date(),
        source="tool",
        holder=holder,
        agent="a",
        person=person,
        verb="http://adlnet.gov/expapi/verbs/answered",
        title=title,
        subject=subject,
        grade="P5",
        unit="8250243111100000",
        unit_title="Fractions",
        scaled=0.8,
    )
