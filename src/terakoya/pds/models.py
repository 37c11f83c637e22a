import uuid

from django.conf import settings
from django.db import models

from terakoya.kit import clock


class Child(models.Model):
    """A learner whose records this store keeps. The person key is made here and stays for life.

    category: subject.identity
    basis: the family's contract with the store (the learner's own use)
    retention: until the family closes the store
    """

    person = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    kana = models.CharField(max_length=60)
    entered_school = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["entered_school", "created_at"]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def school_grade(self) -> int:
        """The year of school as counted from the first of elementary school: 1 to 12, more after it."""
        return clock.school_year(clock.today()) - self.entered_school + 1


class Membership(models.Model):
    """What an account is to a child: a guardian, or the child itself.

    category: subject.guardianship
    basis: the family's contract with the store; for the school's records the city proves the guardianship
    retention: as long as the account and the child
    """

    class Capacity(models.TextChoices):
        GUARDIAN = "guardian"
        SELF = "self"

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    child = models.ForeignKey(Child, models.CASCADE, related_name="memberships")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "child"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.account_id} is {self.capacity} of {self.child_id}"
