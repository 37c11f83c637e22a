"""What the desk itself keeps: pupils on their way from one municipality to another. All else is the roster's."""

from datetime import date
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from terakoya.kit import clock


class Relocation(models.Model):
    """A pupil on the way between two municipalities, as one of them sees it; ``uuid`` is the same at both.

    ``partner`` is the other one's address, "" while a code waits for it to ask, and where it is outside the federation.
    ``last_day`` is the last day at the old school; the place in its class ends when the new one begins. ``school`` is
    the own school. ``package`` is what moves, signed by the old municipality; the new one does not keep what it did not
    take. ``state`` is what the latest event led to.

    category: subject.identity, subject.official, subject.guardianship
    basis: sending of the register to the next school (School Education Act rules, art. 24)
    retention: 20 years after it was settled (School Education Act rules, art. 28)
    """

    class Side(models.TextChoices):
        LEAVING = "leaving", _("leaves")
        ARRIVING = "arriving", _("comes")

    class Way(models.TextChoices):
        PARTNER = "partner", _("to a municipality of the federation")
        CODE = "code", _("by a transfer code that the family takes along")
        FILE = "file", _("as a signed file, outside the federation")

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    side = models.CharField(max_length=8, choices=Side.choices)
    way = models.CharField(max_length=8, choices=Way.choices)
    state = models.CharField(max_length=12)
    person = models.UUIDField(null=True)
    partner = models.CharField(max_length=200, default="")
    partner_name = models.CharField(max_length=200, default="")
    school = models.UUIDField(null=True)
    last_day = models.DateField(null=True)
    code = models.CharField(max_length=20, null=True, unique=True)  # noqa: DJ001  (null: no code)
    code_until = models.DateField(null=True)  # the last day on which the code is good
    package = models.TextField(default="")
    digest = models.CharField(max_length=64, default="")
    told = models.PositiveSmallIntegerField(default=0)  # how many of the own decisions the other one has confirmed
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["side", "state"], name="relocation_state")]

    def __str__(self) -> str:
        return f"{self.uuid} {self.side} {self.state}"

    def known(self) -> tuple[UUID, date]:
        """The pupil and the last day; not to be asked before the package is there."""
        if self.person is None or self.last_day is None:
            raise ValueError(f"{self} has no package yet")
        return self.person, self.last_day


class RelocationEvent(models.Model):
    """Something that happened to a relocation. Only grows.

    ``day`` is the first day at the new school, ``changes`` the numbers of the changes that it made in the own roster.

    category: subject.identity
    basis: sending of the register to the next school (School Education Act rules, art. 24)
    retention: 20 years after it was settled (School Education Act rules, art. 28)
    """

    class Kind(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        ASKED = "asked", _("asked for with the transfer code")
        SENT = "sent", _("sent")
        HANDED = "handed", _("given out as a signed file")
        RECEIVED = "received", _("arrived")
        REFUSED = "refused", _("could not be delivered")
        ACCEPTED = "accepted", _("taken in")
        DECLINED = "declined", _("declined")
        TAKEN_BACK = "taken_back", _("taken back")
        WITHDRAWING = "withdrawing", _("withdrawal sent")
        WITHDRAWN = "withdrawn", _("withdrawn")

    relocation = models.ForeignKey(Relocation, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=150)
    day = models.DateField(null=True)
    school_name = models.CharField(max_length=255, default="")
    note = models.CharField(max_length=500, default="")
    changes = models.JSONField(default=list)
    receipt = models.JSONField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.relocation_id} {self.kind}"
