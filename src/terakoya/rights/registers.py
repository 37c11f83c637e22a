"""The registers that a holder publishes, made from data: files of personal information, entrustments, notices shown."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Max, Min, Model
from django.utils.translation import get_language

from terakoya.access import api as access
from terakoya.catalog import api as catalog
from terakoya.exchange import api as exchange
from terakoya.standards.categories import CATEGORIES

from .holdings import holdings
from .models import Entrustment

FEWEST = 10
"""No number of persons below this is published: a small one may tell who."""

OF_WHOM = ("person", "subject", "child", "pupil")
LINE = r"^\s*{}: (.+?)\s*$"


@dataclass
class PersonalFile:
    """One file of the register (APPI art. 75 (1); art. 32 (1) for private operators), by category of data.

    bases, retentions: as the tables declare them; persons: how many, None where there are fewer than ten
    """

    category: str
    bases: list[str] = field(default_factory=list)
    retentions: list[str] = field(default_factory=list)
    purposes: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    persons: int | None = None

    @property
    def name(self) -> str:
        return access.category_name(self.category)

    @property
    def items(self) -> list[str]:
        """What is recorded, in the reader's words."""
        return [str(one.label) for one in holdings([self.category])] or [self.name]

    @property
    def importance(self) -> str:
        return CATEGORIES[self.category].importance

    @property
    def sensitive(self) -> bool:
        """Whether it holds sensitive information (APPI art. 2 (3))."""
        return bool(getattr(CATEGORIES[self.category], "sensitive", False))


@dataclass(frozen=True)
class NoticeShown:
    """A version of the notice in one language and for one purpose: since when it was shown, how often, its digest."""

    version: str
    language: str
    purpose: str
    since: datetime
    last: datetime
    count: int | None
    digest: str

    @property
    def purpose_name(self) -> str:
        return access.purpose_name(self.purpose)


def personal_files() -> list[PersonalFile]:
    """The files of this node, by category, found from what its tables declare; never whose."""
    found: dict[str, PersonalFile] = {}
    for model in tables():
        for category in catalog.categories_of(model):
            _add(found.setdefault(category, PersonalFile(category)), model)
    entries = catalog.own_entries()
    for file in found.values():
        named = {purpose for entry in entries if entry.category == file.category for purpose in entry.purposes}
        file.purposes = [access.purpose_name(purpose) for purpose in sorted(named)]
        file.recipients = _recipients(file.category)
    return [file for _category, file in sorted(found.items())]


def entrustments() -> list[Entrustment]:
    """All entrustments with their audits: those that last first."""
    found = Entrustment.objects.prefetch_related("audits")
    return sorted(found, key=lambda one: (one.ends is not None, one.partner, one.begins))


def notices_shown() -> list[NoticeShown]:
    """Which versions of the notice were shown since when, by language and purpose, newest first."""
    kinds = ("notice_version", "notice_language", "purpose")
    shown = access.Consent.objects.filter(source="").values_list(*kinds)
    groups = shown.annotate(Min("created_at"), Max("created_at"), Count("id"), Count("notice_digest", distinct=True))
    return sorted((_shown(*row) for row in groups), key=lambda one: one.since, reverse=True)


def _shown(
    version: str, language: str, purpose: str, since: datetime, last: datetime, count: int, texts: int
) -> NoticeShown:
    digest = _digest(version, language, purpose) if count >= FEWEST and texts == 1 else ""
    return NoticeShown(version, language, purpose, since, last, count if count >= FEWEST else None, digest)


def _digest(version: str, language: str, purpose: str) -> str:
    """The digest of a text that at least ten people were shown alike: any other would be one family's."""
    known = access.Consent.objects.filter(source="", notice_version=version, notice_language=language, purpose=purpose)
    return known.values_list("notice_digest", flat=True)[0]


def tables() -> Iterator[type[Model]]:
    """The tables of the rooms of this kind of node."""
    rooms = {f"terakoya.{room}" for room in settings.KIND.rooms}
    for config in apps.get_app_configs():
        if config.name in rooms:
            yield from config.get_models()


def _add(file: PersonalFile, model: type[Model]) -> None:
    text = model.__doc__ or ""
    for known, name in ((file.bases, "basis"), (file.retentions, "retention")):
        if (line := in_words(name, declared(text, name))) and line not in known:
            known.append(line)
    count = _persons(model)
    if count >= FEWEST:
        file.persons = max(file.persons or 0, count)


def declared(text: str, name: str) -> str:
    """What a model's docstring declares as its ``basis`` or ``retention``."""
    found = re.search(LINE.format(name), text, re.MULTILINE)
    return found.group(1) if found else ""


def in_words(name: str, line: str) -> str:
    """A declared line in the reader's language: Japanese by ``declared.toml``, else as it was declared."""
    return _japanese()[name].get(line, line) if (get_language() or "ja").startswith("ja") else line


@cache
def _japanese() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("declared.toml").read_text("utf-8"))


def _persons(model: type[Model]) -> int:
    """How many persons a table tells of: the different keys in the column that names them."""
    columns = {column.name for column in model._meta.get_fields()}
    if "official_family" in columns:  # the persons of a roster themselves
        return model._default_manager.count()
    column = next((name for name in OF_WHOM if name in columns), None)
    return model._default_manager.values(column).distinct().count() if column else 0


def _recipients(category: str) -> list[str]:
    """To whom data of the category go under agreements in force."""
    datasets = {one.id for one in exchange.datasets() if one.category == category}
    found = exchange.Agreement.objects.filter(side="holder", dataset_id__in=datasets, in_force=True)
    return sorted(set(found.values_list("partner__name", flat=True)))
