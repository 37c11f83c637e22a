"""What each profile of the OneRoster CSV binding says beyond the standard, one file each beside this one.

A file says:
``extends``, the profile of which it tells only the differences; ``title`` as published and a short ``label``;
``order``, which of two comes first that fit a package equally well;
``version`` and ``also``, what ``oneroster.version`` names, and what else it is seen to name;
``extensions``, columns after those of the standard, spelled so; ``leaves_out``, columns of the standard;
``required``, ``fixed``, ``fill`` (from another column where empty) and ``full_width`` cells;
``vocabularies`` that have no other value; ``becomes``, what other values become in a package that is written;
``roots``, types of organisations that have none above them.
A table replaces that of the profile it extends line by line: ``extensions.users`` is said anew as a whole.

Sources: the Japan profiles, the learning e-portal and interoperability standard models, the 1EdTech Japan K-12/Schools
Profile, compared in docs/standards/oneroster.md.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from terakoya.standards import oneroster
from terakoya.standards.oneroster import Column, Vocabulary

_FIRST_MONTH = 4
Cells = Mapping[str, tuple[str, ...]]  # columns by file


@dataclass(frozen=True)
class Heading:
    """A column as a profile spells it."""

    column: Column
    name: str


@dataclass(frozen=True)
class Profile:
    """A profile by the name of its file, such as ``e-portal-4.00``."""

    name: str
    title: str
    label: str
    order: int
    version: str
    also: tuple[str, ...]
    file_name: str
    school_year: str
    session_title: str
    characters: str
    extensions: Cells
    leaves_out: Cells
    required: Cells
    full_width: Cells
    fixed: Mapping[str, Mapping[str, str]]
    fill: Mapping[str, Mapping[str, str]]
    vocabularies: Mapping[str, tuple[str, ...]]
    roots: tuple[str, ...]
    becomes: Mapping[str, Mapping[str, str]]

    @cached_property
    def headings(self) -> Mapping[str, tuple[Heading, ...]]:
        """The columns of each of the 21 files in their order."""
        return {file: tuple(self._headings(file)) for file in oneroster.COLUMNS}

    def _headings(self, file: str) -> Iterable[Heading]:
        left_out = self.leaves_out.get(file, ())
        for column in oneroster.COLUMNS[file]:
            if column.part.startswith("base") and column.name not in left_out:
                yield Heading(column, column.name)
        spellings = {name: column for column in oneroster.COLUMNS[file] for name in (column.name, column.also) if name}
        for name in self.extensions.get(file, ()):
            yield Heading(spellings[name], name)

    @property
    def is_of_japan(self) -> bool:
        """Whether it narrows what the standard allows to the schools of Japan."""
        return bool(self.vocabularies)

    def must_be_filled(self, file: str, heading: Heading) -> bool:
        """Whether a cell under a heading may not be empty."""
        return heading.column.required or heading.name in self.required.get(file, ())

    def vocabulary(self, name: str) -> Vocabulary:
        """The values that the profile has for a vocabulary of the standard."""
        if name in self.vocabularies:
            return Vocabulary(self.vocabularies[name], is_open=False)
        return oneroster.vocabulary(name, japan=False)

    def carried(self, vocabulary: str, value: str) -> str | None:
        """A value as the profile has it; None when it has nothing for it."""
        return value if self.vocabulary(vocabulary).has(value) else self.becomes.get(vocabulary, {}).get(value)

    def year_of(self, first_day: date) -> int:
        """What ``schoolYear`` is for a session that begins on a day: the profiles count school years differently."""
        begun = first_day.year - (first_day.month < _FIRST_MONTH)
        return begun if self.school_year == "begins" else begun + 1

    def can_carry(self, text: str) -> bool:
        """Whether all characters of a text are in the profile's range."""
        if self.characters == "UTF-8":
            return True
        try:
            text.encode("euc_jis_2004")
        except UnicodeEncodeError:
            return False
        return True

    def package_name(self, day: date, code: str) -> str:
        """How a package is called that was written on a day for a school or board with a code."""
        return self.file_name.format(day=f"{day:%Y%m%d}", code=code)


def recognise(version: str, headers: Mapping[str, Iterable[str]]) -> Profile | None:
    """The profile that a package follows: what its manifest names as version, and the header of each file.

    Of profiles that differ in what must be filled in alone, the least demanding. None for a version that none names.
    """
    fitting = [one for one in PROFILES.values() if version in (one.version, *one.also)]
    told = {(file, name) for file, names in headers.items() for name in names if file in oneroster.COLUMNS}
    return min(fitting, key=lambda one: (*_distance(one, told), one.order), default=None)


def alike(profile: Profile) -> tuple[Profile, ...]:
    """The other profiles as which a package of this one may be meant: same headers, and a version that both know."""
    return tuple(one for one in PROFILES.values() if one is not profile and _is_alike(one, profile))


def _is_alike(one: Profile, other: Profile) -> bool:
    versions = {one.version, *one.also} & {other.version, *other.also}
    return bool(versions) and _names(one) == _names(other)


def _distance(profile: Profile, told: set[tuple[str, str]]) -> tuple[int, int]:
    """How far a package is from a profile: columns that the profile does not know, and columns that are missing."""
    files = {file for file, _ in told}
    names = {(file, name) for file, name in _names(profile) if file in files}
    return len(told - names), len(names - told)


def _names(profile: Profile) -> set[tuple[str, str]]:
    return {(file, heading.name) for file, headings in profile.headings.items() for heading in headings}


def _read() -> dict[str, Profile]:
    files = {path.stem: path for path in Path(__file__).parent.glob("*.toml")}
    told = {name: tomllib.loads(path.read_text(encoding="utf-8")) for name, path in files.items()}
    profiles = [_profile(name, _whole(name, told)) for name in told]
    return {one.name: one for one in sorted(profiles, key=lambda one: one.order)}


def _whole(name: str, told: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """What a profile says with all that it extends."""
    own = told[name]
    if "extends" not in own:
        return own
    whole = dict(_whole(own["extends"], told))
    for key, value in own.items():
        whole[key] = {**whole[key], **value} if isinstance(value, dict) else value
    return whole


def _profile(name: str, told: Mapping[str, Any]) -> Profile:
    lists = ("extensions", "leaves_out", "required", "full_width", "vocabularies")
    columns: dict[str, Any] = {key: {of: tuple(values) for of, values in told[key].items()} for key in lists}
    names = ("title", "label", "order", "version", "file_name", "school_year", "characters", "fixed", "fill", "becomes")
    return Profile(
        name=name,
        **{key: told[key] for key in names},
        **columns,
        also=tuple(told["also"]),
        session_title=told.get("session_title", ""),
        roots=tuple(told.get("roots", ())),
    )


PROFILES: dict[str, Profile] = _read()
