"""The shapes of messages on the wire, decoded strictly: the Dataspace Protocol 2025-1, and this federation's own."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

CONTEXT = ["https://w3id.org/dspace/2025/1/context.jsonld"]
NO_NUL = r"^[^\0]*\Z"  # PostgreSQL can neither keep nor look for one
Short = Annotated[str, Meta(min_length=1, max_length=200, pattern=NO_NUL)]
Pid = Annotated[str, Meta(min_length=1, max_length=60, pattern=NO_NUL)]
Sentence = Annotated[str, Meta(max_length=500, pattern=NO_NUL)]
Hex64 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Shape(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A message: what it does not know, it refuses."""


class DspShape(Shape, frozen=True):
    """A message of the Dataspace Protocol: its context is the one of 2025-1."""

    context: list[str] = field(name="@context")

    def __post_init__(self) -> None:
        if CONTEXT[0] not in self.context:
            raise ValueError(f"@context must name {CONTEXT[0]}")


class Constraint(Shape, frozen=True):
    leftOperand: Literal["purpose"]
    operator: Literal["eq"]
    rightOperand: Short


class Permission(Shape, frozen=True):
    action: Literal["use"]
    constraint: Annotated[list[Constraint], Meta(min_length=1, max_length=1)]


class Offer(Shape, frozen=True):
    id: Short = field(name="@id")
    type: Literal["Offer"] = field(name="@type")
    target: Short
    permission: Annotated[list[Permission], Meta(min_length=1, max_length=1)]

    @property
    def purpose(self) -> str:
        return self.permission[0].constraint[0].rightOperand


class Agreement(Shape, frozen=True):
    id: Pid = field(name="@id")
    type: Literal["Agreement"] = field(name="@type")
    target: Short
    timestamp: datetime
    assigner: Short
    assignee: Short
    permission: Annotated[list[Permission], Meta(min_length=1, max_length=1)]

    @property
    def purpose(self) -> str:
        return self.permission[0].constraint[0].rightOperand


class CatalogRequest(DspShape, frozen=True):
    type: Literal["CatalogRequestMessage"] = field(name="@type")
    filter: list[Any] = []


class ContractRequest(DspShape, frozen=True):
    type: Literal["ContractRequestMessage"] = field(name="@type")
    consumerPid: Pid
    offer: Offer
    callbackAddress: str | UnsetType = UNSET
    providerPid: str | UnsetType = UNSET


class ContractAgreement(DspShape, frozen=True):
    type: Literal["ContractAgreementMessage"] = field(name="@type")
    providerPid: Pid
    consumerPid: Pid
    agreement: Agreement


class ContractVerification(DspShape, frozen=True):
    type: Literal["ContractAgreementVerificationMessage"] = field(name="@type")
    providerPid: Pid
    consumerPid: Pid


class ContractEvent(DspShape, frozen=True):
    type: Literal["ContractNegotiationEventMessage"] = field(name="@type")
    providerPid: Pid
    consumerPid: Pid
    eventType: Literal["ACCEPTED", "FINALIZED"]


class ContractTermination(DspShape, frozen=True):
    type: Literal["ContractNegotiationTerminationMessage"] = field(name="@type")
    providerPid: Annotated[str, Meta(max_length=60, pattern=NO_NUL)]
    consumerPid: Pid
    code: Sentence = ""
    reason: list[Sentence] = []


class EndpointProperty(Shape, frozen=True):
    type: Literal["EndpointProperty"] = field(name="@type")
    name: Short
    value: Short


class DataAddress(Shape, frozen=True):
    type: Literal["DataAddress"] = field(name="@type")
    endpointType: Short
    endpoint: Short
    endpointProperties: list[EndpointProperty] = []


class TransferRequest(DspShape, frozen=True):
    type: Literal["TransferRequestMessage"] = field(name="@type")
    agreementId: Pid
    format: Literal["terakoya-pages"]
    callbackAddress: Short
    consumerPid: Pid
    consent: UUID = field(name="terakoya:consent")


class TransferStart(DspShape, frozen=True):
    type: Literal["TransferStartMessage"] = field(name="@type")
    providerPid: Pid
    consumerPid: Pid
    dataAddress: DataAddress
    expected: Annotated[int, Meta(ge=0)] = field(name="terakoya:expected")


class TransferCompletion(DspShape, frozen=True):
    type: Literal["TransferCompletionMessage"] = field(name="@type")
    providerPid: Pid
    consumerPid: Pid
    count: Annotated[int, Meta(ge=0)] = field(name="terakoya:count")
    digest: Hex64 = field(name="terakoya:digest")


class TransferTermination(DspShape, frozen=True):
    type: Literal["TransferTerminationMessage"] = field(name="@type")
    providerPid: Annotated[str, Meta(max_length=60, pattern=NO_NUL)]
    consumerPid: Pid
    code: Sentence = ""
    reason: list[Sentence] = []


class TransferSuspension(DspShape, frozen=True):
    type: Literal["TransferSuspensionMessage"] = field(name="@type")
    providerPid: Pid
    consumerPid: Pid
    code: Sentence = ""
    reason: list[Sentence] = []


class PageMessage(Shape, frozen=True):
    """A page of records; ``items`` are kept as they came, so that both ends digest the same bytes."""

    items: Raw
    number: Annotated[int, Meta(ge=0)]
    next: Annotated[str, Meta(max_length=200)] | None


class Scope(Shape, frozen=True):
    """Which of the records: school subjects by code, and the days they lie within."""

    subjects: Annotated[list[Short], Meta(max_length=50)] = []
    begin: date | UnsetType = field(default=UNSET, name="from")
    end: date | UnsetType = field(default=UNSET, name="to")


class AuthorisationDetails(Shape, frozen=True):
    """What is asked of a person, in the shape of RFC 9396."""

    type: Literal["terakoya_records"]
    dataset: Short
    purpose: Short
    valid_until: date
    scope: Scope = Scope()


class GrantOffer(Shape, frozen=True):
    """A consent that the holder brings to the recipient, with the invitation code it answers; without one where the
    consent takes the place of another."""

    code: Annotated[str, Meta(max_length=64)]
    subject: UUID
    receipt: dict[str, Any]


class Notice(Shape, frozen=True):
    """A consent has ended."""

    reason: Annotated[str, Meta(max_length=300, pattern=NO_NUL)] = ""


class DeletionReceipt(Shape, frozen=True):
    """What became of a copy after its consent ended, and the place of that in the sender's log, which can be checked
    without seeing the entry (RFC 9162)."""

    outcome: Literal["deleted", "kept", "nothing_held"]
    count: Annotated[int, Meta(ge=0)]
    digest: Annotated[str, Meta(max_length=128)]
    at: datetime
    index: Annotated[int, Meta(ge=0)]
    size: Annotated[int, Meta(ge=1)]
    leaf: Hex64
    root: Hex64
    proof: Annotated[list[Hex64], Meta(max_length=64)]


class AccessLines(Shape, frozen=True):
    """Who looked: the lines of a node's log about one person."""

    lines: Annotated[list[dict[str, Any]], Meta(max_length=10_000)]


class LogFault(Shape, frozen=True):
    """What a witness found of a log: the checkpoint it knew, and the one that contradicts it (C2SP signed notes)."""

    log: Short
    kind: Literal["fork", "rollback", "unproved", "restarted"]
    known: str
    shown: str
