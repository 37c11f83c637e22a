"""Periods of two entries that were one person: what of the other's rows the person's own rows do not say already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

NEVER_ENDS = date.max


@dataclass(frozen=True)
class Span:
    """Days from ``begins`` on; ``ends`` is the first day after, ``NEVER_ENDS`` while it is open."""

    begins: date
    ends: date

    @property
    def is_empty(self) -> bool:
        return self.begins >= self.ends


def span_of(row: Any) -> Span:
    """The days on which a period holds."""
    return Span(row.begins, row.ends or NEVER_ENDS)


def left_of(span: Span, others: Iterable[Span]) -> list[Span]:
    """The days of a span that none of the others has, in order, each stretch as long as possible."""
    left = [span]
    for other in others:
        left = [part for one in left for part in _without(one, other)]
    return sorted((one for one in left if not one.is_empty), key=lambda one: one.begins)


def _without(span: Span, other: Span) -> list[Span]:
    if other.is_empty or other.ends <= span.begins or span.ends <= other.begins:
        return [span]
    return [
        Span(span.begins, min(span.ends, other.begins)),
        Span(max(span.begins, other.ends), span.ends),
    ]


def end_of(span: Span) -> date | None:
    """How a row says when it ends."""
    return None if span.ends == NEVER_ENDS else span.ends
