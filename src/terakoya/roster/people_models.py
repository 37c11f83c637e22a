"""Who is who, for life: entries that were one person, names that were given up, and what other systems propose."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .change_models import Change, Kept

NAME_FIELDS = tuple(
    f"{form}_{part}"
    for form in ("official", "display", "kana", "official_kana")
    for part in ("family", "given", "middle")
)


class Alias(Kept):
    """An entry of the roster that turned out to be somebody who had one already: ``person`` is who it is.

    The entry keeps its row with its key and its identifiers, so that each of them still answers. An alias never
    points to another alias. Where a field of the person was taken from the entry, ``taken`` names it.

    category: subject.identity
    basis: accuracy of personal data (Act on the Protection of Personal Information, art. 65)
    retention: as long as the person
    """

    entry = models.OneToOneField("roster.Person", models.PROTECT, related_name="alias")
    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="aliases")
    taken = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.entry_id} is {self.person_id}"


class NotTheSame(models.Model):
    """Two entries that look alike and are two people, as somebody has found out. The pair is not shown again.

    ``one`` has the smaller key of the two. Withdrawn, it is gone: the pair is asked about again.

    category: subject.identity
    basis: accuracy of personal data (Act on the Protection of Personal Information, art. 65)
    retention: as long as both people
    """

    one = models.UUIDField()
    other = models.UUIDField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=255, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_word_about_a_pair")]

    def __str__(self) -> str:
        return f"{self.one} {self.other}"


class PastName(Kept):
    """The names that somebody had until a day: ``until`` is the first day on which other ones held.

    The names of today stand in Person. A name that never was true is corrected there and leaves none here.

    category: subject.identity, subject.official
    basis: administration of the school register (School Education Act enforcement ordinance, art. 1)
    retention: 5 years after the last role ended
    """

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="past_names")
    until = models.DateField()
    official_family = models.CharField(max_length=150, default="")
    official_given = models.CharField(max_length=150, default="")
    official_middle = models.CharField(max_length=150, default="")
    display_family = models.CharField(max_length=150, default="")
    display_given = models.CharField(max_length=150, default="")
    display_middle = models.CharField(max_length=150, default="")
    kana_family = models.CharField(max_length=150, default="")
    kana_given = models.CharField(max_length=150, default="")
    kana_middle = models.CharField(max_length=150, default="")
    official_kana_family = models.CharField(max_length=150, default="")
    official_kana_given = models.CharField(max_length=150, default="")
    official_kana_middle = models.CharField(max_length=150, default="")

    class Meta:
        ordering = ["until", "pk"]

    def __str__(self) -> str:
        return f"{self.person_id} until {self.until}"

    @property
    def official_name(self) -> str:
        return " ".join(part for part in (self.official_family, self.official_middle, self.official_given) if part)

    @property
    def name(self) -> str:
        """The display name; the official one where no other was given."""
        return " ".join(part for part in (self.display_family, self.display_given) if part) or self.official_name

    @property
    def kana(self) -> str:
        return " ".join(part for part in (self.kana_family, self.kana_given) if part)


class NameChoice(Kept):
    """For one character of somebody's official name, the form within JIS X 0213 that was chosen for display.

    Who chose and when stands in the change that made the row. Nothing chooses by itself.

    category: subject.official
    basis: administration of the school register
    retention: as long as the person
    """

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="name_choices")
    field = models.CharField(max_length=30)
    character = models.CharField(max_length=8)  # with its variation selector, if it has one
    chosen = models.CharField(max_length=8)
    ground = models.CharField(max_length=40)  # by what the form was offered; "typed" when by nothing

    def __str__(self) -> str:
        return f"{self.character} {self.chosen}"


class JisForm(models.Model):
    """A form within JIS X 0213 that an official list offers for a character outside of it; ``rank`` 1 is offered first.

    category: none (characters)
    basis: operation of the node
    retention: until another list is read
    """

    character = models.CharField(max_length=8)
    form = models.CharField(max_length=8)
    ground = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["character", "form"], name="one_form_of_a_character")]

    def __str__(self) -> str:
        return f"{self.character} {self.form}"


class Proposal(models.Model):
    """What a system wanted to write into a field that another one owns. It waits until somebody decides.

    ``key`` is the sourcedId of the row in ``table``, ``person`` whom it is about; values are as the field prints them.

    category: subject.identity, subject.official, subject.contact
    basis: accuracy of personal data (Act on the Protection of Personal Information, art. 65)
    retention: 5 years after it was decided
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    person = models.UUIDField(null=True)
    field = models.CharField(max_length=40)
    current = models.CharField(max_length=255)
    proposed = models.CharField(max_length=255)
    origin = models.CharField(max_length=150)
    owner = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["table", "key", "field"], name="proposal_by_field")]

    def __str__(self) -> str:
        return f"{self.table} {self.key} {self.field}"


class ProposalEvent(models.Model):
    """What happened to a proposal. Only grows; the latest one says its state.

    category: none (who decided what, and why)
    basis: accuracy of personal data (Act on the Protection of Personal Information, art. 65)
    retention: as long as the proposal
    """

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        OVERTAKEN = "overtaken", _("overtaken by a later one")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=255, default="")
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.kind}"
