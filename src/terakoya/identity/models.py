from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

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
    # somebody was entered twice: the account that stays open in place of this one
    continued_in = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    handed_from = models.UUIDField(null=True)  # the other entry, when its account became this person's
    factor_reset_at = models.DateTimeField(null=True)  # until a new second factor is set up
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
    """Wrong tries in a row at one door. The name typed is kept as a keyed digest: it may be a mistyped password.

    category: none (a keyed digest of what was typed)
    basis: protection of accounts against guessing
    retention: deleted at the next right sign-in, else after 30 days
    """

    name_digest = models.CharField(max_length=64, primary_key=True)
    wrong = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name_digest[:8]


class Factor(models.Model):
    """A second factor of an account: a key of one-time codes (RFC 6238) or a passkey (WebAuthn level 2).

    category: subject.identity
    basis: safety management (Act on the Protection of Personal Information, arts. 23 and 66)
    retention: until the account takes it away, or is closed
    """

    class Kind(models.TextChoices):
        CODES = "codes", _("authenticator app")
        PASSKEY = "passkey", _("passkey")

    account = models.ForeignKey(Account, models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=60)
    sealed = models.BinaryField()  # secret or credential, under a key of the node that is no part of the database
    last_step = models.BigIntegerField(default=0)  # time step or signature count used last: none is good twice
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(kind="codes"), name="one_authenticator_an_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class RecoveryCode(models.Model):
    """A code that stands in once for a lost second factor, as a keyed digest.

    category: none (a keyed digest of a random code)
    basis: safety management (Act on the Protection of Personal Information, arts. 23 and 66)
    retention: until it is used, or new ones are made
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return self.digest[:8]


class OpenSession(models.Model):
    """A browser in which an account is signed in, as its owner sees it in the list and can end it.

    category: subject.identity
    basis: safety management (Act on the Protection of Personal Information, arts. 23 and 66)
    retention: until the session ends
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=80)
    way = models.CharField(max_length=10)
    begun_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.account_id} {self.begun_at:%Y-%m-%d %H:%M}"


class SignInCard(models.Model):
    """A pupil's card for signing in without typing: what its QR code says and the pictures, both as keyed digests.

    category: subject.identity
    basis: operation of the node, for pupils who cannot type yet
    retention: until it is renewed, or the class ends
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="card")
    token_digest = models.CharField(max_length=64, unique=True)
    pictures_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)
    valid_until = models.DateField()  # the first day on which it no longer opens

    def __str__(self) -> str:
        return self.token_digest[:8]
