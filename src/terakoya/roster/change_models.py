"""What was done to the roster, one change after the other, and what stood there before."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """One thing done to the roster: an import, a rollover, a merge, a correction. Each is taken back as a whole.

    ``number`` rises: what was done later has the higher one. ``undoes`` is the change that this one takes back. What
    stood there before is kept in its ``Before`` rows until a later year makes it final.

    category: none (who did what kind of thing when; what it touched stands in Before)
    basis: administration of the school register
    retention: for ever
    """

    class Kind(models.TextChoices):
        IMPORT = "import", _("import")
        PULL = "pull", _("fetched from another system")
        TABLE = "table", _("import of a table")
        CORRECTION = "correction", _("correction")
        ROLLOVER = "rollover", _("new school year")
        MOVE = "move", _("move to another class or school")
        MERGE = "merge", _("two entries of one person put together")
        UNDO = "undo", _("undone")

    number = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    note = models.CharField(max_length=255, default="")
    counts = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class Before(models.Model):
    """What rows of a table held before a change touched them: the part of its journal that undoes it.

    ``rows`` are compressed JSON: the names of the fields, then for each row its key and what they held. Rows that the
    change made are not in it; they are those whose ``made_by`` it is.

    Rows that the change took away are images of all their fields (``is_gone``): the tombstones of the roster.

    category: subject.identity, subject.contact, subject.guardianship
    basis: administration of the school register
    retention: two years after the change
    """

    change = models.ForeignKey(Change, models.PROTECT, related_name="before")
    is_gone = models.BooleanField(default=False)
    table = models.CharField(max_length=40)  # name of the model
    rows = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.table} before {self.change_id}"


class Head(models.Model):
    """The one row that whoever changes the roster locks: one change at a time. ``change`` is the latest one.

    category: none (a number)
    basis: operation of the node
    retention: one row
    """

    change = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.change)


class Kept(models.Model):
    """A row that says which change made it and which one touched it last; None: before changes were kept.

    The database does not check the two: a whole roster has millions of rows, and changes are never deleted.
    """

    made_by = models.ForeignKey(
        Change, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False)

    class Meta:
        abstract = True
