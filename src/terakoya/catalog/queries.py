"""Reads for the pages: the lines of a catalog in the reader's language, and the nodes by kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from .entries import ANONYMISED, Entry, own_entries
from .models import Harvest, HarvestedDataset

ACCESS = {
    "public": _("open to everyone"),
    "restricted": _("to partners, with the family's consent"),
    "non_public": _("not handed on"),
}
PLACEMENT = {
    "table2": _("as the roadmap's table 2 says"),
    "consent": _("because families agreed"),
    "law": _("for its own people, as the law allows"),
    "operation": _("to run the system"),
}


@dataclass(frozen=True)
class KindOfNode:
    """How a kind of node is drawn on the map of the federation."""

    id: str
    icon: str
    name: str | Promise
    says: str | Promise


KINDS = (
    KindOfNode("city", "school", _("Boards of education and schools"), _("keep the records of school")),
    KindOfNode("pds", "store", _("Personal data stores"), _("keep what is the learner's own, for life")),
    KindOfNode("juku", "book", _("Cram schools"), _("see what a family shows them")),
    KindOfNode("vendor", "document", _("Teaching materials"), _("provide materials to learn with")),
)
KIND_NAMES: dict[str, str | Promise] = {
    "city": pgettext_lazy("one node", "Board of education"),
    "pds": pgettext_lazy("one node", "Personal data store"),
    "juku": pgettext_lazy("one node", "Cram school"),
    "vendor": pgettext_lazy("one node", "Teaching materials"),
    "nation": pgettext_lazy("one node", "Nation"),
}


@dataclass(frozen=True)
class Line:
    """One data set in words: what, held by whom, of which category and class, under which standard, for what."""

    node: str
    kind: str
    uri: str
    title: str
    category: str
    category_name: str
    importance: str
    standards: tuple[str, ...]
    purposes: tuple[str, ...]
    access: str
    placement: str

    @property
    def kind_name(self) -> str | Promise:
        return KIND_NAMES.get(self.kind, self.kind)

    @property
    def access_name(self) -> str | Promise:
        return ACCESS[self.access]

    @property
    def placement_name(self) -> str | Promise:
        return PLACEMENT[self.placement]


@dataclass(frozen=True)
class Wanted:
    """What the reader filters by; "" is everything."""

    kind: str = ""
    category: str = ""
    standard: str = ""

    def takes(self, line: Line) -> bool:
        return (
            self.kind in ("", line.kind)
            and self.category in ("", line.category)
            and (self.standard == "" or self.standard in line.standards)
        )


def own_lines() -> list[Line]:
    """The lines of this node's own catalog."""
    return [_own_line(entry) for entry in own_entries()]


def harvested_lines() -> list[Line]:
    """The lines of all harvested catalogs, by category, then by kind and name of node."""
    found = HarvestedDataset.objects.select_related("harvest")
    return [_line(row) for row in found.order_by("category", "harvest__kind", "harvest__name", "identifier")]


def visits() -> list[Harvest]:
    """The nation's last visits, one for each node."""
    return list(Harvest.objects.all())


def choices(lines: Iterable[Line]) -> dict[str, list[tuple[str, Any]]]:
    """What can be filtered by, found in the lines."""
    lines = list(lines)
    standards = sorted({standard for line in lines for standard in line.standards})
    return {
        "kind": [(kind, KIND_NAMES[kind]) for kind in KIND_NAMES if any(line.kind == kind for line in lines)],
        "category": sorted({(line.category, line.category_name) for line in lines}),
        "standard": [(standard, standard) for standard in standards],
    }


def category_name(category: str) -> str:
    """The name of a category in the reader's language."""
    if category == ANONYMISED:
        return str(_("anonymised figures"))
    known = CATEGORIES.get(category)
    return known.name(_language()) if known else category


def _line(row: HarvestedDataset) -> Line:
    title = row.title_en if _language() == "en" else row.title_ja
    standards = tuple(standard["name"] for standard in row.standards)
    where = (row.harvest.name, row.harvest.kind, row.harvest.uri)
    return _words(where, title, row.category, standards, row.purposes, row.access, row.placement)


def _own_line(entry: Entry) -> Line:
    title = entry.title.get(_language(), entry.title["ja"])
    standards = tuple(standard.name for standard in entry.standards)
    where = (settings.NODE_NAME, settings.NODE_KIND, settings.NODE_URL)
    return _words(where, title, entry.category, standards, entry.purposes, entry.access, entry.placement)


def _words(
    where: tuple[str, str, str],
    title: str,
    category: str,
    standards: tuple[str, ...],
    purposes: Iterable[str],
    access: str,
    placement: str,
) -> Line:
    known = CATEGORIES.get(category)
    return Line(
        *where,
        title=title,
        category=category,
        category_name=category_name(category),
        importance=known.importance if known else "",
        standards=standards,
        purposes=tuple(PURPOSES[purpose].name(_language()) for purpose in purposes if purpose in PURPOSES),
        access=access,
        placement=placement,
    )


def _language() -> str:
    return get_language() or "ja"
