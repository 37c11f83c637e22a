"""The log's tables. Rows are added, never changed; only the head of the log moves on."""

from django.db import models

from terakoya.kit.grown import Grown


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


class LogEntry(Grown):
    """One leaf of the log. ``body`` is the canonical JSON (RFC 8785) that the leaf hash covers.

    category: rights.access_log
    basis: APPI art. 66 and 23 (safety management); art. 76 and 33 (disclosure to the person)
    retention: body 5 years; leaf hash for ever
    """

    index = models.PositiveBigIntegerField(primary_key=True)
    leaf = models.BinaryField(max_length=32)
    body = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"entry {self.index}"


class LogSubject(Grown):
    """Whom an entry is about, so that a person can be shown their part of the log.

    category: rights.access_log
    basis: APPI art. 76 and 33 (disclosure to the person)
    retention: 5 years
    """

    entry = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="subjects")
    person = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "entry"], name="log_subject_once")]

    def __str__(self) -> str:
        return f"subject of {self.entry_id}"


class LogNode(Grown):
    """The root of a complete subtree above the leaves, so that a proof needs few reads.

    category: none (digests only)
    basis: operation of the node
    retention: for ever
    """

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="log_node_place")]

    def __str__(self) -> str:
        return f"node {self.level}/{self.index}"
