"""The token address: OAuth 2.0 client credentials (RFC 6749, 4.4) for registered systems."""

import base64
import hmac
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from terakoya.identity import api as identity
from terakoya.kit.declaration import nothing

from . import scopes, systems, tokens
from .answers import json_answer
from .models import System

DOOR = "oneroster"
ADDRESS = "ims/oneroster/token"


@csrf_exempt
@nothing("gives a program its token")
def token(request: HttpRequest) -> HttpResponse:
    """A token for the scopes that are asked for and held; without a word about scopes for all that are held."""
    if request.method != "POST":
        answer = _refused(405, "invalid_request", "A token is asked for by POST.")
        answer["Allow"] = "POST"
        return answer
    if request.POST.get("grant_type") != "client_credentials":
        return _refused(400, "unsupported_grant_type", "grant_type must be client_credentials.")
    client_id, secret = _credentials(request)
    if identity.take_try(client_id, DOOR):
        return _refused(429, "invalid_client", "Too many wrong secrets. Try again later.", **{"Retry-After": "60"})
    system = _system(client_id, secret)
    if system is None:
        return _refused(401, "invalid_client", "Unknown system or wrong secret.", **{"WWW-Authenticate": "Basic"})
    identity.forget_tries(client_id, DOOR)
    return _given(system, request.POST.get("scope", ""))


def _given(system: System, asked: str) -> HttpResponse:
    granted = [scope for scope in (scopes.known(asked) if asked.strip() else system.scopes) if scope in system.scopes]
    if not granted:
        return _refused(400, "invalid_scope", "None of these scopes is open to this system.")
    body = {
        "access_token": tokens.issue(system, granted),
        "token_type": "Bearer",
        "expires_in": int(tokens.LIFETIME.total_seconds()),
        "scope": " ".join(scopes.full(scope) for scope in granted),
    }
    return _unkept(json_answer(body))


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Client id and secret: of HTTP Basic, else of the body (RFC 6749, 2.3.1)."""
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.POST.get("client_id", "")[:100], request.POST.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(client_id)[:100], unquote_plus(secret)


def _system(client_id: str, secret: str) -> System | None:
    system = systems.living(client_id)
    if system is None or not hmac.compare_digest(bytes(system.secret_digest), systems.digest(secret)):
        return None
    return system


def _refused(status: int, error: str, sentence: str, **headers: str) -> HttpResponse:
    answer = json_answer({"error": error, "error_description": sentence}, status)
    for name, value in headers.items():
        answer[name] = value
    return _unkept(answer)


def _unkept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer


routes = [path(ADDRESS, token, name="oneroster.token")]
