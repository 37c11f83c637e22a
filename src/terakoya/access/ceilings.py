"""The most that a consent may cover, purpose by purpose (``standards/purposes.toml``)."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from terakoya.kit import clock
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from .errors import ConsentRefused
from .terms import Terms


def check_terms(terms: Terms, on: date | None = None) -> None:
    """Raise ``ConsentRefused`` when terms of a day (default: today) go beyond the ceilings of their purpose."""
    purpose = PURPOSES.get(terms.purpose)
    day = on or clock.today()
    if purpose is None or purpose.banned or not purpose.by_consent:
        # family
        raise ConsentRefused("purpose", _("Nobody can agree to this purpose."))
    if not terms.categories or not set(terms.categories) <= set(purpose.categories) & set(CATEGORIES):
        # family
        raise ConsentRefused("categories", _("The purpose does not cover these kinds of data."))
    begin, end = (str(terms.scope.get(name) or "") for name in ("from", "to"))
    if not day <= terms.valid_until <= months_on(day, purpose.months) or (begin and end and begin > end):
        # family
        text = _("The consent must end in the future, at most %(months)s months from now.")
        raise ConsentRefused("period", text % {"months": purpose.months})


def months_on(day: date, months: int) -> date:
    """The same day some months later, or the last one of that month."""
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    following = (first + timedelta(days=32)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
