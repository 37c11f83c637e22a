"""Clerks' tables on their way in, and what their columns were found to mean; the official lists of codes."""

import uuid
from typing import Any

from django.db import models

# What waits or is remembered must not keep an import from being taken back: the database does not check the school.
LOOSE: dict[str, Any] = {"on_delete": models.DO_NOTHING, "db_constraint": False, "related_name": "+"}


class TableDraft(models.Model):
    """A clerk's table between its upload and the decision. ``choices`` are rows, columns and keys, never cells.

    The file itself lies below the data folder, readable by the node alone, and goes with its draft.

    category: none (what the table says lies in its file; the file's name and the sender's are the history's)
    basis: administration of the school register (School Education Act enforcement ordinance, art. 1)
    retention: until it is decided, a day at most
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    school = models.ForeignKey("roster.Organisation", **LOOSE)
    kind = models.CharField(max_length=12)  # pupils | staff | guardians
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    choices = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class ColumnMapping(models.Model):
    """Which field each column of a school's table means, as a clerk confirmed it for this set of headings.

    category: none (names of columns)
    basis: administration of the school register
    retention: while the school is kept
    """

    school = models.ForeignKey("roster.Organisation", **LOOSE)
    kind = models.CharField(max_length=12)
    headings = models.CharField(max_length=64)  # digest of the set
    mapping = models.JSONField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "kind", "headings"], name="one_column_mapping")]

    def __str__(self) -> str:
        return f"{self.kind} {self.headings[:8]}"


class ListedSchool(models.Model):
    """A school of the national list of school codes (13 characters), as the list that was loaded last has it.

    ``set_on`` is the day of the entry, ``gone_on`` the first day on which the code holds no longer; ``successor`` is
    the code it went over to, if any.

    category: none (schools are no persons)
    basis: administration of the school register
    retention: for ever; codes are never re-used
    """

    code = models.CharField(max_length=13, primary_key=True)
    kind = models.CharField(max_length=20)
    prefecture = models.CharField(max_length=2)
    establishment = models.CharField(max_length=1)  # 1 national, 2 public, 3 private
    branch = models.CharField(max_length=1)  # 1 main, 2 branch, 9 closed
    name = models.CharField(max_length=255)
    address = models.CharField(max_length=255, default="")
    postal_code = models.CharField(max_length=8, default="")
    set_on = models.DateField(null=True)
    gone_on = models.DateField(null=True)
    successor = models.CharField(max_length=13, default="")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ListedMunicipality(models.Model):
    """A prefecture or municipality of the national list of codes of local governments (6 digits).

    The list has no dates of its own: ``listed_on`` is the day of the first list that had the code, ``gone_on`` that of
    the first one without it.

    category: none (municipalities are no persons)
    basis: administration of the school register
    retention: for ever
    """

    code = models.CharField(max_length=6, primary_key=True)
    prefecture = models.CharField(max_length=20)
    name = models.CharField(max_length=60, default="")  # none: the prefecture itself
    prefecture_kana = models.CharField(max_length=40, default="")
    kana = models.CharField(max_length=120, default="")
    listed_on = models.DateField()
    gone_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.code} {self.prefecture}{self.name}"
