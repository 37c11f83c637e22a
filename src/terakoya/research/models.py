import uuid

from django.db import models


class Release(models.Model):
    """One anonymised table: one city, one finished school term; the same row at the city and at the nation.

    category: none (anonymised: groups of pupils only, see suppression.py)
    basis: anonymised information of administrative bodies, APPI art. 109 and following
    retention: for ever; statistics are compared over years
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    city = models.CharField(max_length=200)
    city_name = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    smallest_cell = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-last_day", "city_name"]
        constraints = [models.UniqueConstraint(fields=["city", "first_day", "last_day"], name="release_once_a_term")]

    def __str__(self) -> str:
        return f"{self.city} {self.first_day}/{self.last_day}"


class Cell(models.Model):
    """One number of a release: a grade (empty: all grades) and a subject. Both values are null where suppressed.

    category: none (anonymised)
    basis: anonymised information of administrative bodies, APPI art. 109 and following
    retention: with its release
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="cells")
    grade = models.CharField(max_length=10, blank=True)
    subject = models.CharField(max_length=10)
    pupils = models.PositiveIntegerField(null=True)
    mean = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["subject", "grade"]
        constraints = [models.UniqueConstraint(fields=["release", "subject", "grade"], name="cell_once_a_release")]

    def __str__(self) -> str:
        return f"{self.subject} {self.grade}"
