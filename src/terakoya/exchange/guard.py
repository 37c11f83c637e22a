"""The door for partners' messages: who sent it, is it whole, young and new; then the view; then a signed answer."""

import functools
import hashlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import DataError, IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from terakoya.identity import api as identity
from terakoya.kit import clock

from . import messages, partners
from .client import own_signer
from .errors import Problem
from .models import Answered, Partner, SeenNonce

LARGEST_MESSAGE = 5_000_000
Shape = TypeVar("Shape")
View = Callable[..., HttpResponse]


def from_partner(method: str, content_type: str = "application/json") -> Callable[[View], View]:
    """Let only signed messages of known partners reach a view, as ``request.partner``.

    The view runs in one transaction with the note that the message was taken: all of it, or nothing. It answers by
    ``reply`` or raises Problem. A POST that comes again with the same message id gets the answer it got before.
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            parts = messages.request_parts(request.method or "", _target(request), request.headers)
            try:
                body = _body(request, method, content_type)
                partner, seal, message_id = _genuine(parts, body)
            except Problem as problem:
                return _problem(problem)
            request.partner, request.seal = partner, seal  # type: ignore[attr-defined]
            try:
                answer = _answered(request, seal, message_id, lambda: view(request, *args, **kwargs))
            except (OperationalError, IntegrityError):  # the loser of a race for a lock or a key: nothing was written
                return _problem(Problem(503, "busy", "Try the same message again in a moment."))
            partners.heard_from(partner)
            return _signed(parts, answer)

        return guarded

    return wrap


def reply(body: Any, status: int = 200) -> HttpResponse:
    """An answer in JSON."""
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")


def decoded(request: HttpRequest, shape: type[Shape]) -> Shape:
    """The body of a message in its shape. Problem 400 that says where it differs."""
    try:
        return msgspec.json.decode(request.body, type=shape)
    except msgspec.ValidationError as fault:
        raise Problem(400, "wrong-shape", f"The message has not the expected shape: {fault}.") from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Problem(400, "not-json", f"The body is not JSON: {fault}.") from fault


def partner_of(request: HttpRequest) -> Partner:
    """The partner that sent a guarded request."""
    return request.partner  # type: ignore[attr-defined]


def seal_of(request: HttpRequest) -> messages.Seal:
    """The signature of a guarded request."""
    return request.seal  # type: ignore[attr-defined]


def signature_hash(request: HttpRequest) -> str:
    """The SHA-256 (hex) of the signature of a guarded request, for the log: which request it was that was answered."""
    return hashlib.sha256(request.headers["Signature"].encode()).hexdigest()


def _target(request: HttpRequest) -> str:
    # The node knows its own address: behind a proxy the Host header may be another.
    return identity.node_uri() + request.get_full_path()


def _body(request: HttpRequest, method: str, content_type: str) -> bytes:
    if request.method != method:
        raise Problem(405, "wrong-method", f"Only {method} is answered here.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_MESSAGE:
        raise Problem(413, "too-big", f"A message has at most {LARGEST_MESSAGE} bytes.")
    if method == "POST" and request.content_type != content_type:
        raise Problem(415, "wrong-content-type", f"The body must be {content_type}.")
    return request.body


def _genuine(parts: SimpleNamespace, body: bytes) -> tuple[Partner, messages.Seal, UUID]:
    try:
        kid = messages.named_key(parts)
        partner = Partner.objects.filter(kid=kid, status="active").first()
        if partner is None:
            raise Problem(401, "unknown-partner", "The key belongs to no node of the registry.")
        seal = messages.verify_request(parts, body, partner.jwk, kid)
    except messages.NotGenuine as fault:
        raise Problem(401, "not-genuine", str(fault)) from fault
    try:
        headers = {name.lower(): value for name, value in parts.headers.items()}
        return partner, seal, UUID(headers[messages.MESSAGE_ID.lower()])
    except ValueError as fault:
        raise Problem(401, "not-genuine", f"{messages.MESSAGE_ID} must be a UUID.") from fault


def _answered(
    request: HttpRequest, seal: messages.Seal, message_id: UUID, view: Callable[[], HttpResponse]
) -> HttpResponse:
    partner = partner_of(request)
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).hexdigest()
    try:
        with transaction.atomic():
            _take_nonce(partner, seal)
            if known := Answered.objects.filter(partner=partner, message_id=message_id).first():
                return _again(known, digest)
            answer = _viewed(view)
            if request.method == "POST":
                Answered.objects.create(
                    partner=partner,
                    message_id=message_id,
                    request_digest=digest,
                    status=answer.status_code,
                    body=answer.content.decode(),
                    at=clock.now(),
                )
            return answer
    except Problem as problem:
        if problem.type != "repeated":
            _keep_nonce(partner, seal)
        return _problem(problem)


def _viewed(view: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        with transaction.atomic():
            return view()
    except DataError as fault:
        raise Problem(400, "wrong-shape", "A part of the message is too long to be kept.") from fault
    except RecursionError as fault:  # on decoding it, or later on keeping a part of it that has no shape
        raise Problem(400, "wrong-shape", "The message is nested too deeply.") from fault


def _take_nonce(partner: Partner, seal: messages.Seal) -> None:
    try:
        with transaction.atomic():
            SeenNonce.objects.create(partner=partner, nonce=seal.nonce, seen_at=clock.now())
    except IntegrityError as fault:
        raise Problem(401, "repeated", "This very message was taken before; sign it anew to send it again.") from fault


def _keep_nonce(partner: Partner, seal: messages.Seal) -> None:
    """A refused message leaves no trace but its nonce, so that its bytes are not taken later either."""
    SeenNonce.objects.get_or_create(partner=partner, nonce=seal.nonce, defaults={"seen_at": clock.now()})


def _again(known: Answered, digest: str) -> HttpResponse:
    if known.request_digest != digest:
        raise Problem(409, "message-id-reused", "Another message was sent under this message id.")
    return HttpResponse(known.body.encode(), status=known.status, content_type="application/json")


def _problem(problem: Problem) -> HttpResponse:
    return HttpResponse(
        msgspec.json.encode(problem.body()), status=problem.status, content_type="application/problem+json"
    )


def _signed(parts: SimpleNamespace, answer: HttpResponse) -> HttpResponse:
    headers = messages.signed_answer(
        own_signer(), parts, answer.status_code, answer.content, answer.headers["Content-Type"]
    )
    for name, value in headers.items():
        answer.headers[name] = value
    return answer
