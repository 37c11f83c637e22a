"""What the demo's clerk has done at the desk of the register: a day was written down, and a pupil moved before it."""

import re
from contextlib import closing
from datetime import date, timedelta

from terakoya.kit import clock
from terakoya.node.demo_rights import Visitor
from terakoya.node.federation import FederationError

CLASS = re.compile(r'href="(/register/classes/[0-9a-f-]{36}/)')
MOVE = re.compile(r'href="(/register/people/[0-9a-f-]{36}/move/)"')
ROOM = re.compile(r'<option value="([0-9a-f-]{36})"')
DAYS_BEFORE = 10
NOTE = "転居（届出が遅れたもの）"  # ja: a clerk's own words


def fill(url: str, clerk: str, password: str, today: date) -> str:
    """Freeze the day of the statistics, then move a pupil who should have moved before it: the two differ then."""
    year = clock.school_year(today)
    day = min(date(year, 5, 1), today)
    before = day - timedelta(days=DAYS_BEFORE)
    with closing(Visitor(url, clerk, password)) as desk:
        frozen = desk.send("/register/days/", day=day.isoformat(), school="")
        if "/register/days/" not in frozen.url.path:
            raise FederationError("the day was not written down")
        if before <= date(year, 4, 1):
            return f"{day} is written down"
        _move(desk, before)
    return f"{day} is written down; a pupil moved before it, which was entered later"


def _move(desk: Visitor, day: date) -> None:
    """The last pupil of the first class of the first school moves to the last class for the grade."""
    classes = CLASS.findall(desk.open("/register/classes/").text)
    pupils = MOVE.findall(desk.open(classes[0]).text)
    rooms = ROOM.findall(desk.open(pupils[-1]).text)
    desk.send(pupils[-1], step="move", to=rooms[-1], day=day.isoformat(), number="", note=NOTE)
