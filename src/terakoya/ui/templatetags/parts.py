"""The parts of a page. README.md lists them; ``/parts/`` shows them. They are built in: templates need no load."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.forms import BaseForm, BoundField
from django.template import Context, Library, Node, TemplateSyntaxError
from django.template.base import Parser, Token
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext

from terakoya.ui import heat as heat_steps
from terakoya.ui import icons, notation
from terakoya.ui.forms import describe
from terakoya.ui.reader import Reader

register = Library()

CARD_TONES = ("", "accent", "warning", "error", "plain")
NOTICE_ICONS = {"info": "info", "success": "check", "warning": "alert", "error": "stop"}
TAG_TONES = ("", "info", "success", "warning", "error", "attention")
LOOKS = ("primary", "secondary", "danger", "quiet")


def _render(part: str, **values: Any) -> SafeString:
    return render_to_string(f"ui/parts/{part}.html", values)


def _one_of(value: str, known: Sequence[str], what: str) -> str:
    if value not in known:
        raise TemplateSyntaxError(f"{what} {value!r} is none of: {', '.join(filter(None, known))}")
    return value


class AgainNode(Node):
    """A block of the page once more: the title is also its h1."""

    def __init__(self, block: str, variable: str = "") -> None:
        self.block = block
        self.variable = variable

    def render(self, context: Context) -> SafeString:
        blocks = context.render_context[BLOCK_CONTEXT_KEY]
        text = SafeString(blocks.get_block(self.block).render(context).strip())
        if self.variable:
            context[self.variable] = text
            return SafeString("")
        return text


@register.tag
def again(parser: Parser, token: Token) -> AgainNode:
    """``{% again name %}``: the block of this name once more; ``{% again name as variable %}`` keeps it."""
    _tag, block, *rest = token.split_contents()
    return AgainNode(block, rest[1] if rest else "")


@register.filter
def furigana_for(reader: Reader, audience: str) -> bool:
    """Whether the reader sees readings on pages of this audience."""
    return reader.wants_furigana(audience)


# --- boxes ---
@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    tone: str = "",
    icon: str = "",
    href: str = "",
    link: str = "",
    level: int = 2,
    id: str = "",
) -> SafeString:
    """White box with a heading; ``href`` and ``link`` put a link right of it."""
    _one_of(tone, CARD_TONES, "tone")
    return _render("card", content=content, title=title, tone=tone, icon=icon, href=href, link=link, level=level, id=id)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """Message in the page. Errors and warnings are announced by screen readers when a fragment brings them."""
    _one_of(tone, tuple(NOTICE_ICONS), "tone")
    return _render("notice", content=content, tone=tone, title=title, icon=NOTICE_ICONS[tone])


@register.simple_block_tag
def empty(content: str, title: str = "", icon: str = "info") -> SafeString:
    """Nothing here yet, and what to do about it."""
    return _render("empty", content=content, title=title, icon=icon)


@register.simple_block_tag
def more(content: str, title: str) -> SafeString:
    """What opens on demand."""
    return _render("more", content=content, title=title)


@register.simple_block_tag
def scroll(content: str, label: str) -> SafeString:
    """Wide table in a box that scrolls by itself; the label names it for screen readers."""
    return _render("scroll", content=content, label=label)


# --- lists ---
@register.simple_block_tag
def facts(content: str) -> SafeString:
    """Names and values: ``<div><dt>…</dt><dd>…</dd></div>``."""
    return SafeString(f'<dl class="tk-facts">{content}</dl>')


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """What happened, newest first: ``<li>…</li>``."""
    return SafeString(f'<ol class="tk-timeline">{content}</ol>')


@register.simple_block_tag
def rows(content: str) -> SafeString:
    """List with lines between: ``<li class="tk-row">…</li>``."""
    return SafeString(f'<ul class="tk-rows">{content}</ul>')


@register.simple_tag
def steps(items: Sequence[str], current: int = 1) -> SafeString:
    """Where one is in a flow of named steps; ``current`` counts from 1."""
    return _render("steps", items=list(enumerate(items, 1)), current=current, count=len(items))


@register.simple_tag
def tabs(items: Sequence[Any], label: str) -> SafeString:
    """Views of one thing, as links: each item has ``href``, ``label`` and ``current``."""
    return _render("tabs", items=items, label=label)


# --- small things ---
@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of ``ui.icons``."""
    return icons.icon(name, label)


