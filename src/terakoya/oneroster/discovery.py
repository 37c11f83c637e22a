"""Discovery: what a service offers here, as an OpenAPI document that is made from its routes.

Source: 1EdTech OneRoster 1.2 and Security Framework 1.1, service discovery. It says where the service and the token
address are, which operations there are and which scopes open them; shapes of objects are those of the standard.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import scopes
from .token_http import ADDRESS

FILES = {"rostering": "rosters", "gradebook": "gradebook", "resources": "resources"}
PAGED = ("limit", "offset", "sort", "orderBy", "filter")


@dataclass(frozen=True)
class Described:
    """An operation as it is told: its address below the base, its method, its scopes, its name."""

    address: str
    method: str
    scopes: tuple[str, ...]
    name: str


def file_of(service: str) -> str:
    """The name of the document of a service."""
    return f"onerosterv1p2{FILES[service]}service_openapi3_v1p0.json"


def document(service: str, base: str, origin: str, described: Sequence[Described]) -> dict[str, Any]:
    """The document of a service that is reached under an origin."""
    paths: dict[str, dict[str, Any]] = {}
    for one in described:
        paths.setdefault(f"/{_template(one.address)}", {})[one.method.lower()] = _operation(one)
    held = sorted({scope for one in described for scope in one.scopes})
    flow = {"tokenUrl": f"{origin}/{ADDRESS}", "scopes": {scopes.full(name): name for name in held}}
    return {
        "openapi": "3.0.1",
        "info": {"title": f"OneRoster 1.2 {service} service", "version": "1.2"},
        "servers": [{"url": f"{origin}/{base}"}],
        "paths": paths,
        "components": {"securitySchemes": {"OAuth2CC": {"type": "oauth2", "flows": {"clientCredentials": flow}}}},
    }


def _operation(one: Described) -> dict[str, Any]:
    names = re.findall(r"<\w+:(\w+)>", one.address)
    held = [_parameter(name, "path", required=True) for name in names]
    is_list = one.method == "GET" and not one.address.endswith("key>")
    asked = [*PAGED, "fields"] if is_list else ["fields"] if one.method == "GET" else []
    return {
        "operationId": f"{one.method.lower()}.{one.name}",
        "parameters": [*held, *(_parameter(name, "query") for name in asked)],
        "security": [{"OAuth2CC": [scopes.full(scope) for scope in one.scopes]}],
        "responses": {"default": {"description": "As OneRoster 1.2 says."}},
    }


def _parameter(name: str, place: str, *, required: bool = False) -> dict[str, Any]:
    kind = "integer" if name in ("limit", "offset") else "string"
    return {"name": name, "in": place, "required": required, "schema": {"type": kind}}


def _template(address: str) -> str:
    return re.sub(r"<\w+:(\w+)>", r"{\1}", address)
