"""``{% load rights_words %}``: requests in words."""

from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from terakoya.rights import words

register = Library()


@register.filter
def kind_name(kind: str) -> str:
    """A kind of request in the reader's words."""
    return words.kind_name(kind)


@register.filter
def event_words(kind: str) -> str:
    """What happened to a request, as whoever asked reads it."""
    return str(words.EVENTS[kind])


@register.filter
def desk_words(kind: str) -> str:
    """What happened to a request, as the desk reads it."""
    return str(words.AT_THE_DESK.get(kind, words.EVENTS[kind]))


@register.filter
def of(people: dict[Any, Any], key: Any) -> Any:
    """What a key stands for; None when nothing."""
    return people.get(key)


@register.simple_tag
def state_tag(state: str) -> SafeString:
    """The state of a request as a small label."""
    text, tone, icon = words.STATES[state]
    return render_to_string("ui/parts/tag.html", {"text": text, "tone": tone, "icon": icon})
