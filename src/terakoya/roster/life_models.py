"""The roster through the years: the coming school year while it is only planned, and days that were frozen.

What is planned or frozen must not keep an import from being taken back: the database does not check these references.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .change_models import Change


class Rollover(models.Model):
    """The coming school year of some schools while it is a provisional one, and what became of it.

    ``school_year`` is the calendar year of its April, ``begins`` its first day. What happened to it stands in its
    events; the latest says its state. ``turned`` is the change that gave the pupils their new grades on that day.

    category: none (who is placed where is said by Placement)
    basis: administration of the school register (School Education Act enforcement ordinance, art. 59: school year)
    retention: as long as the changes of the roster
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school_year = models.PositiveSmallIntegerField()
    begins = models.DateField()
    schools = models.JSONField()  # keys of the organisations whose pupils are placed
    change = models.OneToOneField(Change, models.PROTECT, null=True, related_name="rollover")
    turned = models.OneToOneField(Change, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.school_year}"


class RolloverEvent(models.Model):
    """Something that happened to a planned year. Only grows.

    category: none (who did what when)
    basis: administration of the school register
    retention: as long as the changes of the roster
    """

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("planned")
        FOLLOWED = "followed", _("brought up to date")
        BEGUN = "begun", _("begun")
        TAKEN_BACK = "taken_back", _("taken back")
        PUT_AWAY = "put_away", _("put away")

    rollover = models.ForeignKey(Rollover, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.rollover_id} {self.kind}"


class PlannedClass(models.Model):
    """A class of a planned year. One of a subject has the pupils of its ``homeroom``.

    category: subject.identity
    basis: administration of the school register
    retention: as long as the changes of the roster
    """

    rollover = models.ForeignKey(Rollover, models.PROTECT, related_name="classes")
    school = models.ForeignKey("roster.Organisation", models.DO_NOTHING, related_name="+", db_constraint=False)
    homeroom = models.ForeignKey("self", models.CASCADE, null=True, related_name="lessons")
    title = models.CharField(max_length=255)
    code = models.CharField(max_length=255, default="")
    location = models.CharField(max_length=255, default="")
    grades = models.CharField(max_length=255)  # comma-separated codes; several where classes are combined
    subjects = models.CharField(max_length=255, default="")
    subject_codes = models.CharField(max_length=255, default="")
    hours = models.CharField(max_length=255, default="")
    special_needs = models.BooleanField(default=False)
    course_title = models.CharField(max_length=255, default="")
    teachers = models.JSONField(default=list)  # person keys
    became = models.UUIDField(null=True)  # the class of the roster, when the year was begun

    def __str__(self) -> str:
        return self.title

    @property
    def grade_codes(self) -> list[str]:
        return self.grades.split(",")


class Placement(models.Model):
    """What becomes of a pupil in a planned year: exactly one outcome.

    ``old_*`` is where the pupil was at the end of the year before; ``next_school`` where somebody who leaves goes on
    within the same board.

    category: subject.identity
    basis: administration of the school register (School Education Act enforcement ordinance, arts. 57 and 58)
    retention: 20 years after the year began (art. 28: register of pupils)
    """

    class Outcome(models.TextChoices):
        PROMOTED = "promoted", _("moves up")
        GRADUATED = "graduated", _("graduates")
        RETAINED = "retained", _("repeats the year")
        TRANSFERRED = "transferred", _("leaves for another school")
        UNPLACED = "unplaced", _("not decided yet")

    rollover = models.ForeignKey(Rollover, models.PROTECT, related_name="placements")
    pupil = models.ForeignKey("roster.Person", models.DO_NOTHING, related_name="+", db_constraint=False)
    school = models.ForeignKey("roster.Organisation", models.DO_NOTHING, related_name="+", db_constraint=False)
    old_class = models.ForeignKey(
        "roster.SchoolClass", models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    old_grade = models.CharField(max_length=255, default="")
    old_number = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    grade = models.CharField(max_length=255, default="")
    next_school = models.ForeignKey(
        "roster.Organisation", models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    planned = models.ForeignKey(PlannedClass, models.SET_NULL, null=True, related_name="placements")
    number = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rollover", "pupil"], name="one_outcome_for_a_pupil"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["promoted", "graduated", "retained", "transferred", "unplaced"]),
                name="known_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.outcome}"


class Snapshot(models.Model):
    """What the roster said of a day when it was frozen; later corrections leave it as it is.

    ``school`` is None for all schools. ``content`` is compressed JSON, ``digest`` the SHA-256 of what is compressed.

    category: subject.identity
    basis: basic survey of schools as of 1 May (Statistics Act, art. 13)
    retention: 5 years after it was frozen
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField()
    frozen_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    school = models.ForeignKey(
        "roster.Organisation", models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    pupils = models.PositiveIntegerField()
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-frozen_at"]

    def __str__(self) -> str:
        return f"{self.day} {self.digest[:8]}"
