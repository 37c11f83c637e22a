"""Time stamps (RFC 3161) of the log's checkpoints by an authority outside the federation, where one is configured."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx
from cryptography import x509
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from terakoya.kit import clock
from terakoya.standards import signed_notes as notes

from .checkpoints import newest_checkpoint
from .errors import NotStamped
from .witness_models import Checkpoint, TimeStamp

PATIENCE_SECONDS = 20
LARGEST_ANSWER = 100_000
APART = timedelta(minutes=5)


def stamp_newest() -> TimeStamp | None:
    """Have the newest checkpoint stamped; None when there is none, or it was stamped before.

    NotStamped when the authority does not answer, or answers with what is no stamp of this checkpoint by it now.
    """
    checkpoint = newest_checkpoint()
    if checkpoint is None or checkpoint.time_stamps.exists():
        return None
    text = notes.parse(checkpoint.note.encode()).text.encode()
    request = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
    response = _ask(request)
    moment = verify(response, text, _roots(), request=request)
    if abs(moment - clock.now()) > APART:
        raise NotStamped(f"The authority's clock says {moment:%Y-%m-%d %H:%M}; compare the clocks.")
    return TimeStamp.objects.create(checkpoint=checkpoint, authority=settings.TSA_URL, response=response, at=moment)


def verify(
    response: bytes, text: bytes, roots: list[x509.Certificate], *, request: TimeStampRequest | None = None
) -> datetime:
    """The time at which the authority saw the text. NotStamped.

    request: what was asked; an answer to another question (another nonce) is refused
    """
    try:
        decoded = decode_timestamp_response(response)
    except ValueError as fault:
        raise NotStamped(f"This is no time stamp: {fault}.") from fault
    builder = VerifierBuilder.from_request(request) if request else VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(decoded, text)
    except (VerificationError, ValueError) as fault:
        raise NotStamped(f"The time stamp is not good: {fault}.") from fault
    return _moment(decoded)


def newest_stamp() -> TimeStamp | None:
    """The newest stamp that is kept."""
    return TimeStamp.objects.select_related("checkpoint").order_by("-pk").first()


def is_good(stamp: TimeStamp) -> bool:
    """Whether a kept stamp still proves the time of its checkpoint."""
    checkpoint: Checkpoint = stamp.checkpoint
    try:
        verify(bytes(stamp.response), notes.parse(checkpoint.note.encode()).text.encode(), _roots())
    except NotStamped:
        return False
    return True


def _moment(decoded: TimeStampResponse) -> datetime:
    return decoded.tst_info.gen_time


def _ask(request: TimeStampRequest) -> bytes:
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        answer = httpx.post(settings.TSA_URL, content=request.as_bytes(), headers=headers, timeout=PATIENCE_SECONDS)
    except httpx.HTTPError as fault:
        raise NotStamped(f"The authority does not answer: {type(fault).__name__}.") from fault
    if answer.status_code != 200 or len(answer.content) > LARGEST_ANSWER:
        raise NotStamped(f"The authority answered {answer.status_code}.")
    return answer.content


def _roots() -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(Path(settings.TSA_ROOT).read_bytes())
    except (OSError, ValueError) as fault:
        raise NotStamped(f"TERAKOYA_TSA_ROOT names no certificates: {fault}.") from fault
