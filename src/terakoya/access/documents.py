"""The receipt of a consent as a PDF: one sheet in the reader's language, with Japanese beside it for an office."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from terakoya.ui.api import day, html_tag, moment, pdf, without_readings

from . import words
from .models import Consent, ConsentEvent
from .notices import readable

TEMPLATE = Path(__file__).parent / "templates" / "access" / "receipt.typ"
JAPANESE = ("ja", "ja-easy")


def receipt_document(consent: Consent, *, name: str = "") -> bytes:
    """The receipt as PDF/A: number, who, what, what for, until when, how to stop, what happened, what was shown.

    ``name`` is the learner's, for the family's own sheet. Languages other than Japanese have Japanese beside them.
    """
    language = words.language()
    languages = [language] if language in JAPANESE else [language, "ja"]
    data = {
        "columns": [_column(consent, name, each) for each in languages],
        "number": str(consent.uuid),
        "address": settings.NODE_URL + reverse("access.consent", args=[consent.uuid]),
        "notice": _shown(consent),
    }
    return pdf(TEMPLATE, data, max([consent.created_at, *(event.at for event in consent.events.all())]))


def _column(consent: Consent, name: str, language: str) -> dict[str, Any]:
    with override(language):
        parts = {
            "title": [_("Receipt of a consent")],
            "rows": [[label, *text.split("\n")] for label, text in _terms(consent, name) if text],
            # family
            "stop": [_("How to stop"), *_stopping(consent)],
            "happened": [_("What happened"), *_happened(consent)],
            "shown": [_("What was shown before agreeing")],
        }
    return {**_tag(language), **(parts if language == "ja-easy" else _bare(parts))}


def _tag(language: str) -> dict[str, str]:
    """Language and region as Typst takes them: they choose the shapes of Chinese characters and break lines."""
    tag = html_tag(language)
    return {"lang": tag.split("-")[0], "region": {"pt-BR": "BR", "zh-Hans": "CN", "ja": "JP"}.get(tag, "")}


def _bare(texts: Any) -> Any:
    """The texts without readings, which only plain Japanese keeps."""
    if isinstance(texts, dict):
        return {key: _bare(value) for key, value in texts.items()}
    return [_bare(text) for text in texts] if isinstance(texts, list) else without_readings(texts)


def _shown(consent: Consent) -> dict[str, Any]:
    """The notice as it was read, in the language it was read in; of a copy its version and digest alone."""
    lines = consent.notice.splitlines()
    return {
        **_tag(consent.notice_language),
        "version": consent.notice_version,
        "lines": lines if consent.notice_language == "ja-easy" else _bare(lines),
        "digest": consent.notice_digest,
    }


def _terms(consent: Consent, name: str) -> list[tuple[str, str]]:
    said = readable(consent)
    which = [" / ".join(said["categories"]), " / ".join(said["subjects"])]
    if said["begin"] and said["end"]:
        which.append(f"{day(said['begin'])} – {day(said['end'])}")
    return [
        (_("Whose records"), name),
        (_("Who gets them"), consent.recipient_name),
        (_("Who passes them on"), consent.holder_name),
        (pgettext("consent", "Which"), "\n".join(filter(None, which))),
        (_("What for"), said["purpose"]),
        (_("Until when"), day(said["until"])),
    ]


def _stopping(consent: Consent) -> list[str]:
    deletes = readable(consent)["deletes"]
    return [
        _("You can stop at any time. From that moment nothing more is passed on."),
        _("When you stop, the recipient deletes its copy and sends a proof of it.")
        if deletes
        else _("What has reached the learner's own store stays there; it is the learner's."),
    ]


def _happened(consent: Consent) -> list[str]:
    events = sorted(consent.events.all(), key=lambda event: event.pk)
    return [f"{moment(event.at)}  {_event(consent, event)}" for event in events]


def _event(consent: Consent, event: ConsentEvent) -> str:
    return render_to_string("access/event_words.html", {"consent": consent, "event": event}).strip()
