import uuid

from django.conf import settings
from django.db import models

from terakoya.access.api import Birth
from terakoya.kit import clock
from terakoya.standards import ages


class Child(models.Model):
    """A learner whose records this store keeps. The person key is made here and stays for life.

    ``birth_date`` is None in a store that was opened before it was asked; then the school year tells the age.

    category: subject.identity, subject.official
    basis: the family's contract with the store (the learner's own use)
    retention: until the family closes the store
    """

    person = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    kana = models.CharField(max_length=60)
    entered_school = models.PositiveSmallIntegerField()
    birth_date = models.DateField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["entered_school", "created_at"]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def school_grade(self) -> int:
        """The year of school as counted from the first of elementary school: 1 to 12, more after it."""
        return clock.school_year(clock.today()) - self.entered_school + 1

    @property
    def birth(self) -> Birth:
        """The birth date, or that of the youngest child of the same school year."""
        if self.birth_date is not None:
            return Birth(self.birth_date)
        return Birth(ages.latest_birth(1, self.entered_school), known=False)

    @property
    def is_of_age(self) -> bool:
        """Whether the learner decides alone today (Civil Code, art. 4)."""
        return self.birth.majority <= clock.today()


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
