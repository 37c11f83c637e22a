"""The kinds of node: which rooms each has, who its people are, and its first page."""

from dataclasses import dataclass

GROUND = ("kit", "ui", "identity", "audit", "access")
MARKS = ("gradebook", "materials")
SCHOOL = ("oneroster", "register", "portal", "research")


@dataclass(frozen=True)
class Kind:
    """A kind of node.

    rooms: the rooms whose tables, routes and pages it has, lowest first
    home: the view behind ``/``, as ``room.module.function``
    staff: the stakeholder (row of the access matrix) that its staff are
    regime: the chapter of the personal-information law it stands under unless it says otherwise
    """

    name: str
    rooms: tuple[str, ...]
    home: str
    staff: str
    regime: str


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "city",
            (*GROUND, "roster", "exchange", "catalog", "curriculum", "records", *MARKS, "rights", *SCHOOL, "ops"),
            home="portal.pages.home",
            staff="school",
            regime="public",
        ),
        Kind(
            "pds",
            (*GROUND, "exchange", "catalog", "curriculum", "records", "rights", "pds", "ops"),
            home="pds.pages.home",
            staff="operator",
            regime="private",
        ),
        Kind(
            "juku",
            (*GROUND, "roster", "exchange", "catalog", "curriculum", "records", "rights", "juku", "ops"),
            home="juku.pages.home",
            staff="cram_school",
            regime="private",
        ),
        Kind(
            "vendor",
            (*GROUND, "exchange", "catalog", "curriculum", "records", "rights", "ops"),
            home="catalog.pages.own",
            staff="material_company",
            regime="private",
        ),
        Kind(
            "nation",
            (*GROUND, "exchange", "catalog", "research", "ops"),
            home="catalog.pages.nation",
            staff="operator",
            regime="public",
        ),
    )
}

ALL_ROOMS = tuple(dict.fromkeys(room for kind in KINDS.values() for room in kind.rooms))
