"""The systems that read and write here."""

import uuid

from django.db import models


class System(models.Model):
    """Another program that this organisation lets in: who runs it, what it may ask for, about which schools, and why.

    stakeholder: the row of the access matrix that its maker stands in; purpose: one of ``standards.purposes``
    ground: the contract or the clause it rests on, in words; scopes: the short names of ``scopes.SCOPES``
    schools: keys of the organisations it may see, empty: all; generation: tokens of another one are void
    lines: places in the log of what was done to it (let in, given a new secret, shut out)

    category: none (a program is no person)
    basis: entrustment (Act on the Protection of Personal Information, arts. 25 and 66)
    retention: 5 years after it was revoked
    """

    client_id = models.CharField(primary_key=True, max_length=40)
    secret_digest = models.BinaryField(max_length=32)
    name = models.CharField(max_length=150)
    organisation = models.CharField(max_length=150)
    stakeholder = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    ground = models.CharField(max_length=255)
    scopes = models.JSONField(default=list)
    schools = models.JSONField(default=list)
    generation = models.PositiveIntegerField(default=1)
    lines = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    last_token_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.client_id

    @property
    def school_keys(self) -> frozenset[uuid.UUID] | None:
        """The organisations whose people it may see; None for all."""
        return frozenset(uuid.UUID(key) for key in self.schools) if self.schools else None

    @property
    def schools_digest(self) -> str:
        """What tells one choice of schools from another."""
        return ",".join(self.schools)


from .pulling.models import Origin, Pull  # noqa: E402, F401  (the tables of pulls, beside what fills them)
