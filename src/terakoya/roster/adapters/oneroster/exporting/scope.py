"""Which rows of the roster a package holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate

from terakoya.kit import clock
from terakoya.roster.models import (
    AcademicSession,
    Change,
    Course,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    Role,
    SchoolClass,
    UserProfile,
)
from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import Profile

from .places import Places

GUARDIANS = ("guardian", "parent")


@dataclass(frozen=True)
class Scope:
    """What a package is to hold.

    organisations: these and all below them; None: all
    on: as the roster stood on a day; None: all that lives, what is to come too
    since: the number of a change; only what was touched after it. None: everything
    """

    profile: Profile
    organisations: frozenset[UUID] | None = None
    on: date | None = None
    since: int | None = None

    @property
    def day(self) -> date:
        """The day on which it is decided which class is somebody's."""
        return self.on or clock.today()

    @property
    def since_when(self) -> datetime | None:
        """The moment from which on a delta tells."""
        if self.since is None:
            return None
        first = Change.objects.filter(pk__gt=self.since).order_by("pk").values_list("at", flat=True).first()
        return first or clock.now()

    @cached_property
    def places(self) -> Places:
        """The organisations and sessions, as the profile has them."""
        organisations = list(Organisation.objects.filter(self.lasting()))
        sessions = list(AcademicSession.objects.filter(self.lasting()))
        places = Places(self.profile, organisations, sessions, self.organisations)
        if self.organisations is None:
            return places
        lenders = Course.objects.filter(schoolclass__school__in=places.inside).values_list("organisation", flat=True)
        return Places(self.profile, organisations, sessions, self.organisations, set(lenders))

    @property
    def inside(self) -> Any:
        """The organisations whose roles and classes are told, to be looked up in."""
        return self._all_places() if self.organisations is None else self.places.inside

    @property
    def named(self) -> Any:
        """The organisations that are told of, to be looked up in."""
        return self._all_places() if self.organisations is None else self.places.named

    def _all_places(self) -> Any:
        return Organisation.objects.filter(self.lasting(), self.carried("kind", "orgType")).values("pk")

    def organisations_named(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(pk__in=self.named)

    def sessions(self) -> QuerySet[AcademicSession]:
        return AcademicSession.objects.filter(pk__in=[one.pk for one in self.places.sessions()])

    def courses(self) -> QuerySet[Course]:
        """Courses of the organisations, and those that their classes hold."""
        here = Q(organisation__in=self.inside) | Exists(self.classes().filter(course=OuterRef("pk")))
        return Course.objects.filter(self.lasting(), here)

    def classes(self) -> QuerySet[SchoolClass]:
        return SchoolClass.objects.filter(self._held(""))

    def people(self) -> QuerySet[Person]:
        """People with a role there or in a class there, and with a role at all that the profile has."""
        role = Exists(self._roles().filter(person=OuterRef("pk"), organisation__in=self.named))
        people = Person.objects.filter(self.lasting()).filter(role)
        if self.organisations is None:
            return people
        at_home = Exists(self._roles().filter(person=OuterRef("pk"), organisation__in=self.inside))
        in_class = Exists(self._enrolments().filter(self._held("school_class__"), person=OuterRef("pk")))
        return people.filter(at_home | in_class)

    @cached_property
    def keys_of_people(self) -> frozenset[UUID]:
        """Who is in the package; other rows are held against it one by one, which no database can plan badly."""
        return frozenset(self.people().values_list("pk", flat=True).iterator(chunk_size=5_000))

    @cached_property
    def keys_of_guardians(self) -> frozenset[UUID]:
        """Who is in the package as a guardian."""
        guarding = self.roles().filter(name__in=GUARDIANS).values_list("person", flat=True)
        return self.keys_of_people & frozenset(guarding.iterator(chunk_size=5_000))

    # of the following, the rows of people who are not in the package are to be passed over

    def roles(self) -> QuerySet[Role]:
        return self._roles().filter(organisation__in=self.named)

    def enrolments(self) -> QuerySet[Enrolment]:
        return self._enrolments().filter(self._held("school_class__"))

    def enrolments_of_any_role(self) -> QuerySet[Enrolment]:
        """Those too whose role the profile has not."""
        return self._holding(Enrolment.objects.all()).filter(self._held("school_class__"))

    def guardianships(self) -> QuerySet[Guardianship]:
        return self._holding(Guardianship.objects.all())

    def profiles(self) -> QuerySet[UserProfile]:
        return UserProfile.objects.filter(self.lasting())

    def _held(self, to: str) -> Q:
        """Classes of the organisations that are held, as conditions of a table from which the path leads to them."""
        held = Q() if self.on is None else Q(**{f"{to}begins__lte": self.on, f"{to}ends__gt": self.on})
        return self.lasting(to) & held & self.carried(f"{to}kind", "classType") & Q(**{f"{to}school__in": self.inside})

    def lasting(self, to: str = "") -> Q:
        """Rows without a period that have not ended."""
        ended = Q(**{f"{to}ended": None})
        return ended if self.on is None else ended | Q(**{f"{to}ended__gt": self.on})

    def carried(self, field: str, vocabulary: str) -> Q:
        """Rows whose value of a field the profile has, as it is or as another."""
        values = self.profile.vocabulary(vocabulary)
        known = Q(**{f"{field}__in": [*values.values, *self.profile.becomes.get(vocabulary, {})]})
        return known | Q(**{f"{field}__startswith": oneroster.EXTENSION_VALUE}) if values.is_open else known

    def _roles(self) -> QuerySet[Role]:
        return self._holding(Role.objects.all()).filter(self.carried("name", "role"))

    def _enrolments(self) -> QuerySet[Enrolment]:
        return self._holding(Enrolment.objects.all()).filter(self.carried("role", "enrolmentRole"))

    def _holding(self, rows: Any) -> Any:
        """The periods that count; one without a single day says nothing."""
        counting = rows.living() if self.on is None else rows.on(self.on)
        return counting.filter(Q(ends=None) | Q(ends__gt=F("begins")))


def in_order(rows: Any, *fields: str) -> Any:
    """Rows in the order of identifiers, character by character, whatever the order of the database is."""
    if connection.vendor == "postgresql":
        return rows.order_by(*(OrderBy(Collate(field, "C")) for field in fields))
    return rows.order_by(*fields)


def streamed(rows: Any, fields: Iterable[str]) -> Any:
    """Values of rows, read bit by bit."""
    return rows.values_list(*fields).iterator(chunk_size=5_000)
