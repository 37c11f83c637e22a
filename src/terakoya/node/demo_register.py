"""What the demo's clerk has done at the desk of the register: a day was written down, and a pupil moved before it; a
name changed, and with it who has parental authority; another pupil is about to move to another municipality.
"""

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
GUARDIANSHIP = re.compile(r'href="(/register/people/[0-9a-f-]{36}/family/\d+/)"')
FIELD = r'name="{}" value="([^"]*)"'
NAMES = ("official_family", "official_given", "display_family", "display_given", "kana_family", "kana_given")
NEW_NAME = {"official_family": "佐々木", "display_family": "佐々木", "kana_family": "ササキ"}  # ja: as a clerk types it
GROUND = "戸籍の届出"  # ja: a clerk's own words
DAYS_UNTIL_LEAVING = 20
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
        classes = CLASS.findall(desk.open("/register/classes/").text)
        pupils = [one.removesuffix("move/") for one in MOVE.findall(desk.open(classes[0]).text)]
        _rename(desk, pupils[1:-1], today.replace(day=1))
        _leave(desk, pupils[0], today + timedelta(days=DAYS_UNTIL_LEAVING))
        if before <= date(year, 4, 1):
            return f"{day} is written down; a name changed, and a pupil is about to leave"
        _move(desk, pupils[-1], before)
    return f"{day} is written down; a pupil moved before it, which was entered later; a name changed, somebody leaves"


def _move(desk: Visitor, pupil: str, day: date) -> None:
    """A pupil moves to the last class for the grade."""
    rooms = ROOM.findall(desk.open(f"{pupil}move/").text)
    desk.send(f"{pupil}move/", step="move", to=rooms[-1], day=day.isoformat(), number="", note=NOTE)


def _rename(desk: Visitor, pupils: list[str], day: date) -> None:
    """The first one with two guardians has another family name since a day, and one of the two no custody any more."""
    families = ((one, GUARDIANSHIP.findall(desk.open(f"{one}family/").text)) for one in pupils)
    pupil, family = next(both for both in families if len(both[1]) > 1)
    page = desk.open(f"{pupil}name/").text
    now = {name: found[1] for name in NAMES if (found := re.search(FIELD.format(name), page))}
    desk.send(f"{pupil}name/", **(now | NEW_NAME), kind="changed", since=day.isoformat(), note=GROUND)
    said = {"kind": "custody", "has_custody": "no", "day": day.isoformat(), "begins": day.isoformat(), "note": GROUND}
    desk.send(family[-1], **said, relation="")


def _leave(desk: Visitor, pupil: str, last_day: date) -> None:
    """A pupil leaves for a municipality that the family does not know yet: they take a transfer code along."""
    address = pupil.replace("/register/people/", "/register/relocations/leave/")
    desk.send(address, last_day=last_day.isoformat(), way="code", to="")
