import uuid

from django.db import models

from terakoya.kit import clock

SIDES = [("holder", "holder"), ("recipient", "recipient")]


class Partner(models.Model):
    """Another node of the federation, as the registry of the nation names it.

    category: none (organisations)
    basis: operation of the federation
    retention: as long as the node is in the registry, and while evidence of messages is kept
    """

    uri = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    regime = models.CharField(max_length=20, default="")
    jwk = models.JSONField()
    kid = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=20, default="active")
    enrolled_at = models.DateTimeField(default=clock.now)
    unreachable_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.uri


class SeenNonce(models.Model):
    """A signature that was taken once, so that the same bytes are refused when they come again.

    category: none (organisations)
    basis: security of messages (RFC 9421, section 7.2.2)
    retention: twice the time for which a signature is young enough
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "nonce"], name="nonce_taken_once")]
        indexes = [models.Index(fields=["seen_at"], name="nonce_age")]

    def __str__(self) -> str:
        return self.nonce


class Answered(models.Model):
    """The answer that a message got, given again when its sender did not hear it and repeats the message.

    category: rights.consent
    basis: operation of the exchange
    retention: 30 days
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE)
    message_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "message_id"], name="message_answered_once")]

    def __str__(self) -> str:
        return str(self.message_id)


class Negotiation(models.Model):
    """A contract negotiation of the Dataspace Protocol between this node and a partner, about a data set and a purpose.

    category: none (organisations)
    basis: operation of the exchange
    retention: as long as its agreement
    """

    pid = models.CharField(max_length=60, unique=True)
    other_pid = models.CharField(max_length=60, default="")
    side = models.CharField(max_length=10, choices=SIDES)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    dataset_id = models.CharField(max_length=100)
    purpose = models.CharField(max_length=60)
    state = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, default="")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "side", "other_pid"],
                condition=~models.Q(other_pid=""),
                name="negotiation_of_the_partner_once",
            )
        ]

    def __str__(self) -> str:
        return self.pid


class Agreement(models.Model):
    """What a negotiation ended in: the partner may ask for (or be asked for) this data set for this purpose.

    category: none (organisations)
    basis: operation of the exchange
    retention: 5 years after its last transfer
    """

    agreement_id = models.CharField(max_length=60)
    negotiation = models.OneToOneField(Negotiation, on_delete=models.PROTECT)
    side = models.CharField(max_length=10, choices=SIDES)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    dataset_id = models.CharField(max_length=100)
    purpose = models.CharField(max_length=60)
    policy = models.JSONField()
    agreed_at = models.DateTimeField()
    in_force = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "side", "agreement_id"], name="agreement_of_the_pair_once")
        ]

    def __str__(self) -> str:
        return self.agreement_id


