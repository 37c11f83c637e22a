"""The tables of witnessing: what this node signed of its own log, what others signed of it, and what it signed of
theirs. Only ``Witnessed`` moves on; all else is evidence and stays."""

from django.db import models

from terakoya.kit.grown import Grown


class Checkpoint(Grown):
    """A size and root of this node's log that the node has signed; ``note`` is the signed text.

    category: none (digests only)
    basis: APPI art. 66 and 23 (safety management): evidence that the log was not changed
    retention: for ever
    """

    origin = models.CharField(max_length=260)
    size = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="checkpoint_once_a_size")]

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"


class Cosignature(Grown):
    """The signature line of another node under a checkpoint of this node, and the time that the line bears.

    category: none (organisations)
    basis: APPI art. 66 and 23 (safety management): evidence that the log was not changed
    retention: for ever
    """

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    line = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["witness", "at"], name="cosignature_newest")]

    def __str__(self) -> str:
        return f"{self.checkpoint} by {self.witness}"


class Witnessed(models.Model):
    """The largest checkpoint of another node's log that this node has cosigned; nothing that contradicts it is signed.

    category: none (organisations)
    basis: operation of the federation
    retention: for ever
    """

    origin = models.CharField(max_length=260, unique=True)
    uri = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    asked_at = models.DateTimeField()
    cosigned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"


class LogFault(Grown):
    """Evidence that another node's log was changed: the checkpoint that was known, and the one that contradicts it.

    ``kind``: "fork" (two roots of one size), "rollback" (a smaller log came after a larger one), "unproved" (the known
    log is not shown to be the beginning of the new one), "restarted" (the node begins a new log after a break).
    ``reported_by`` is the node that told it, or empty when this node saw it itself.

    category: none (organisations)
    basis: operation of the federation
    retention: for ever
    """

    origin = models.CharField(max_length=260)
    uri = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    known = models.TextField()
    shown = models.TextField()
    reported_by = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["uri"], name="fault_of_node")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.origin}"


class Contradiction(Grown):
    """This node's own log is not the one that it signed before: what a witness holds with this node's signature, or
    what the check of the whole log found. Until an operator acknowledges it, nothing is released to others.

    ``kind``: "rolled_back" (the witness knows a larger log), "rewritten" (another root of the same size), "damaged"
    (the entries do not give the tree).

    category: none (digests only)
    basis: APPI art. 66 and 23 (safety management)
    retention: for ever
    """

    origin = models.CharField(max_length=260)
    kind = models.CharField(max_length=20)
    witness = models.CharField(max_length=200, default="", blank=True)
    note = models.TextField(default="", blank=True)
    size = models.PositiveBigIntegerField()
    seen = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "kind", "witness"], name="contradiction_once")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.size}"


class Acknowledgement(Grown):
    """An operator has looked into a break of the log and lets the node go on, under a log that is called anew.

    category: operation.account
    basis: APPI art. 66 and 23 (safety management)
    retention: for ever
    """

    reason = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"acknowledged {self.at:%Y-%m-%d}"


class TimeStamp(Grown):
    """A time stamp of an outside authority (RFC 3161) over the text of a checkpoint.

    category: none (digests only)
    basis: APPI art. 66 and 23 (safety management): evidence of the time
    retention: for ever
    """

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="time_stamps")
    authority = models.CharField(max_length=300)
    response = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"time stamp of {self.checkpoint}"
