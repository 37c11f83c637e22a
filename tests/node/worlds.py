"""A small world for each kind of node, made through the doors that real people and organisations use.

Its cast are the accounts that may knock at a route; its ids are those of one child of the cast and of what belongs to
that child: a class, a consent, an invitation.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from terakoya.access import api as access
from terakoya.access.actors import actor_of_account
from terakoya.demo_town import api as demo_town
from terakoya.exchange.models import AskedAuthorisation, AuthorisationRequest, Partner
from terakoya.identity import api as identity
from terakoya.juku.actions import Invitations, invite
from terakoya.kit import clock
from terakoya.pds import api as pds
from terakoya.rights import api as rights
from terakoya.rights import requests
from terakoya.roster import api as roster
from terakoya.roster import uploads
from terakoya.roster.models import AddressProtection, Enrolment, Guardianship, Person, Role, Rollover, SchoolClass
from tests.exchange.conftest import receipt_from

Ids = dict[str, Any]
PASSWORD = "a-long-pass-phrase"
DATASET = "learning-records"
ABOUT_A_PERSON = ("person", "person_name", "names_of", "pair_apart", "family", "guardianship", "protection")
ABOUT_A_PERSON += ("class_period", "role_period", "serving", "person_change")


@dataclass
class World:
    """``cast``: an account a role, None for nobody; ``ids``: path parameters, a set for each child that is asked about.

    Parameters are named as in the path, or ``room.name`` or ``room.route.name`` where one name is used for different
    things.
    """

    cast: dict[str, identity.Account | None]
    ids: dict[str, Ids]
    queries: dict[str, str] = field(default_factory=dict)


def world_of(kind: str, folder: Path) -> World:
    """The world of a kind of node; the process must be one of that kind."""
    make: Callable[[Path], World] = {"city": _city, "pds": _pds, "juku": _juku}.get(kind, _without_people)
    return make(folder)


def _city(folder: Path) -> World:
    town = demo_town.make_town(7, clock.today(), pupils=60)
    package = demo_town.write_city_package(town, folder)
    roster.import_package(package, by="clerk")
    waiting = uploads.check(SimpleUploadedFile(package.name, package.read_bytes()), by="clerk")
    roles = ("head", "teacher", "other_teacher", "guardian", "guardian_elsewhere", "protected_guardian", "pupil")
    people = {role: _account(town.cast[role].username) for role in roles}
    people |= _further_relations(town.cast["pupil"].person)
    clerk = identity.create_account("clerk", display_name="Clerk", is_administrator=True)
    store = _partner("pds")
    ids = {}
    for child, guardian in (("pupil", "guardian"), ("protected_pupil", "protected_guardian")):
        person = town.cast[child].person
        homeroom = roster.homeroom_of(person)
        consent = _consent(person, store, people[guardian], "own_use")
        ids[child] = _parameters(person, consent) | {"school_class": homeroom.pk, "roster.uuid": waiting.uuid}
        ids[child] |= _register(person, homeroom)
        ids[child] |= {"rights.number": _request(person, people[guardian]), "line": _looked_at(person, people["head"])}
    return World(
        {"nobody": None, "clerk": clerk, **people},
        {"": ids["pupil"], "protected_pupil": ids["protected_pupil"]},
        {"exchange.authorise": f"?request_uri={_asked_of_a_guardian(store).request_uri}"},
    )


def _further_relations(pupil: UUID) -> dict[str, identity.Account]:
    """Who else is or was something to the pupil: at the school, in a subject, until yesterday."""
    homeroom = roster.homeroom_of(pupil)
    assert homeroom is not None
    began, today = clock.today() - timedelta(days=100), clock.today()
    subject = SchoolClass.objects.create(
        sourced_id="subject",
        title="Subject",
        kind="scheduled",
        school=homeroom.school,
        course=homeroom.course,
        begins=homeroom.begins,
        ends=homeroom.ends,
    )
    roles = {
        "subject_teacher": "teacher",
        "former_teacher": "teacher",
        "nurse": "ext:nurse",
        "office": "siteAdministrator",
        "former_guardian": "guardian",
    }
    people = {name: Person.objects.create(sourced_id=name, username=name, display_family=name) for name in roles}
    for name, role in roles.items():
        Role.objects.create(sourced_id=name, person=people[name], organisation=homeroom.school, name=role, begins=began)
    for name, taught, ends in (("subject_teacher", subject, None), ("former_teacher", homeroom, today)):
        _enrol(name, people[name].uuid, taught, "teacher", began, ends)
    _enrol("subject_pupil", pupil, subject, "student", began, None)
    Guardianship.objects.create(guardian=people["former_guardian"], child_id=pupil, begins=began, ends=today)
    return {
        name: identity.create_account(name, display_name=name, person=person.uuid) for name, person in people.items()
    }


def _enrol(key: str, person: UUID, school_class: SchoolClass, role: str, begins: date, ends: date | None) -> None:
    Enrolment.objects.create(
        sourced_id=key, person_id=person, school_class=school_class, role=role, begins=begins, ends=ends
    )


def _pds(folder: Path) -> World:
    guardian, other = (pds.sign_up(name, name=name, password=PASSWORD) for name in ("guardian", "other"))
    child = pds.add_child(guardian, name="A Child", kana="child", grade=5)
    pds.add_child(other, name="Another Child", kana="another", grade=5)
    itself = pds.make_child_account(child, username="child", password=PASSWORD)
    operator = identity.create_account("operator", display_name="Operator", is_administrator=True)
    consent = _consent(child.person, _partner("juku"), guardian, "tutoring")
    asked = _asked_by_this_node(child.person, _partner("city"))
    ids = _parameters(child.person, consent) | {"rights.number": _request(child.person, guardian)}
    return World(
        {"nobody": None, "operator": operator, "guardian": guardian, "other_guardian": other, "child": itself},
        {"": ids},
        {"pds.connect_return": f"?state={asked.state}&error=access_denied"},
    )


def _juku(folder: Path) -> World:
    town = demo_town.make_town(7, clock.today(), pupils=60)
    report = roster.import_package(demo_town.write_juku_package(town, folder), by="clerk")
    roles = ("juku_teacher", "other_juku_teacher", "juku_pupil")
    people = {role: _account(town.cast[role].username) for role in roles if role != "juku_pupil"}
    clerk = identity.create_account("clerk", display_name="Clerk", is_administrator=True)
    pupil = town.cast["juku_pupil"].person
    consent = _copy_of_consent(pupil, _partner("pds"))
    Invitations().accept(_invitation(pupil).code, consent, uuid4())
    ids = _parameters(pupil, consent) | {"roster.uuid": report.entry, "invitation": _invitation(pupil).uuid}
    return World({"nobody": None, "clerk": clerk, **people}, {"": ids})


def _without_people(folder: Path) -> World:
    """Nodes that keep no people: an account of no role, and the node's clerk."""
    member = identity.create_account("member", display_name="Member")
    clerk = identity.create_account("clerk", display_name="Clerk", is_administrator=True)
    return World({"nobody": None, "member": member, "clerk": clerk}, {"": _parameters(uuid4(), uuid4())})


