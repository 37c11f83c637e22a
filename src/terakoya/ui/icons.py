"""The drawings of the pages (``icons.toml``)."""

import tomllib
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

STROKES: dict[str, str] = tomllib.loads(Path(__file__).with_name("icons.toml").read_text(encoding="utf-8"))


def icon(name: str, label: str = "") -> SafeString:
    """The drawing as inline SVG; decoration unless it is given a label. An unknown name is a fault of the template."""
    path = mark_safe(STROKES[name])  # noqa: S308  (our own data file)
    if label:
        return format_html(
            '<svg class="tk-icon" viewBox="0 0 24 24" role="img" aria-label="{}"><path d="{}"/></svg>', label, path
        )
    return format_html('<svg class="tk-icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', path)
