"""``{% load access_lines %}``: the log and consents in words."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template import Library

from terakoya.access import answering, lines
from terakoya.access.accesses import AccessLine
from terakoya.access.actors import actor_of
from terakoya.access.models import Consent
from terakoya.access.notices import readable
from terakoya.access.states import state_of
from terakoya.ui.api import html_tag

register = Library()


@register.filter
def by_day(access_lines: Iterable[AccessLine | dict[str, Any]]) -> list[lines.Day]:
    """Access lines as days with readable rows."""
    return lines.by_day(access_lines)


@register.filter
def in_words(consent: Consent) -> dict[str, Any]:
    """The terms of a consent in the reader's words."""
    return readable(consent)


@register.filter
def tag_of(language: str) -> str:
    """The tag (BCP 47) of the language that a notice was read in, for ``lang``."""
    return html_tag(language)


@register.filter
def state(consent: Consent) -> str:
    """The state of a consent; see ``states.state_of``."""
    return state_of(consent)


@register.filter
def choices(consent: Consent, request: HttpRequest) -> answering.Choices:
    """What the reader may say to a consent now."""
    return answering.choices(consent, actor_of(request))


@register.filter
def of(people: dict[Any, Any], key: Any) -> Any:
    """What a key stands for; None when nothing."""
    return people.get(key) if people else None
