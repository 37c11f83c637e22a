"""One line for pages of families: who else confirms that nothing in the log was changed."""

from typing import Any

from django import template

from terakoya.audit import standing

register = template.Library()


@register.inclusion_tag("audit/confirmed.html")
def log_confirmed() -> dict[str, Any]:
    """In words whether, by how many others, and until when the log is confirmed; with the way to the log's page."""
    return {"standing": standing.standing(), "linked": True}
