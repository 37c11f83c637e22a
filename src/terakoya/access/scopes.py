"""Scopes of consents: school subjects and days. What a scope does not name is free."""

from copy import copy
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from .models import Consent


def within(asked: dict[str, Any] | None, granted: dict[str, Any]) -> bool:
    """Whether an asked scope (school subjects, from, to) lies within that of a consent; what is not named is free."""
    if not asked:
        return True
    subjects = granted.get("subjects")
    if subjects and not set(asked.get("subjects") or ["*"]) <= set(subjects):
        return False
    begin, end = _day(granted.get("from")), _day(granted.get("to"))
    asked_begin, asked_end = _day(asked.get("from")), _day(asked.get("to"))
    return (begin is None or (asked_begin is not None and asked_begin >= begin)) and (
        end is None or (asked_end is not None and asked_end <= end)
    )


def narrowed(consent: Consent, other: Consent) -> Consent | None:
    """The consent cut down to what the other permits too; None where nothing is left. A copy that is never saved."""
    both = copy(consent)
    both.categories = [one for one in consent.categories if one in other.categories]
    both.valid_until = min(consent.valid_until, other.valid_until)
    scope = _both(consent.scope, other.scope)
    if not both.categories or scope is None:
        return None
    both.scope = scope
    return both


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any] | None:
    scope = {**other, **one}
    if one.get("subjects") and other.get("subjects"):
        scope["subjects"] = [code for code in one["subjects"] if code in other["subjects"]]
        if not scope["subjects"]:
            return None
    elif subjects := one.get("subjects") or other.get("subjects"):
        scope["subjects"] = subjects
    for name, tighter in (("from", max), ("to", min)):
        days = [scope[name] for scope in (one, other) if scope.get(name)]
        if days:
            scope[name] = tighter(days)
    return None if scope.get("from") and scope.get("to") and scope["from"] > scope["to"] else scope


def _day(value: str | date | None) -> date | None:
    return parse_date(value) if isinstance(value, str) else value
