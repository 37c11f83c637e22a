"""The roster: who belongs where, and since when."""

import uuid
from datetime import date
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from terakoya.standards.oneroster_profiles import PROFILES

from .applied_models import Applied
from .change_models import Before, Change, Head, Kept
from .life_models import Placement, PlannedClass, Rollover, RolloverEvent, Snapshot
from .people_models import Alias, JisForm, NameChoice, NotTheSame, PastName, Proposal, ProposalEvent
from .table_models import ColumnMapping, ListedMunicipality, ListedSchool, TableDraft

Of = TypeVar("Of", bound="Period")
__all__ = [
    "Alias",
    "Applied",
    "Before",
    "Change",
    "ColumnMapping",
    "Head",
    "JisForm",
    "ListedMunicipality",
    "ListedSchool",
    "NameChoice",
    "NotTheSame",
    "PastName",
    "Placement",
    "PlannedClass",
    "Proposal",
    "ProposalEvent",
    "Rollover",
    "RolloverEvent",
    "Snapshot",
    "TableDraft",
]


class PeriodQuerySet(models.QuerySet[Of]):
    def on(self, day: date) -> "PeriodQuerySet[Of]":
        """The rows that hold on a day."""
        return self.filter(models.Q(ends=None) | models.Q(ends__gt=day), begins__lte=day)

    def living(self) -> "PeriodQuerySet[Of]":
        """The rows that no import has closed."""
        return self.filter(closed_by=None)


class RosterImport(models.Model):
    """One attempt to take over a package, with what came of it. Findings quote the cells they complain about.

    category: subject.identity
    basis: administration of the school register (School Education Act enforcement ordinance, art. 1)
    retention: 5 years
    """

    class Outcome(models.TextChoices):
        RUNNING = "running", _("under way")
        CHECKED = "checked", _("waiting for confirmation")
        REFUSED = "refused", _("refused")
        IMPORTED = "imported", _("taken over")

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    profile = models.CharField(max_length=40, default="")  # name of the profile the package was recognised as
    origin = models.CharField(max_length=150, default="")  # the system it comes from, by its id in ``owners.toml``
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    change = models.OneToOneField(Change, models.PROTECT, null=True, related_name="source")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.file_name}: {self.outcome}"

    @property
    def profile_title(self) -> str:
        """The profile that the package was recognised as, as it is published; empty where it was not."""
        profile = PROFILES.get(self.profile)
        return profile.title if profile else ""


class Period(Kept):
    """``begins`` is the first day; ``ends`` the first day on which it holds no longer, none while it is open."""

    begins = models.DateField()
    ends = models.DateField(null=True)
    stated_begins = models.DateField(
        null=True
    )  # as the roster says it; differs after a change in the middle of a period
    closed_by = models.ForeignKey(
        Change, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        abstract = True


class Organisation(Kept):
    """A school, or the board of education above schools.

    category: none (an organisation is no person)
    basis: administration of the school register
    retention: while anything refers to it
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sourced_id = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=255)
    code = models.CharField(max_length=255, default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    ended = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class AcademicSession(Kept):
    """A school year or a part of one; ``ends`` is the first day after it.

    category: none (says nothing of anybody)
    basis: administration of the school register
    retention: while anything refers to it
    """

    sourced_id = models.CharField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=255)
    begins = models.DateField()
    ends = models.DateField()
    school_year = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    ended = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title


class Course(Kept):
    """What is taught, apart from who is taught.

    category: none (says nothing of anybody)
    basis: administration of the school register
    retention: while anything refers to it
    """

    sourced_id = models.CharField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    code = models.CharField(max_length=255, default="")
    grades = models.CharField(max_length=255, default="")
    subjects = models.CharField(max_length=255, default="")
    subject_codes = models.CharField(max_length=255, default="")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    session = models.ForeignKey(AcademicSession, models.PROTECT, null=True)
    ended = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title


class SchoolClass(Kept):
    """A class: a ``homeroom``, or a ``scheduled`` one in which a subject is taught. It lasts as long as its sessions.

    category: none (who is in it is said by Enrolment)
    basis: administration of the school register
    retention: while anything refers to it
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sourced_id = models.CharField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=255)
    code = models.CharField(max_length=255, default="")
    location = models.CharField(max_length=255, default="")
    grades = models.CharField(max_length=255, default="")  # comma-separated codes, such as P5
    subjects = models.CharField(max_length=255, default="")
    subject_codes = models.CharField(max_length=255, default="")
    hours = models.CharField(max_length=255, default="")  # comma-separated; ``periods`` in OneRoster
    special_needs = models.BooleanField(default=False)
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="classes")
    course = models.ForeignKey(Course, models.PROTECT)
    terms = models.ManyToManyField(AcademicSession, through="ClassTerm", related_name="classes")
    begins = models.DateField()
    ends = models.DateField()
    ended = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title

    @property
    def is_homeroom(self) -> bool:
        return self.kind == "homeroom"


