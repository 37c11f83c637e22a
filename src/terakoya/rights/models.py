"""Requests, questions and registers. What was asked and answered is added to, never changed."""

import uuid

from django.db import models

from terakoya.kit import clock
from terakoya.kit.grown import Grown


class RightsRequest(Grown):
    """What a person, or a guardian for a child, asks of whoever holds the data. Its state follows from its events.

    ``categories`` are those it is about; ``wrong``, ``right`` and ``reason`` are the asker's own words.

    category: rights.request
    basis: APPI art. 76, 90, 98 (public bodies); art. 33, 34, 35 (private operators)
    retention: 5 years after it was settled
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=12)
    subject = models.UUIDField()
    categories = models.JSONField()
    asked_by = models.BigIntegerField()
    asker_person = models.UUIDField(null=True)
    asker_name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=20)
    wrong = models.TextField(default="")
    right = models.TextField(default="")
    reason = models.TextField(default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="request_subject"),
            models.Index(fields=["asked_by"], name="request_asker"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class RequestEvent(Grown):
    """Something that happened to a request. One of a kind at most, so that saying it twice is saying it once.

    category: rights.request
    basis: APPI art. 82, 83, 93, 94, 101, 102; art. 33 (3), 34 (3), 35 (7)
    retention: 5 years after the request was settled
    """

    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField(default=clock.now)
    by = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200, default="")
    reason = models.TextField(default="")
    clause = models.CharField(max_length=40, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "kind"], name="request_event_once")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


class Disclosed(models.Model):
    """What was held of one category when a request for disclosure was granted; deleted after 30 days.

    category: rights.request
    basis: APPI art. 82 and 33 (disclosure by electronic record)
    retention: 30 days after it was made
    """

    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="disclosed")
    category = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    rows = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)
    until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "name"], name="disclosed_once")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.name}"


class CorrectingNote(Grown):
    """A note that stands beside records which are never overwritten: what the person says about them, and since when.

    category: rights.request
    basis: APPI art. 92 and 34 (correction, addition)
    retention: as long as the records it is about
    """

    request = models.OneToOneField(RightsRequest, on_delete=models.PROTECT, related_name="note")
    person = models.UUIDField()
    category = models.CharField(max_length=60)
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["person", "category"], name="note_person")]

    def __str__(self) -> str:
        return str(self.request_id)


class Question(Grown):
    """A question about one line of 'who looked'. The node whose line it is answers; both nodes keep it under one uuid.

    ``subject`` is the person's key on this node. ``node`` is the other node: the one that answers when it was asked
    here about a partner's line, the one where it was asked when a partner brought it; "" when it is about the node's
    own line. ``answers_here`` says that this node owes the answer.

    category: rights.request
    basis: APPI art. 66 and 23 (safety management); art. 128 and 40 (complaints)
    retention: 5 years after it was answered
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    subject = models.UUIDField()
    node = models.CharField(max_length=300, default="")
    answers_here = models.BooleanField()
    line = models.PositiveBigIntegerField()
    facts = models.JSONField()
    text = models.TextField()
    asked_by = models.BigIntegerField(null=True)
    asker_name = models.CharField(max_length=200, default="")
    capacity = models.CharField(max_length=20)
    due = models.DateField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="question_subject"),
            models.Index(fields=["asked_by"], name="question_asker"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class QuestionEvent(Grown):
    """What happened to a question: answered, overdue. One of a kind at most.

    category: rights.request
    basis: APPI art. 128 and 40 (complaints)
    retention: 5 years after the question was answered
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField(default=clock.now)
    by_name = models.CharField(max_length=200, default="")
    text = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "kind"], name="question_event_once")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.question_id} {self.kind}"


class Entrustment(models.Model):
    """That somebody handles personal data for this organisation: who, what, since when, by which contract.

    category: none (organisations)
    basis: APPI art. 66 (2) and 25 (supervision of those entrusted)
    retention: 5 years after it ended
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    partner = models.CharField(max_length=200)
    task = models.CharField(max_length=300)
    categories = models.JSONField()
    contract = models.CharField(max_length=100)
    begins = models.DateField()
    ends = models.DateField(null=True)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["partner", "begins"]

    def __str__(self) -> str:
        return f"{self.partner}: {self.task}"


class EntrustmentAudit(Grown):
    """That the organisation looked after whom it entrusted: on which day, and what it found.

    category: none (organisations)
    basis: APPI art. 66 (2) and 25 (supervision of those entrusted)
    retention: 5 years after the entrustment ended
    """

    entrustment = models.ForeignKey(Entrustment, on_delete=models.PROTECT, related_name="audits")
    day = models.DateField()
    finding = models.CharField(max_length=300)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return f"{self.entrustment_id} {self.day}"
