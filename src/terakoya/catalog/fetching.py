"""Fetching a catalog from another node, with limits: one address, no redirects, so many bytes, so much time."""

import time

import httpx

from .errors import NodeUnreachable

LARGEST_BYTES = 512_000
LONGEST_SECONDS = 3.0
PLAIN = {"Accept": "application/ld+json", "Accept-Encoding": "identity"}


def fetch_catalog(uri: str, *, largest: int = LARGEST_BYTES, longest: float = LONGEST_SECONDS) -> bytes:
    """The bytes of ``<uri>/catalog.jsonld``. Raises ``NodeUnreachable``. ``uri`` comes from the registry alone."""
    until = time.monotonic() + longest
    try:
        address = f"{uri}/catalog.jsonld"
        with httpx.stream("GET", address, headers=PLAIN, timeout=longest, follow_redirects=False) as answer:
            if answer.status_code != 200:
                raise NodeUnreachable(f"answered {answer.status_code}")
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise NodeUnreachable("answered in a compressed form that was not asked for")
            return _read(answer, largest, until)
    except httpx.HTTPError as fault:
        raise NodeUnreachable(f"no answer ({type(fault).__name__})") from None


def _read(answer: httpx.Response, largest: int, until: float) -> bytes:
    body = bytearray()
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) > largest:
            raise NodeUnreachable(f"its catalog is larger than {largest} bytes")
        if time.monotonic() > until:
            raise NodeUnreachable("its answer was too slow")
    return bytes(body)
