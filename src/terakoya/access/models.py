"""Consents and what happened to them, and the disagreements about them. Rows are added, never changed."""

import uuid

from django.db import models

from terakoya.kit.grown import Grown


class Consent(Grown):
    """What someone agreed to: terms that never change. Whether it lives follows from its events.

    A copy at the recipient has the same uuid, the recipient's own key of the person as ``subject``, and the receipt
    as it came. ``band`` is who had to decide by the learner's age (``ages.toml``); a guardian's consent lapses on the
    learner's 18th birthday, ``lapses_on``, where that is known. ``valid_from`` is the first day of one that a learner
    gave for the time after it, which then ``supersedes`` the guardian's.

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
    band = models.CharField(max_length=20, default="guardian")
    lapses_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    supersedes = models.UUIDField(null=True)
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
            models.Index(fields=["lapses_on"], name="consent_lapses"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def needs_assent(self) -> bool:
        """A guardian's yes that waits for the child's."""
        return self.capacity == "guardian" and self.band == "guardian_assent"


class ConsentCategory(Grown):
    """One of the categories of a consent, as a row that a database can filter by.

    category: rights.consent
    basis: APPI art. 69(2)(i) and 27(1): provision with the person's consent
    retention: 5 years after the consent ended
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="named")
    category = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consent", "category"], name="consent_category_once")]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.category}"


class ConsentEvent(Grown):
    """Something that happened to a consent. One of a kind at most, so that saying it twice is saying it once; only a
    disagreement may begin and end again.

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
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "kind"],
                condition=~models.Q(kind__in=("disputed", "settled")),
                name="consent_event_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.kind}"


class Deciding(models.Model):
    """One row a learner, locked while somebody decides: two who decide at once are heard one after the other.

    category: rights.consent
    basis: APPI art. 69(2)(i) and 27(1): provision with the person's consent
    retention: as long as there are consents about the learner
    """

    subject = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.subject)


class Disagreement(Grown):
    """Guardians who do not agree, or a child that objects to what a guardian agreed to: a person is asked to talk.

    kind: "guardians" | "child" (it says no) | "question" (it asks)

    category: rights.consent
    basis: joint exercise of parental authority (Civil Code, art. 824-2(1)); Basic Act on Children, art. 3 (its view)
    retention: 5 years after it ended
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20)
    subject = models.UUIDField()
    recipient = models.CharField(max_length=300)
    recipient_name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=60)
    dataset = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "recipient", "purpose"], name="disagreement_about")]

    def __str__(self) -> str:
        return str(self.uuid)


class DisagreementEnd(Grown):
    """How a disagreement ended: they agree, a court has decided (and whose word holds), or the child was talked to.

    category: rights.consent
    basis: joint exercise of parental authority (Civil Code, art. 824-2(1)); Basic Act on Children, art. 3 (its view)
    retention: 5 years
    """

    disagreement = models.OneToOneField(Disagreement, on_delete=models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    holds = models.UUIDField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200, default="")

    def __str__(self) -> str:
        return f"{self.disagreement_id} {self.outcome}"
