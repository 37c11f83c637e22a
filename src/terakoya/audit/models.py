"""The log's tables. An entry is never changed; what can be taken from it is its sealed detail, and whom it names."""

from datetime import datetime

from django.db import models

from terakoya.kit.grown import Grown

from .times import moment


class LogHead(models.Model):
    """The head of the node's log: its size and the roots of the complete subtrees that make up the tree.

    category: none (digests only)
    basis: operation of the node
    retention: one row, for ever
    """

    size = models.PositiveBigIntegerField(default=0)
    peaks = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"log of {self.size}"


class LogTile(models.Model):
    """A tile of the tree (C2SP tlog-tiles): up to 256 hashes side by side, so that a proof needs few reads.

    Level 0 are the leaf hashes, written when 256 are there; a hash of level n + 1 is the root of a full tile below.

    category: none (digests only)
    basis: operation of the node
    retention: for ever
    """

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hashes = models.BinaryField(max_length=8192)

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class LogCase(models.Model):
    """A case of child protection whose entries are shown only once it has been opened.

    ``opened`` is the index of the entry that says so.

    category: rights.access_log
    basis: Child Abuse Prevention Act art. 13-4; APPI art. 78(1) and 33(2) (disclosure that would harm the child)
    retention: 5 years after its last entry
    """

    uuid = models.UUIDField(primary_key=True)
    opened = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"case {self.uuid}"


class LogEntry(Grown):
    """One leaf of the log. ``body`` is the canonical JSON (RFC 8785) that the leaf hash covers; it names nobody.

    ``detail`` holds the facts, encrypted; the body covers its digest. Empty when its retention is over.
    ``microseconds`` since 1970 (UTC) are the body's time: a whole number has one form, so no change hides in it.

    category: rights.access_log
    basis: APPI art. 66 and 23 (safety management); art. 76 and 33 (disclosure to the person)
    retention: detail 5 years; body and leaf hash for ever
    """

    index = models.PositiveBigIntegerField(primary_key=True)
    leaf = models.BinaryField(max_length=32)
    body = models.TextField()
    microseconds = models.BigIntegerField(db_index=True)
    detail = models.BinaryField()
    case = models.ForeignKey(LogCase, on_delete=models.PROTECT, null=True, related_name="entries")

    def __str__(self) -> str:
        return f"entry {self.index}"

    @property
    def at(self) -> datetime:
        """When it was written."""
        return moment(self.microseconds)


class SubjectKey(models.Model):
    """The key of one person's part of the log, encrypted under the node's key file. Without it that part is unreadable.

    category: rights.access_log
    basis: APPI art. 66 and 23 (safety management); art. 22 (deletion of what is no longer needed)
    retention: as long as the log has an entry about the person; destroyed when the person is to be forgotten
    """

    person = models.UUIDField(primary_key=True)
    sealed = models.BinaryField(max_length=60)

    def __str__(self) -> str:
        return "key of a person"


class LogSubject(models.Model):
    """Whom an entry is about, and the entry's key, encrypted under that person's.

    ``place`` is the person's place among the commitments of the body. ``wrapped`` is empty for whom the entry touches
    in another person's case. Both are empty once the person is forgotten.

    category: rights.access_log
    basis: APPI art. 76 and 33 (disclosure to the person)
    retention: 5 years
    """

    pk = models.CompositePrimaryKey("entry_id", "place")
    entry = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="subjects", db_index=False)
    place = models.PositiveIntegerField()
    person = models.ForeignKey(SubjectKey, on_delete=models.PROTECT, null=True, db_index=False, db_column="person")
    wrapped = models.BinaryField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["person", "entry"], name="log_subject_person")]

    def __str__(self) -> str:
        return f"subject of {self.entry_id}"


from .intake_models import TakenIn  # noqa: E402, F401  (the intake's table, in a file of its own)
from .walk_models import Walk, WalkPage  # noqa: E402, F401
from .witness_models import (  # noqa: E402, F401  (the tables of witnessing, in a file of their own)
    Acknowledgement,
    Checkpoint,
    Contradiction,
    Cosignature,
    LogFault,
    TimeStamp,
    Witnessed,
)
