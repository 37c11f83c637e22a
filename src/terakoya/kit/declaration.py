"""The declared use of a page or route: said once, read by the check, the log, the page and the published table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Use:
    """Which categories of personal data a page or route uses, and what for (one purpose of ``standards.purposes``)."""

    categories: tuple[str, ...]
    purpose: str


@dataclass(frozen=True)
class NoUse:
    """A page or route that uses no personal data, and why that is so."""

    reason: str


def declares(use: Use) -> Callable[[View], View]:
    """Declare the use of personal data by a view."""

    def mark(view: View) -> View:
        view.declared_use = use  # type: ignore[attr-defined]
        return view

    return mark


def nothing(reason: str) -> Callable[[View], View]:
    """Declare that a view uses no personal data."""

    def mark(view: View) -> View:
        view.declared_use = NoUse(reason)  # type: ignore[attr-defined]
        return view

    return mark
