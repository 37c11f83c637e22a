"""A source with a credential, and statements as a tool of a school would send them."""

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from terakoya.records.api import issue_credential
from terakoya.standards.xapi_japan import EXTENSIONS

FRACTIONS = "8230105320000000"
PERSON = UUID("5f0c9a53-6f43-4d1b-9d3a-7b1f3f1f2a10")


def statement(person: UUID = PERSON, scaled: float = 0.8, **changes: Any) -> dict[str, Any]:
    """A right statement: a pupil of this node answered a question about fractions."""
    ties = {"course-of-study-code": [FRACTIONS], "subject": ["P030"], "grade": ["P5"], "unit": ["分数"]}
    return {
        "id": str(uuid4()),
        "actor": {"account": {"homePage": settings.NODE_URL, "name": str(person)}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered"}},
        "object": {"id": "https://drill.example/q/1", "definition": {"name": {"ja-JP": "分数の問題"}}},
        "result": {"score": {"scaled": scaled, "raw": scaled * 10, "min": 0, "max": 10}, "success": scaled > 0.6},
        "context": {"extensions": {f"{EXTENSIONS}{name}": value for name, value in ties.items()}},
        "timestamp": "2026-05-08T10:15:00+09:00",
        **changes,
    }


class Lrs:
    """A source at the door of the store."""

    def __init__(self, name: str, scopes: list[str], version: str = "2.0.0") -> None:
        self.key, self.secret = issue_credential(name, scopes)
        self.version = version

    def headers(self) -> dict[str, str]:
        secret = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {secret}", "X-Experience-API-Version": self.version}

    def post(self, content: Any) -> HttpResponse:
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        return Client().post("/xapi/statements", body, content_type="application/json", headers=self.headers())

    def put(self, statement_id: str, content: Any) -> HttpResponse:
        address = f"/xapi/statements?statementId={statement_id}"
        body = msgspec.json.encode(content)
        return Client().put(address, body, content_type="application/json", headers=self.headers())

    def get(self, **parameters: str) -> HttpResponse:
        return Client().get("/xapi/statements", parameters, headers=self.headers())

    def found(self, **parameters: str) -> list[dict[str, Any]]:
        return msgspec.json.decode(self.get(**parameters).content)["statements"]


@pytest.fixture
def lrs(db: None) -> Lrs:
    return Lrs("drill", ["statements/write", "statements/read/mine"])


@pytest.fixture
def another(db: None) -> Callable[..., Lrs]:
    return Lrs
