import uuid

from django.db import models


class Invitation(models.Model):
    """A code that a family may use to show records to this cram school, and what the cram school wishes to see.

    category: subject.identity
    basis: the contract with the family; APPI art. 18 (use within the stated purpose)
    retention: 1 year after it was used or expired
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    code = models.CharField(max_length=9, unique=True)
    pupil = models.UUIDField()
    subjects = models.JSONField()
    first_day = models.DateField()
    last_day = models.DateField()
    share_until = models.DateField()
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    consent = models.UUIDField(null=True, unique=True)
    pairwise = models.UUIDField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["pupil"], name="invitation_pupil")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def scope(self) -> dict[str, object]:
        """The wish as the scope of a consent: subjects, and the days from and to, both within."""
        return {
            "subjects": list(self.subjects),
            "from": self.first_day.isoformat(),
            "to": self.last_day.isoformat(),
        }
