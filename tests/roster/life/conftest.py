from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from terakoya.roster import api
from terakoya.roster.models import Organisation, Placement, Rollover, SchoolClass

FIRST = date(2027, 4, 1)
EVE = date(2027, 3, 31)


@dataclass
class Schools:
    """The schools of the town, taken over."""

    hibari: Organisation
    keyaki: Organisation
    wakaba: Organisation

    @property
    def keys(self) -> list:
        return [self.hibari.uuid, self.keyaki.uuid, self.wakaba.uuid]

    def room(self, school: str, title: str) -> SchoolClass:
        return SchoolClass.objects.get(school=getattr(self, school), title=title)


@pytest.fixture
def schools(imported: api.ImportReport) -> Schools:
    hibari, keyaki = Organisation.objects.filter(name__endswith="小学校").order_by("-name")
    return Schools(hibari, keyaki, Organisation.objects.get(name__endswith="中学校"))


@pytest.fixture
def plan(schools: Schools) -> Callable[..., Rollover]:
    """A function that plans the year 2027 of all schools; graduates of both elementary schools go on to Wakaba."""

    def make(**wishes: object) -> Rollover:
        on = {schools.hibari.uuid: schools.wakaba.uuid, schools.keyaki.uuid: schools.wakaba.uuid}
        wanted = api.life.Wishes(**{"next_schools": on, **wishes})  # type: ignore[arg-type]
        return api.life.draft(2027, schools.keys, by="clerk", wishes=wanted)

    return make


def one_of(rollover: Rollover, **facts: object) -> Placement:
    found = rollover.placements.filter(**facts).order_by("pk").first()
    assert found is not None
    return found