class Grant(models.Model):
    """The records of one learner may flow from the holder to the recipient, under one consent.

    ``subject`` is the person's key on this node, ``pairwise`` the id that both nodes use between them.

    category: rights.consent
    basis: consent of the learner or the guardian (APPI arts. 27 and 69)
    retention: 5 years after it ended
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    side = models.CharField(max_length=10, choices=SIDES)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    consent = models.UUIDField()
    subject = models.UUIDField()
    pairwise = models.UUIDField()
    dataset_id = models.CharField(max_length=100)
    category = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    scope = models.JSONField(default=dict)
    valid_until = models.DateField()
    created_at = models.DateTimeField(default=clock.now)
    collected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=60, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["side", "consent"], name="one_grant_a_consent")]
        indexes = [models.Index(fields=["subject"], name="grant_subject")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def lives(self) -> bool:
        """Neither ended nor past its last day."""
        return self.ended_at is None and self.valid_until >= clock.today()


class AskedAuthorisation(models.Model):
    """An authorisation that this node asked of a holder, until the browser comes back (RFC 9126, RFC 9396, RFC 7636).

    category: rights.consent
    basis: preparation of a consent
    retention: 30 days
    """

    state = models.CharField(max_length=64, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    subject = models.UUIDField()
    dataset_id = models.CharField(max_length=100)
    purpose = models.CharField(max_length=60)
    scope = models.JSONField(default=dict)
    valid_until = models.DateField()
    return_url = models.CharField(max_length=400)
    code_verifier = models.CharField(max_length=128)
    code = models.CharField(max_length=128, default="")
    failure = models.CharField(max_length=200, default="")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.state


class AuthorisationRequest(models.Model):
    """An authorisation that a partner asks of a person of this node.

    category: rights.consent
    basis: preparation of a consent
    retention: 30 days
    """

    request_uri = models.CharField(max_length=120, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    dataset_id = models.CharField(max_length=100)
    purpose = models.CharField(max_length=60)
    scope = models.JSONField(default=dict)
    valid_until = models.DateField()
    redirect_uri = models.CharField(max_length=400)
    state = models.CharField(max_length=64)
    code_challenge = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    decision = models.CharField(max_length=10, default="")
    code_digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  (null: no code yet)
    code_expires_at = models.DateTimeField(null=True)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True)

    def __str__(self) -> str:
        return self.request_uri


class Transfer(models.Model):
    """A transfer process of the Dataspace Protocol: the records of one grant, pulled page by page.

    ``received`` of ``expected`` records have arrived (recipient) or were released (holder). ``digest`` runs over the
    digests of the pages in order.

    category: rights.consent
    basis: consent of the learner or the guardian
    retention: 5 years
    """

    pid = models.CharField(max_length=60, unique=True)
    other_pid = models.CharField(max_length=60, default="")
    side = models.CharField(max_length=10, choices=SIDES)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="transfers")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=20)
    cursor = models.CharField(max_length=200, default="")
    pages = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, default="")
    error = models.CharField(max_length=500, default="")
    created_at = models.DateTimeField(default=clock.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "side", "other_pid"],
                condition=~models.Q(other_pid=""),
                name="transfer_of_the_partner_once",
            )
        ]

    def __str__(self) -> str:
        return self.pid

    @property
    def consent(self) -> uuid.UUID:
        """The consent under which the records move."""
        return self.grant.consent


class Release(models.Model):
    """A page that was released to a recipient; written in the transaction of its decision and its log entry.

    category: rights.access_log
    basis: evidence of provision (APPI art. 29)
    retention: 5 years
    """

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    cursor = models.CharField(max_length=200, default="")
    next_cursor = models.CharField(max_length=200, default="")
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    log_index = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transfer", "cursor"], name="page_released_once")]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.number}"


class Arrival(models.Model):
    """A page that arrived; written in the transaction that stored its records.

    category: rights.access_log
    basis: evidence of receipt (APPI art. 30)
    retention: 5 years
    """

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="arrivals")
    number = models.PositiveIntegerField()
    cursor = models.CharField(max_length=200, default="")
    count = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transfer", "number"], name="page_arrived_once")]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.number}"


class Deletion(models.Model):
    """What became of the recipient's copy after a consent ended: asked for, and then deleted or kept, with a receipt.

    category: rights.consent
    basis: APPI arts. 22, 35 and 98 to 102 (deletion, suspension of use)
    retention: 5 years
    """

    consent = models.UUIDField()
    side = models.CharField(max_length=10, choices=SIDES)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, default="waiting")
    receipt = models.JSONField(null=True)
    verified = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    last_tried = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["side", "partner", "consent"], name="one_deletion_a_consent")]

    def __str__(self) -> str:
        return str(self.consent)


class AccessesAnswer(models.Model):
    """The last answer of a partner to 'who looked at this person's data', for the time when it cannot be asked.

    category: rights.access_log
    basis: the learner's right to know (APPI arts. 33 and 76)
    retention: replaced by the next answer
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE)
    subject = models.UUIDField()
    lines = models.JSONField(default=list)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "subject"], name="one_answer_a_partner")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.subject}"