def _account(username: str) -> identity.Account:
    account = identity.account_named(username)
    assert account is not None, username
    return account


def _parameters(person: UUID, consent: UUID) -> Ids:
    known = {"person": person, "uuid": consent, "number": consent, "consent": consent, "pairwise": uuid4()}
    known |= {"kind": "disclosure", "step": "what", "line": 0, "rights.number": uuid4()}
    known |= {"identity.number": 1, "token": "no-such-card", "part": "school.nurse", "category": "activity.health"}
    known |= dict.fromkeys(("key", "klass", "client_id", "item", "student"), "no-such-one")
    known |= {f"oneroster.{name}": "no-such-one" for name in ("course", "term", "user", "session", "school")}
    known |= {"roster.table_template.kind": "pupils", "roster.list.kind": "pupils", "form": "utf-8", "school": uuid4()}
    known |= {"roster.export_under_way.key": uuid4(), "roster.export_package.key": uuid4()}
    return known | {"pid": f"urn:uuid:{uuid4()}", "code": "ABCD-EFGH", "dataset_id": DATASET, "topic": "greeting"}


def _request(person: UUID, guardian: identity.Account) -> UUID:
    wish = rights.Wish("disclosure", person, ("subject.identity",))
    return requests.ask(uuid4(), wish, by=actor_of_account(guardian)).uuid


