"""The notice: what someone reads before agreeing. Its text and digest are kept with the consent."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from . import words
from .actors import Actor
from .errors import ConsentRefused
from .matrix import matrix
from .models import Consent
from .terms import Terms

VERSION = "2026-11-24"
LIVES = timedelta(hours=1)  # how long a page with a question may lie open before it is answered
SALT = "terakoya.access.notice"


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


def sealed(notice: Notice, terms: Terms, by: Actor) -> str:
    """A token that a page's form carries: what was shown to whom about which terms, signed by this node."""
    shown = {"text": notice.text, "version": notice.version, "language": notice.language}
    return signing.dumps({**shown, "terms": _plain(terms), "by": _name(by)}, salt=SALT, compress=True)


def unsealed(token: str, terms: Terms, by: Actor) -> Notice:
    """What was shown to this reader before they answer about these terms, or agree to less of them.

    ``ConsentRefused`` for a token that is missing, forged, of another reader, child or wish, or more than an hour old.
    """
    asked, notice = shown(token, terms.subject, by)
    if not _covers(_plain(asked), _plain(terms)):
        # family
        raise ConsentRefused("notice", _("Please read the page again, and then answer."))
    return notice


def shown(token: str, subject: UUID, by: Actor) -> tuple[Terms, Notice]:
    """The terms and the text that this reader was shown about a learner; ``ConsentRefused`` as :func:`unsealed`."""
    try:
        told = signing.loads(token, salt=SALT, max_age=LIVES)
    except signing.SignatureExpired as fault:
        # family
        raise ConsentRefused("notice", _("The page lay open for too long. Please read it again.")) from fault
    except signing.BadSignature as fault:
        # family
        raise ConsentRefused("notice", _("Please read the page again, and then answer.")) from fault
    if (told["by"], told["terms"]["subject"]) != (_name(by), str(subject)):
        # family
        raise ConsentRefused("notice", _("Please read the page again, and then answer."))
    return _terms(told["terms"]), Notice(told["text"], told["version"], told["language"])


def _terms(plain: dict[str, Any]) -> Terms:
    until = date.fromisoformat(plain["valid_until"])
    rest = {"subject": UUID(plain["subject"]), "valid_until": until, "categories": tuple(plain["categories"])}
    return Terms(**{**plain, **rest})


def _name(by: Actor) -> str:
    return f"{by.account or ''} {by.person or ''}"


def _plain(terms: Terms) -> dict[str, Any]:
    plain = {**asdict(terms), "subject": str(terms.subject), "valid_until": terms.valid_until.isoformat()}
    days = terms.scope.items()
    plain["scope"] = {key: value.isoformat() if isinstance(value, date) else value for key, value in days}
    plain["categories"] = sorted(terms.categories)
    return plain


def _covers(shown: dict[str, Any], agreed: dict[str, Any]) -> bool:
    """Whether what is agreed to is what was shown, or fewer of its school subjects."""
    subjects = [set((terms["scope"].get("subjects")) or ()) for terms in (shown, agreed)]
    rest = [{**terms, "scope": {**terms["scope"], "subjects": None}} for terms in (shown, agreed)]
    fewer = subjects[1] <= subjects[0] and bool(subjects[1]) if subjects[0] else not subjects[1]
    return rest[0] == rest[1] and fewer


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
