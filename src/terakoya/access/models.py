"""Consents and the log. Rows of these tables are added, never changed; only the head of the log moves on."""

import uuid
from typing import Any, NoReturn

from django.db import models


class Grown(models.Model):
    """A row that is added once and never changed or deleted by the program."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is never changed")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is never deleted")


class Consent(Grown):
    """What someone agreed to: terms that never change. Whether it lives follows from its events.

    A copy at the recipient has the same uuid, the recipient's own key of the person as ``subject``, and the receipt
    as it came.

    category: rights.consent
    basis: APPI art. 69(2)(i) and 27(1): provision with the person's consent
    retention: 5 years after the consent ended
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    subject = models.UUIDField()
    recipient = models.CharField(max_length=300)
    recipient_name = models.CharField(max_length=200)
    holder = models.CharField(max_length=300)
    holder_name = models.CharField(max_length=200)
    categories = models.JSONField()
    purpose = models.CharField(max_length=60)
    scope = models.JSONField(default=dict)
    dataset = models.CharField(max_length=200)
    valid_until = models.DateField()
    given_by = models.UUIDField(null=True)
    giver_name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=20)
    notice = models.TextField()
    notice_version = models.CharField(max_length=40)
    notice_language = models.CharField(max_length=20)
    notice_digest = models.CharField(max_length=64)
    source = models.CharField(max_length=300, default="")
    received = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "recipient", "purpose"], name="consent_asked"),
            models.Index(fields=["given_by"], name="consent_giver"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class ConsentEvent(Grown):
    """Something that happened to a consent. One of a kind at most, so that saying it twice is saying it once.

    category: rights.consent
    basis: APPI art. 69(2)(i) and 27(1): provision with the person's consent
    retention: 5 years after the consent ended
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200, default="")
    by_node = models.CharField(max_length=300, default="")
    reason = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consent", "kind"], name="consent_event_once")]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.kind}"


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
