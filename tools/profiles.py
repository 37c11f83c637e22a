"""The tables of docs/standards/oneroster.md, made of what the profiles say as data.

python tools/profiles.py           write them into the page
python tools/profiles.py check     fail where the page says something else
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import PROFILES, Profile

PAGE = Path(__file__).resolve().parent.parent / "docs" / "standards" / "oneroster.md"
BEGIN, END = "<!-- {name}: made by tools/profiles.py -->", "<!-- end of {name} -->"
NAMES = (
    *("base-1.2", "base-1.2.1", "japan-1.1", "japan-1.2", "japan-1.2.1", "e-portal-3.00", "e-portal-4.00"),
    *("interoperability-5.00", "k12-schools-1.0", "interoperability-6.00"),
)
SHOWN = [PROFILES[name] for name in NAMES]
YES, NO = "●", ""


def manifests() -> Iterator[str]:
    """What a package of each profile is called, and what its manifest names."""
    yield from _head("profile", "`oneroster.version`", "also read", "ZIP file", "characters", "`schoolYear`")
    for one in SHOWN:
        also = ", ".join(f"`{version}`" for version in one.also)
        name = one.file_name.replace("{day}", "YYYYMMDD").replace("{code}", "<code>")
        year = "year of its April" if one.school_year == "begins" else "year of its end"
        yield _line(f"`{one.name}`: {one.title}", f"`{one.version}`", also, f"`{name}`", one.characters, year)


def columns() -> Iterator[str]:
    """Where the profiles have other columns than each other."""
    yield from _head("file and column", *(f"`{one.name}`" for one in SHOWN))
    for file in oneroster.COLUMNS:
        spelled = dict.fromkeys(heading.name for one in SHOWN for heading in one.headings[file])
        for name in spelled:
            there = [any(heading.name == name for heading in one.headings[file]) for one in SHOWN]
            if not all(there):
                yield _line(f"`{file}` `{name}`", *(YES if is_there else NO for is_there in there))


def cells() -> Iterator[str]:
    """What the profiles ask of cells, beyond what the standard asks."""
    yield from _head("file and column", *(f"`{one.name}`" for one in SHOWN))
    for file in oneroster.COLUMNS:
        for name in dict.fromkeys(heading.name for one in SHOWN for heading in one.headings[file]):
            asked = [", ".join(_asked(one, file, name)) for one in SHOWN]
            if any(asked):
                yield _line(f"`{file}` `{name}`", *asked)


def vocabularies() -> Iterator[str]:
    """The values that the standard has, those that the profiles of Japan have, and what becomes of the others."""
    yield from _head("vocabulary", "standard", "profiles of Japan", "written instead")
    japan = PROFILES["japan-1.1"]
    for name in japan.vocabularies:
        base = oneroster.vocabulary(name, japan=False)
        told = (", ".join(base.values) or "any") + (", `ext:…`" if base.is_open and base.values else "")
        others = [f"{value} → {other}" for value, other in japan.becomes.get(name, {}).items()]
        lost = [value for value in base.values if japan.carried(name, value) is None]
        others += [f"{', '.join(lost)}: left out"] if lost else []
        yield _line(name, told, ", ".join(japan.vocabularies[name]), "; ".join(others))


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "manifests": manifests,
    "columns": columns,
    "cells": cells,
    "vocabularies": vocabularies,
}


def page(text: str) -> str:
    """The page with its tables as the data say."""
    for name, lines in TABLES.items():
        begin, end = BEGIN.format(name=name), END.format(name=name)
        before, rest = text.split(begin)
        text = before + begin + "\n" + "\n".join(lines()) + "\n" + end + rest.split(end)[1]
    return text


def main(arguments: list[str]) -> int:
    text = PAGE.read_text(encoding="utf-8")
    if arguments == ["check"]:
        is_right = page(text) == text
        print("the page says what the profiles say" if is_right else f"{PAGE}: run tools/profiles.py")
        return 0 if is_right else 1
    PAGE.write_text(page(text), encoding="utf-8")
    return 0


def _asked(profile: Profile, file: str, name: str) -> Iterator[str]:
    if name in profile.required.get(file, ()):
        yield "filled"
    if name in profile.fixed.get(file, {}):
        yield f"fixed: {profile.fixed[file][name] or 'empty'}"
    if name in profile.full_width.get(file, ()):
        yield "no half-width katakana"
    if of := profile.fill.get(file, {}).get(name):
        yield f"else `{of}`"


def _head(*cells: str) -> Iterator[str]:
    yield _line(*cells)
    yield _line(*("---" for _ in cells))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