def _register(person: UUID, homeroom: SchoolClass) -> Ids:
    """What the desk of the register shows about a child: class, plan of the next year, frozen day, latest change."""
    school = homeroom.school_id
    year = clock.school_year(clock.today()) + 1
    plan = Rollover.objects.filter(school_year=year).first() or roster.life.draft(year, [school], by="clerk")
    other = Person.objects.exclude(pk=person).order_by("pk").values_list("pk", flat=True).first()
    classes = ("class", "class_csv", "class_xlsx")
    days = ("day", "day_csv", "day_xlsx")
    frozen = roster.life.freeze(clock.today(), school, by="clerk")
    known: Ids = {"register.key": plan.pk, "register.pair.key": person, "register.pair.other": other}
    known |= {f"register.{name}.key": homeroom.pk for name in classes}
    known |= {f"register.{name}.key": frozen.pk for name in days}
    known |= {f"register.{name}.key": person for name in ABOUT_A_PERSON}
    known |= _rows_of(person)
    known |= {"register.change.number": roster.latest_change(), "register.year_class.number": plan.classes.first().pk}
    known |= {"register.year_class_step.number": plan.classes.first().pk}
    known |= {"register.year_pupil.number": plan.placements.first().pk}
    return known | {"school": school}


def _rows_of(person: UUID) -> Ids:
    """Rows about a child that the desk can change; nobody has all of them."""
    rows = {
        "guardianship": Guardianship.objects.filter(child=person),
        "protection": AddressProtection.objects.filter(person=person),
        "class_period": Enrolment.objects.filter(person_id=person),
        "role_period": Role.objects.filter(person=person),
    }
    found = {name: known.order_by("pk").values_list("pk", flat=True).first() or 0 for name, known in rows.items()}
    return {f"register.{name}.row": row for name, row in found.items()} | {
        "register.person_change.number": roster.latest_change()
    }


def _looked_at(person: UUID, by: identity.Account) -> int:
    """The line of the log that says that somebody looked."""
    actor, category = actor_of_account(by), "activity.learning_school"
    decision = access.may(actor, category, "teaching", person)
    with transaction.atomic():
        return access.record_access(actor, decision, [person], category, "teaching", "pupil_records").index


def _partner(kind: str) -> Partner:
    return Partner.objects.create(
        uri=f"http://{kind}.example", name=f"The {kind}", kind=kind, jwk=identity.public_jwk(), kid=kind
    )


def _terms(person: UUID, recipient: str, holder: str, purpose: str) -> access.Terms:
    return access.Terms(
        subject=person,
        recipient=recipient,
        recipient_name="The recipient",
        holder=holder,
        holder_name="The holder",
        categories=("activity.learning_school",),
        purpose=purpose,
        valid_until=clock.today() + timedelta(days=30),
        dataset=DATASET,
    )


def _consent(person: UUID, recipient: Partner, guardian: identity.Account, purpose: str) -> UUID:
    terms = _terms(person, recipient.uri, identity.node_uri(), purpose)
    return access.give_consent(terms, by=actor_of_account(guardian), capacity="guardian").uuid


def _copy_of_consent(person: UUID, holder: Partner) -> UUID:
    """The consent that a family's store would bring, kept by the recipient as it does."""
    receipt = receipt_from(holder, uuid4(), "tutoring")
    return access.record_copy(receipt, subject=person, source_uri=holder.uri).uuid


def _asked_of_a_guardian(partner: Partner) -> AuthorisationRequest:
    return AuthorisationRequest.objects.create(
        request_uri="urn:ietf:params:oauth:request_uri:asked",
        partner=partner,
        dataset_id=DATASET,
        purpose="own_use",
        valid_until=clock.today() + timedelta(days=30),
        redirect_uri=f"{partner.uri}/connect/return/",
        state="s" * 32,
        code_challenge="c" * 43,
        expires_at=clock.now() + timedelta(minutes=20),
    )


def _asked_by_this_node(person: UUID, partner: Partner) -> AskedAuthorisation:
    return AskedAuthorisation.objects.create(
        state="s" * 32,
        partner=partner,
        subject=person,
        dataset_id=DATASET,
        purpose="own_use",
        valid_until=clock.today() + timedelta(days=30),
        return_url=f"{identity.node_uri()}/connect/return/",
        code_verifier="v" * 43,
    )


def _invitation(pupil: UUID) -> Any:
    today = clock.today()
    days = {"first_day": today - timedelta(days=90), "last_day": today, "share_until": today + timedelta(days=30)}
    return invite(pupil, subjects=["P030"], by=None, **days)


def signed_in(account: identity.Account | None) -> Client:
    """A browser in which the account is signed in; it reports faults of the node as answers of status 500."""
    browser = Client(raise_request_exception=False)
    if account is not None:
        browser.force_login(account)
    return browser
