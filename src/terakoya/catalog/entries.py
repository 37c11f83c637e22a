"""The entries of a node's own catalog, found from what the node is: nothing is written by hand, so nothing goes stale.

Offered data sets are those registered with the exchange. Held ones are the categories that the docstrings of the
node's models declare, if their tables have any row; their purposes are those that the node's pages and routes declare.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from terakoya.access import api as access
from terakoya.exchange import api as exchange
from terakoya.kit.declaration import Use
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

ANONYMISED = "anonymised"
"""The category of data that tell about nobody: outside the tables of the roadmap."""

OF_A_PERSON = {"person", "subject", "pupil", "child", "guardian", "official_family"}
"""Columns by which a table tells about a person; tables without one are the bookkeeping of the node."""

CATEGORY_LINE = re.compile(r"^\s*category:(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Standard:
    """A published standard, by its address and its name."""

    uri: str
    name: str


@dataclass(frozen=True)
class Entry:
    """One data set of a catalog.

    category: an id of ``standards.categories``, or ``ANONYMISED``
    access: "public", "restricted" (to partners under agreement and consent) or "non_public"
    placement: why it lies here: "table2" (the storage of the roadmap's table 2), "consent", "law" or "operation"
    """

    id: str
    title: dict[str, str]
    category: str
    standards: tuple[Standard, ...]
    purposes: tuple[str, ...]
    access: str
    placement: str
    offered: bool = field(default=False)


Source = Callable[[], Iterable[Entry]]
_sources: list[Source] = []


def register_entries(source: Source) -> None:
    """Let an upper room add entries (its public, anonymised data sets) to the node's catalog."""
    if source not in _sources:
        _sources.append(source)


def own_entries() -> list[Entry]:
    """The entries of this node, by category; no counts, no persons."""
    offered = [_offered(dataset) for dataset in exchange.datasets()]
    covered = {entry.category for entry in offered}
    held = [_held(category) for category in _held_categories() if category not in covered]
    added = [entry for source in _sources for entry in source()]
    return sorted([*offered, *held, *added], key=lambda entry: (entry.category, entry.id))


def standards_of(category: str) -> tuple[Standard, ...]:
    """The standards that the data of a category follow (``standards.toml``)."""
    return tuple(Standard(row["uri"], row["name"]) for row in _standards() if category in row["categories"])


def placement_of(kind: str, category: str) -> str:
    """Why a node of the kind stores a category: table 2, the families' consent, a law, or its operation."""
    information = CATEGORIES[category].information
    if not information:
        return "operation"
    storages = (storage for storage in access.matrix().storages if kind in storage.kinds)
    if any(information in storage.holds for storage in storages):
        return "table2"
    return "consent" if any(category in purpose.categories for purpose in PURPOSES.values()) else "law"


def _offered(dataset: exchange.Dataset) -> Entry:
    return Entry(
        id=dataset.id,
        title=dict(dataset.title),
        category=dataset.category,
        standards=standards_of(dataset.category),
        purposes=tuple(dataset.purposes),
        access="restricted",
        placement=placement_of(settings.NODE_KIND, dataset.category),
        offered=True,
    )


def _held(category: str) -> Entry:
    known = CATEGORIES[category]
    return Entry(
        id=f"held-{category.replace('.', '-').replace('_', '-')}",
        title={"ja": known.ja, "en": known.en},
        category=category,
        standards=standards_of(category),
        purposes=tuple(sorted(_declared_purposes().get(category, ()))),
        access="non_public",
        placement=placement_of(settings.NODE_KIND, category),
    )


def _held_categories() -> list[str]:
    rooms = {f"terakoya.{room}" for room in settings.KIND.rooms}
    models = [model for config in apps.get_app_configs() if config.name in rooms for model in config.get_models()]
    return sorted({category for model in models if _has_rows(model) for category in categories_of(model)})


def categories_of(model: type[Model]) -> list[str]:
    """The categories that a model's docstring declares; empty for ``none``."""
    line = CATEGORY_LINE.search(model.__doc__ or "")
    words = re.split(r"[\s,;()]+", line.group(1)) if line else []
    return [word for word in words if word in CATEGORIES]


def _has_rows(model: type[Model]) -> bool:
    columns = {column.name for column in model._meta.get_fields()}
    return bool(columns & OF_A_PERSON and categories_of(model)) and model._default_manager.exists()


def _declared_purposes() -> dict[str, set[str]]:
    purposes: dict[str, set[str]] = {}
    for view in _views(get_resolver().url_patterns):
        use = getattr(view, "declared_use", None)
        if isinstance(use, Use):
            for category in use.categories:
                purposes.setdefault(category, set()).add(use.purpose)
    return purposes


def _views(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[Callable[..., object]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        else:
            yield pattern.callback


@cache
def _standards() -> list[dict[str, Any]]:
    return list(tomllib.loads(files(__package__).joinpath("standards.toml").read_text("utf-8"))["standard"])
