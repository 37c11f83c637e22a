from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from terakoya.kit import clock


class Account(AbstractBaseUser):
    """A login at this node. ``person`` ties it to a person of the node; a clerk's account may have none.

    category: subject.identity
    basis: operation of the node, for the person who signs in
    retention: until the person leaves the node and the account is closed
    """

    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=120)
    person = models.UUIDField(null=True, unique=True)
    is_administrator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    def __str__(self) -> str:
        return str(self.pk)


class PairwiseId(models.Model):
    """The id that stands for a person towards one partner node, kept so that the way back is known.

    category: subject.identity
    basis: protection of the person against joining of data by recipients
    retention: as long as either node keeps data or log entries about the person
    """

    person = models.UUIDField()
    partner_uri = models.CharField(max_length=200)
    pairwise = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "partner_uri"], name="one_pairwise_id_a_partner"),
            models.UniqueConstraint(fields=["pairwise", "partner_uri"], name="pairwise_id_names_one_person"),
        ]

    def __str__(self) -> str:
        return str(self.pairwise)


class SignInTries(models.Model):
    """Wrong sign-ins in a row for one login name. The name is kept as a keyed digest: it may be a mistyped password.

    category: none (a keyed digest of what was typed)
    basis: protection of accounts against guessing
    retention: deleted at the next right sign-in, else after 30 days
    """

    name_digest = models.CharField(max_length=64, primary_key=True)
    wrong = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name_digest[:8]
