"""The servers that a roster is fetched from, and each time it was."""

import uuid

from django.db import models


class Origin(models.Model):
    """Another system's OneRoster server that masters this node's roster, or a part of it.

    base: address of its rostering service, up to and with the version
    version: ``1.2`` or ``1.1``; secret: sealed under the node's key
    since: when the reading began whose roster is here; None before the first time
    every_hours: how often it is asked for what has changed; None: only when somebody asks

    category: none (a program is no person)
    basis: administration of the school register
    retention: while the server is asked
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150, unique=True)
    base = models.URLField(max_length=300)
    token_address = models.URLField(max_length=300)
    version = models.CharField(max_length=4, default="1.2")
    client_id = models.CharField(max_length=150)
    secret = models.BinaryField(max_length=600)
    since = models.DateTimeField(null=True)
    every_hours = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Pull(models.Model):
    """One reading of a server, page by page; it goes on where it stopped.

    is_whole: whether everything was asked for, or what had changed since the reading before
    place: which list, the address of its next page, and how many bytes of it lie in the work folder
    entry: the import that came of it; fault: why it stopped, in words

    category: none (counts and addresses)
    basis: administration of the school register
    retention: 5 years
    """

    class State(models.TextChoices):
        READING = "reading"
        DONE = "done"
        REFUSED = "refused"
        STOPPED = "stopped"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    origin = models.ForeignKey(Origin, models.CASCADE, related_name="pulls")
    is_whole = models.BooleanField(default=True)
    by = models.CharField(max_length=150)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    place = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    entry = models.UUIDField(null=True)
    fault = models.CharField(max_length=500, default="")

    class Meta:
        ordering = ["-begun_at"]

    def __str__(self) -> str:
        return f"{self.origin_id} {self.begun_at:%Y-%m-%d %H:%M}"
