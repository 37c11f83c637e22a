"""Consents and what happened to them. Rows are added, never changed."""

import uuid

from django.db import models

from terakoya.kit.grown import Grown


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
