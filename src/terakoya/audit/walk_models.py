"""What machines read of whole lists, kept so that a person's reads are found without a row for each person."""

import uuid

from django.db import models


class Walk(models.Model):
    """The reading of a list by a machine, page after page, or one page by itself.

    category: rights.access_log
    basis: APPI art. 76 and 33 (disclosure to the person)
    retention: 5 years
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reader = models.CharField(max_length=40)
    list = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.reader} {self.list}"


class WalkPage(models.Model):
    """A page of a walk, and the entry of the log that tells of it.

    The pages of a walk go by persons: whoever stands between ``first`` and ``last`` (the first eight bytes of their
    keys, as numbers) was on it; where more were passed over, ``keys`` are all who were, the same way and in order.

    category: rights.access_log
    basis: APPI art. 76 and 33 (disclosure to the person)
    retention: 5 years
    """

    entry = models.OneToOneField(
        "LogEntry", models.PROTECT, primary_key=True, related_name="walk_page", db_column="entry_id"
    )
    walk = models.ForeignKey(Walk, models.PROTECT, related_name="pages", db_index=False)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    keys = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["walk", "first"], name="walk_page_by_first")]

    def __str__(self) -> str:
        return f"page of {self.walk_id}"
