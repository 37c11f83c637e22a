"""The notice: what someone reads before agreeing. Its text and digest are kept with the consent."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.dateparse import parse_date

from . import words
from .matrix import matrix
from .models import Consent
from .terms import Terms

VERSION = "2026-11"


@dataclass(frozen=True)
class Notice:
    """A text as it was shown: the text, its version, language (ja, ja-easy, en) and SHA-256 in hex."""

    text: str
    version: str
    language: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def notice_of(terms: Terms | Consent) -> Notice:
    """The notice for the terms in the reader's language: who, what, what for, until when, if not, how to stop."""
    text = render_to_string("access/notice.txt", {"terms": terms, **readable(terms)})
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Notice("\n".join(lines), VERSION, words.language())


def readable(terms: Terms | Consent) -> dict[str, Any]:
    """The terms in the reader's words, for the notice and for pages: categories, purpose, subjects, begin, end."""
    from terakoya.standards.purposes import PURPOSES

    purpose = PURPOSES.get(terms.purpose)
    return {
        "categories": [words.category_name(category) for category in terms.categories],
        "purpose": words.purpose_name(terms.purpose),
        "subjects": [words.subject_name(code) for code in terms.scope.get("subjects") or []],
        "begin": _day(terms.scope.get("from")),
        "end": _day(terms.scope.get("to")),
        "until": terms.valid_until,
        "deletes": bool(purpose and purpose.on_withdrawal == "delete"),
        "source": matrix().source.say(words.language()),
    }


def _day(value: str | date | None) -> date | None:
    return parse_date(value) if isinstance(value, str) else value