@register.simple_tag
def tag(text: str, tone: str = "", icon: str = "") -> SafeString:
    """Small label."""
    return _render("tag", text=text, tone=_one_of(tone, TAG_TONES, "tone"), icon=icon)


@register.simple_tag
def stat(label: str, value: object, unit: str = "", note: str = "") -> SafeString:
    """One large number with its name, unit and comparison."""
    return _render("stat", label=label, value=value, unit=unit, note=note)


@register.simple_tag
def bar(percent: float | None, label: str = "", tone: str = "", note: str = "") -> SafeString:
    """Bar with its number; None means not taken."""
    width = 0 if percent is None else max(0, min(100, round(percent)))
    return _render("bar", percent=None if percent is None else width, label=label, tone=tone, note=note)


@register.simple_tag
def heat(percent: float | None, note: str = "") -> SafeString:
    """Cell of a heat table: number, sign and colour; hatched when not taken."""
    step = None if percent is None else heat_steps.step_of(percent)
    return _render("heat", percent=None if percent is None else round(percent), step=step, note=note)


@register.simple_tag
def heat_legend() -> SafeString:
    """The key to a heat table."""
    return _render("heat_legend", steps=heat_steps.STEPS)


@register.simple_tag
def why(decision: Any) -> SafeString:
    """'Why do I see this?': sentence, rule and clause of an access decision (``access.api.Decision``)."""
    return _render("why", decision=decision)


@register.simple_tag
def recorded() -> SafeString:
    """Tells staff that the view is in the log that families read."""
    return _render("recorded")


# --- things to press and to fill in ---
@register.simple_tag
def button(
    label: str, href: str, look: str = "secondary", icon: str = "", download: bool = False, current: bool = False
) -> SafeString:
    """Link that looks like a button."""
    _one_of(look, LOOKS, "look")
    return _render("button", label=label, href=href, look=look, icon=icon, download=download, current=current)


@register.simple_tag
def submit(label: str, look: str = "primary", name: str = "", value: str = "", icon: str = "") -> SafeString:
    """Button that sends the form it stands in."""
    return _render("submit", label=label, look=_one_of(look, LOOKS, "look"), name=name, value=value, icon=icon)


@register.simple_tag
def field(bound: BoundField, hint: str = "") -> SafeString:
    """Label, hint, errors and control of a form field, tied together for screen readers."""
    return _render("field", **describe(bound, hint))


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """The errors of a form on top of the page, each leading to its field; nothing when there are none."""
    if not form.errors:
        return SafeString("")
    linked = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    return _render("error_summary", linked=linked, general=form.non_field_errors())


# --- words ---
@register.filter
def reading(name: str, kana: str = "") -> str:
    """A person's name with the reading that the roster holds; never a guess."""
    return notation.with_reading(name or "", kana)


@register.filter
def bare(text: str) -> str:
    """A text without its readings, to compare it with data."""
    return notation.strip(text or "")


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as the reader's language writes it; plain Japanese with readings."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = localtime(value).date()
    # family
    written = gettext("%(day)d %(month)s %(year)d")
    return written % {"year": value.year, "month": _month(value.month), "day": value.day}


@register.filter
def moment(value: datetime | None) -> str:
    """An instant in Japan's time, to the minute."""
    if value is None:
        return ""
    return f"{day(value)} {localtime(value):%H:%M}"


def _month(number: int) -> str:
    # family
    names = pgettext("months", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
    return names.split()[number - 1]
