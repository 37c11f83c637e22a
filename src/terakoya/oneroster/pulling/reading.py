"""Asks another server: a token (OAuth 2.0 client credentials), then list after list, page by page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
from django.utils.translation import gettext as _

from .errors import Away, CannotRead

PATIENCE = httpx.Timeout(60.0, connect=5.0)
LARGEST_PAGE = 64_000_000
A_PAGE = 1000
AGAIN = (429, 500, 502, 503, 504)
PREFIX = "https://purl.imsglobal.org/spec/or/v1p{}/scope/"
SCOPES = {
    "1.2": " ".join(PREFIX.format(2) + one for one in ("roster.readonly", "roster-demographics.readonly")),
    "1.1": " ".join(PREFIX.format(1) + one for one in ("roster.readonly", "roster-demographics.readonly")),
}
NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?', re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """Some objects of a list, the address of the next page (empty after the last), and how many there are in all."""

    objects: list[dict[str, Any]]
    next: str
    total: int | None


class Server:
    """A server that is read, with a token that is renewed once when it is refused."""

    def __init__(self, base: str, token_address: str, client_id: str, secret: str, scopes: str) -> None:
        self.base, self.token_address, self.scopes = base.rstrip("/"), token_address, scopes
        self.client = httpx.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False)
        self.credentials = httpx.BasicAuth(client_id, secret)
        self.token = ""

    def close(self) -> None:
        """Give the connections up."""
        self.client.close()

    def first(self, path: str, **query: str) -> str:
        """The address of the first page of a list."""
        return str(httpx.URL(f"{self.base}/{path}", params={"limit": str(A_PAGE), "offset": "0", **query}))

    def page(self, address: str, name: str) -> Page:
        """The page of a list at an address; ``name``: what the list is called in the answer."""
        self._must_be_there(address)
        answer = self._get(address)
        objects = _objects(answer, name)
        return Page(objects, self._next(answer, address, len(objects)), _total(answer))

    def _next(self, answer: httpx.Response, address: str, count: int) -> str:
        links = NEXT.search(answer.headers.get("link", ""))
        if links:
            return urljoin(address, links[1])
        if "link" in answer.headers or not count:
            return ""
        url = httpx.URL(address)
        after, total = int(url.params.get("offset", "0")) + count, _total(answer)
        is_last = after >= total if total is not None else count < int(url.params["limit"])
        return "" if is_last else str(url.copy_set_param("offset", str(after)))

    def _get(self, address: str) -> httpx.Response:
        for is_last in (False, True):
            self.token = self.token or self._new_token()
            answer = self._send("GET", address, headers={"Authorization": f"Bearer {self.token}"})
            if answer.status_code != 401 or is_last:
                break
            self.token = ""
        if answer.status_code != 200:
            raise CannotRead(
                _("The server answers %(status)s to %(address)s.") % {"status": answer.status_code, "address": address}
            )
        return answer

    def _new_token(self) -> str:
        answer = self._send(
            "POST",
            self.token_address,
            data={"grant_type": "client_credentials", "scope": self.scopes},
            auth=self.credentials,
        )
        token = _decoded(answer).get("access_token") if answer.status_code == 200 else None
        if not isinstance(token, str):
            raise CannotRead(
                _("The server gives no token (%(status)s). Look at client id, secret and scopes.")
                % {"status": answer.status_code}
            )
        return token

    def _send(self, method: str, address: str, **more: Any) -> httpx.Response:
        try:
            with self.client.stream(method, address, **more) as answer:
                body = b""
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST_PAGE:
                        raise CannotRead(_("A page of the server is too large."))
        except httpx.HTTPError as fault:
            raise Away(_("The server does not answer: %s.") % type(fault).__name__) from fault
        if answer.status_code in AGAIN:
            raise Away(_("The server is busy (%s).") % answer.status_code, _seconds(answer.headers))
        return httpx.Response(answer.status_code, headers=_plain(answer.headers), content=body)

    def _must_be_there(self, address: str) -> None:
        """A next page lies at the same server: whoever answers must not send the token elsewhere."""
        own, other = urlsplit(self.base), urlsplit(address)
        if (own.scheme, own.netloc) != (other.scheme, other.netloc):
            raise CannotRead(_("The server names a next page at another server: %s.") % address)


def _objects(answer: httpx.Response, name: str) -> list[dict[str, Any]]:
    found = _decoded(answer).get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) and one.get("sourcedId") for one in found):
        raise CannotRead(_("The answer is no list called %s, each with a sourcedId.") % name)
    return found


def _decoded(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CannotRead(_("The server's answer is no JSON object."))
    return found


def _total(answer: httpx.Response) -> int | None:
    told = answer.headers.get("x-total-count", "")
    return int(told) if told.isdecimal() else None


def _seconds(headers: Mapping[str, str]) -> float:
    told = headers.get("retry-after", "")
    return min(float(told), 3600) if told.isdecimal() else 60


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """Without what was true of the transport alone: the body is unpacked now."""
    return {name: value for name, value in headers.items() if name not in ("content-encoding", "content-length")}
