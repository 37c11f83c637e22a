from uuid import UUID

from django.db import models

ALIVE = models.Q(voided=False)
# for whom an id is taken: a person for each copy, and once for all that was recorded here
_TAKEN_FOR = models.Case(
    models.When(holder="", then=models.Value(UUID(int=0), output_field=models.UUIDField())),
    default=models.F("person"),
)


class Statement(models.Model):
    """One xAPI statement: the bytes as they came, and what pages ask for as columns.

    ``person`` is set when the actor is a person of this node; ``agent`` is a digest of the actor's identifier;
    ``holder`` is the node that a copy came from, empty for what was recorded here. ``day`` is the day in Japan.
    A copy keeps the id under which it came; two people of this node may each have a copy of the same record, as when
    two guardians of one child keep stores of their own.

    category: activity.learning_school
    basis: primary use by the school; at other nodes the consent of each holding
    retention: until the end of the school year after the pupil has left; a copy until its last consent is forgotten
    """

    seq = models.BigAutoField(primary_key=True)
    statement_id = models.UUIDField()
    raw = models.BinaryField()
    version = models.CharField(max_length=10)
    stored = models.DateTimeField()
    timestamp = models.DateTimeField()
    day = models.DateField()
    source = models.CharField(max_length=200)
    holder = models.CharField(max_length=200, default="", blank=True)
    agent = models.CharField(max_length=64)
    person = models.UUIDField(null=True)
    verb = models.TextField()
    activity = models.TextField(default="", blank=True)
    title = models.TextField(default="", blank=True)
    subject = models.CharField(max_length=20, default="", blank=True)
    grade = models.CharField(max_length=4, default="", blank=True)
    codes = models.TextField(default="", blank=True)
    unit = models.CharField(max_length=16, default="", blank=True)
    unit_title = models.TextField(default="", blank=True)
    scaled = models.FloatField(null=True)
    success = models.BooleanField(null=True)
    voids = models.UUIDField(null=True)
    voided = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint("statement_id", _TAKEN_FOR, name="statement_once")]
        indexes = [
            # covers the figures of a class, whole or of a term: no row of the table itself is read
            models.Index(
                fields=["subject", "person", "unit", "scaled", "day", "voided"],
                condition=ALIVE,
                name="statement_figures",
            ),
            models.Index(fields=["person", "timestamp"], condition=ALIVE, name="statement_person"),
            models.Index(fields=["agent", "seq"], name="statement_agent"),
            models.Index(fields=["verb", "seq"], name="statement_verb"),
            models.Index(fields=["activity", "seq"], name="statement_activity"),
            models.Index(fields=["stored"], name="statement_stored"),
            models.Index(fields=["voids"], condition=models.Q(voids__isnull=False), name="statement_voids"),
        ]

    def __str__(self) -> str:
        return str(self.statement_id)


class Holding(models.Model):
    """That a copy from another node is held here under a consent.

    category: activity.learning_school
    basis: the consent that it names
    retention: until the consent is forgotten
    """

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="holdings")
    consent = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consent", "statement"], name="holding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} under {self.consent}"


class Credential(models.Model):
    """The key and secret by which a source of records signs in; of the secret only a keyed digest is kept.

    category: none (names a tool, not a person)
    basis: operation of the node
    retention: while the source is connected; revoked ones for one year
    """

    key = models.CharField(max_length=40, unique=True)
    secret_digest = models.BinaryField()
    source = models.CharField(max_length=200)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source} ({self.key})"


class Tail(models.Model):
    """The one row that each writer locks, so that ``stored`` rises strictly and commits in its order.

    category: none (says nothing of anybody)
    basis: operation of the node
    retention: one row
    """

    last_stored = models.DateTimeField()

    def __str__(self) -> str:
        return self.last_stored.isoformat()
