"""The day that a page asks for, as it stands in its address or a form."""

from datetime import date

from django.http import HttpRequest
from django.utils.dateparse import parse_date

from terakoya.kit import clock

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


def day_of(request: HttpRequest, name: str = "on") -> date:
    """The day of a request: today where none or no possible one is given."""
    try:
        day = parse_date(request.GET.get(name, ""))
    except ValueError:  # such as 30 February
        day = None
    return day if day and EARLIEST <= day <= LATEST else clock.today()