class ClassTerm(Kept):
    """A session in which a class is held.

    category: none (says nothing of anybody)
    basis: administration of the school register
    retention: while the class is kept
    """

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+")
    session = models.ForeignKey(AcademicSession, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_class", "session"], name="one_class_term")]

    def __str__(self) -> str:
        return f"{self.school_class_id} {self.session_id}"


class Person(Kept):
    """Somebody of the roster. The official name stays in school affairs; pages show the display name and its reading.

    ``kana_*`` read the display name, ``official_kana_*`` the official one. ``birth_date`` is None and ``sex`` empty
    where no delivery has told them. ``user_ids`` are a comma-separated list of ``{type:id}``, as systems use them.

    category: subject.identity, subject.contact, subject.official
    basis: administration of the school register (School Education Act enforcement ordinance, art. 1)
    retention: 5 years after the last role ended
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sourced_id = models.CharField(max_length=255, unique=True)
    username = models.CharField(max_length=150, default="")
    enabled = models.BooleanField(default=True)
    official_family = models.CharField(max_length=150, default="")
    official_given = models.CharField(max_length=150, default="")
    official_middle = models.CharField(max_length=150, default="")
    display_family = models.CharField(max_length=150, default="")
    display_given = models.CharField(max_length=150, default="")
    display_middle = models.CharField(max_length=150, default="")
    kana_family = models.CharField(max_length=150, default="")
    kana_given = models.CharField(max_length=150, default="")
    kana_middle = models.CharField(max_length=150, default="")
    official_kana_family = models.CharField(max_length=150, default="")
    official_kana_given = models.CharField(max_length=150, default="")
    official_kana_middle = models.CharField(max_length=150, default="")
    grade = models.CharField(max_length=255, default="")
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=20, default="")  # female | male | other | unspecified
    address = models.CharField(max_length=255, default="")
    phone = models.CharField(max_length=255, default="")
    sms = models.CharField(max_length=255, default="")
    email = models.CharField(max_length=254, default="")
    identifier = models.CharField(max_length=255, default="")
    user_ids = models.CharField(max_length=255, default="")
    pronouns = models.CharField(max_length=255, default="")
    primary_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    ended = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["change", "uuid"], name="person_by_change")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def official_name(self) -> str:
        return _joined(self.official_family, self.official_middle, self.official_given)

    @property
    def name(self) -> str:
        """The display name; the official one where no other was given."""
        shown = _joined(self.display_family, self.display_given)
        return shown or self.official_name

    @property
    def kana(self) -> str:
        return _joined(self.kana_family, self.kana_given)


class UserProfile(Kept):
    """An account of somebody in a vendor's application, as userProfiles.csv tells of it; never a password.

    category: subject.identity
    basis: administration of the school register
    retention: while the person has a role
    """

    sourced_id = models.CharField(max_length=255, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="profiles")
    kind = models.CharField(max_length=255)
    vendor = models.CharField(max_length=255)
    application = models.CharField(max_length=255, default="")
    description = models.CharField(max_length=255, default="")
    credential_kind = models.CharField(max_length=255, default="")
    username = models.CharField(max_length=255, default="")
    ended = models.DateField(null=True)

    def __str__(self) -> str:
        return self.sourced_id


class Role(Period):
    """What somebody is at an organisation: one of the twelve role names of OneRoster 1.2.

    category: subject.identity
    basis: administration of the school register
    retention: 5 years after it ended
    """

    sourced_id = models.CharField(max_length=255)
    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roles")
    name = models.CharField(max_length=255)
    is_primary = models.BooleanField(default=True)
    profile = models.ForeignKey(UserProfile, models.PROTECT, null=True, related_name="+")

    objects = PeriodQuerySet["Role"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sourced_id"], condition=models.Q(closed_by=None), name="one_living_role")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.begins}"


class Enrolment(Period):
    """Somebody in a class, as student or teacher.

    A prefecture has millions: person and class are checked by sets when rows are written, not row by row by the
    database.

    category: subject.identity
    basis: administration of the school register
    retention: 20 years after it ended (School Education Act enforcement ordinance, art. 28: register of pupils)
    """

    sourced_id = models.CharField(max_length=255)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments", db_constraint=False, db_index=False)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="enrolments", db_constraint=False, db_index=False
    )
    role = models.CharField(max_length=255)
    is_primary = models.BooleanField(default=False)
    number = models.PositiveIntegerField(null=True)  # attendance number
    is_public = models.BooleanField(default=True)

    objects = PeriodQuerySet["Enrolment"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sourced_id"], condition=models.Q(closed_by=None), name="one_living_enrolment"
            )
        ]
        indexes = [
            models.Index(fields=["school_class", "role"], name="enrolment_by_class"),
            models.Index(fields=["person", "role"], name="enrolment_by_person"),
            models.Index(fields=["change", "id"], name="enrolment_by_change"),
            # the last of several closed ones with one identifier; a first load has none, so it costs nothing
            models.Index(
                fields=["sourced_id", "id"], condition=models.Q(closed_by__isnull=False), name="enrolment_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.begins}"


class Guardianship(Period):
    """Who is a guardian of whom. ``has_custody`` (parental authority) is True unless somebody has said otherwise.

    category: subject.guardianship
    basis: parental authority and guardianship (Civil Code, arts. 818 and 838)
    retention: 5 years after it ended
    """

    guardian = models.ForeignKey(Person, models.PROTECT, related_name="guardianships")
    child = models.ForeignKey(Person, models.PROTECT, related_name="guarded_by")
    relation = models.CharField(max_length=40, default="")  # as the register has it: father, mother, grandparent
    has_custody = models.BooleanField(default=True)

    objects = PeriodQuerySet["Guardianship"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "child"], condition=models.Q(closed_by=None), name="one_living_guardianship"
            )
        ]

    def __str__(self) -> str:
        return f"{self.guardian_id} {self.child_id}"


class AddressProtection(Period):
    """Somebody's address and telephone number must not reach somebody else (domestic violence and the like).

    category: subject.contact
    basis: protection of victims (Basic Resident Register Act, art. 12; support measures)
    retention: 5 years after it ended
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="protections")
    hidden_from = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = PeriodQuerySet["AddressProtection"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "hidden_from"], condition=models.Q(closed_by=None), name="one_living_protection"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.hidden_from_id}"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
