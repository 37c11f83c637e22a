from django.db import models


class Job(models.Model):
    """Work that must be done at least once: a message to another node, or a step that is taken in the background.

    category: none (bodies hold identifiers, never names)
    basis: operation of the node
    retention: 30 days after it was done
    """

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True, null=True)  # noqa: DJ001  (null: no idempotency key)
    body = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="job_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class Turn(models.Model):
    """When a regular duty of the node was last taken up, so that it is not done twice.

    category: none (names a duty)
    basis: operation of the node
    retention: one row a duty
    """

    name = models.CharField(max_length=60, primary_key=True)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
