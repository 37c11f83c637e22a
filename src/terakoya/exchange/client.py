"""Calling other nodes: one signed request, one signed answer, no redirects, only to addresses from the registry."""

import threading
import uuid
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import msgspec

from terakoya.identity import api as identity

from . import messages, partners
from .errors import PartnerAway, PartnerRefused
from .models import Partner

PATIENCE = httpx.Timeout(15.0, connect=3.0)
LARGEST_ANSWER = 20_000_000
Shape = TypeVar("Shape")
_local = threading.local()


@dataclass(frozen=True)
class Answer:
    """A partner's answer whose signature was checked."""

    status: int
    body: bytes

    def json(self) -> Any:
        return self.shaped(Any)

    def shaped(self, shape: type[Shape]) -> Shape:
        """The answer in its shape; PartnerAway when it has another, or is no JSON."""
        try:
            return msgspec.json.decode(self.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            raise PartnerAway(f"the answer has not the expected shape: {fault}") from fault

    def text(self, name: str) -> str:
        """A text of the answer's object; PartnerAway when it is not there."""
        found = self.json()
        if not isinstance(found, dict) or not isinstance(found.get(name), str) or not found[name]:
            raise PartnerAway(f"the answer names no {name}")
        return found[name]


@dataclass(frozen=True)
class Sent:
    """A request ready to be sent: signed, and nothing of it needs the database."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


def own_signer() -> messages.Signer:
    """This node as a signer."""
    return messages.Signer(identity.public_jwk()["kid"], identity.signing_key())


def call(
    partner: Partner,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    content_type: str = "application/json",
    message_id: str | None = None,
    timeout: httpx.Timeout | float = PATIENCE,
) -> Answer:
    """Send one request to a partner and give its answer, whatever its status below 500.

    PartnerAway when there is no answer, a fault on the other side, or an answer that cannot be trusted. A partner that
    does not know this node's key yet (401) counts as away: the registry reaches it in a moment.
    """
    request = prepare(partner, method, path, body, content_type=content_type, message_id=message_id)
    try:
        answer = trusted(partner, request, *fetch(request, timeout))
    except PartnerAway:
        partners.missed(partner)
        raise
    partners.heard_from(partner)
    return answer


def call_for(partner: Partner, method: str, path: str, body: bytes = b"", **more: Any) -> Answer:
    """As ``call``, for what must succeed: PartnerRefused with the partner's own words when it says no."""
    answer = call(partner, method, path, body, **more)
    if answer.status >= 300:
        raise refusal(answer)
    return answer


def refusal(answer: Answer) -> PartnerRefused:
    """A refusing answer as an exception."""
    problem = answer.json()
    known = problem if isinstance(problem, dict) else {}
    return PartnerRefused(answer.status, str(known.get("type", "")), str(known.get("detail", ""))[:300])


def prepare(
    partner: Partner,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    content_type: str = "application/json",
    message_id: str | None = None,
) -> Sent:
    """Sign a request to a partner."""
    url = partner.uri + path
    headers = messages.signed_request(own_signer(), method, url, body, content_type, message_id or str(uuid.uuid4()))
    return Sent(method, url, headers, body)


def trusted(partner: Partner, request: Sent, status: int, headers: httpx.Headers, body: bytes) -> Answer:
    """The answer, when the partner's signature on it is good. PartnerAway."""
    if status >= 500 or status in (401, 408, 429):
        raise PartnerAway(f"{partner.uri} answered {status}")
    parts = messages.request_parts(request.method, request.url, request.headers)
    try:
        messages.verify_answer(parts, status, headers, body, partner.jwk, partner.kid)
    except messages.NotGenuine as fault:
        raise PartnerAway(f"the answer of {partner.uri} cannot be trusted: {fault}") from fault
    return Answer(status, body)


def fetch(request: Sent, timeout: httpx.Timeout | float) -> tuple[int, httpx.Headers, bytes]:
    """Send a request as it is and read the whole answer. PartnerAway."""
    try:
        with _client().stream(
            request.method, request.url, headers=request.headers, content=request.body, timeout=timeout
        ) as response:
            return response.status_code, response.headers, _read(response)
    except httpx.HTTPError as fault:
        node = "/".join(request.url.split("/")[:3])  # the path may hold a code or a pairwise id: not for logs
        raise PartnerAway(f"{node}: {type(fault).__name__}") from fault


def get_public(url: str) -> bytes:
    """The unsigned answer to a plain GET (a statement that carries its own signature). PartnerAway."""
    status, _, body = fetch(Sent("GET", url, {}, b""), PATIENCE)
    if status != 200:
        raise PartnerAway(f"{url} answered {status}")
    return body


def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    for part in response.iter_bytes():
        content += part
        if len(content) > LARGEST_ANSWER:
            raise PartnerAway(f"{response.url.host} sent more than {LARGEST_ANSWER} bytes")
    return bytes(content)


def _client() -> httpx.Client:
    """One client a thread; nodes speak to each other directly, whatever proxy the environment names."""
    if not hasattr(_local, "client"):
        _local.client = httpx.Client(follow_redirects=False, trust_env=False)
    return _local.client
