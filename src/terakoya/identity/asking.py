"""Marks of pages that ask for the second factor whatever categories of data they use."""

from collections.abc import Callable
from typing import Any, TypeVar

MARK = "asks_for_second_factor"
OF_STAFF_ALWAYS, OF_WHO_HAS_ONE = "of staff always", "of who has one"
View = TypeVar("View", bound=Callable[..., Any])


def second_factor(view: View) -> View:
    """Ask for the second factor before this page: staff always, others if they have one."""
    setattr(view, MARK, OF_STAFF_ALWAYS)
    return view


def own_second_factor(view: View) -> View:
    """Ask whoever has a second factor for it before this page: one's own means of signing in are changed there."""
    setattr(view, MARK, OF_WHO_HAS_ONE)
    return view
