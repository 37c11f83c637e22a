"""Answers of the services: JSON, and the standard's ``imsx_StatusInfo`` where something is refused."""

from typing import Any

import msgspec
from django.http import HttpResponse

JSON = "application/json"


def json_answer(body: Any, status: int = 200) -> HttpResponse:
    """An answer with a body."""
    return HttpResponse(msgspec.json.encode(body), content_type=JSON, status=status)


def status_info(status: int, code: str, sentence: str) -> HttpResponse:
    """Why a request is refused. ``code`` is one of the values that the service's document lists."""
    field = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": code}
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": sentence,
        "imsx_CodeMinor": {"imsx_codeMinorField": [field]},
    }
    return json_answer(body, status)
