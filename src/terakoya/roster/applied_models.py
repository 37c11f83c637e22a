"""How new what is held is: the moments that deltas gave for their rows."""

from django.db import models

from .change_models import Kept


class Applied(Kept):
    """The moment (dateLastModified) of the newest row that came by a delta for an identifier; an older one loses.

    A bulk file says anew how things stand: of the rows that it names no moment is kept.

    category: subject.identity
    basis: administration of the school register
    retention: 5 years
    """

    kind = models.CharField(max_length=40)  # name of the file, without ``.csv``
    sourced_id = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "sourced_id"], name="one_moment_a_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sourced_id} {self.at:%Y-%m-%d %H:%M}"
