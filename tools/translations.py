"""The catalogues of every room: bring texts in, compile them, check that they are complete.

    python tools/translations.py extract [ROOM ...]
    python tools/translations.py compile [FILE.po ...]
    python tools/translations.py check [ROOM ...]

Texts are written in English where they stand. Japanese (``ja``) is complete in every room; plain Japanese (``ja_Easy``)
and five more languages are complete on what pupils and guardians read: templates that extend ``ui/family.html``, and
the texts that carry the translators' comment ``family``. In those five, English stands for all else
(``ui.languages``).
"""

import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "terakoya"
KEYWORDS = {
    "_": None,
    "_p": ((1, "c"), 2),
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
WORKING = ("ja", "ja_Easy")
FAMILIES = ("pt_BR", "zh_Hans", "tl", "vi", "es")
LANGUAGES = (*WORKING, *FAMILIES)
PLURALS = dict.fromkeys(FAMILIES, "nplurals=2; plural=(n != 1);")
FAMILY = re.compile(r"""extends\s+["']ui/family\.html["']|\{#\s*family\s*#\}""")
JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
KANA_OR_READING = re.compile("[\u3041-\u30fa｜《》]")
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]")


def rooms(names: Iterable[str]) -> list[Path]:
    chosen = [PACKAGE / name for name in names]
    return chosen or sorted(path for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


def messages_of(room: Path) -> Catalog:
    """All texts of a room, with the places they stand in; ``family`` among the comments marks what families read."""
    catalog = Catalog(charset="utf-8")
    for path in sorted((*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt"))):
        if "migrations" in path.parts or "static" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else _flush_left(templatize(text))
        family = path.suffix != ".py" and bool(FAMILY.search(text))
        found = extract("python", BytesIO(source.encode()), KEYWORDS, ["family"], {"encoding": "utf-8"})
        for line, message, comments, context in found:
            marks = ["family"] if family or "family" in " ".join(comments) else []
            place = (path.relative_to(PACKAGE.parent).as_posix(), line)
            catalog.add(message, locations=[place], auto_comments=marks, context=context)
    return catalog


def _flush_left(text: str) -> str:
    """A template's texts without indentation, which would mean something to the Python reader."""
    return "\n".join(line.lstrip() for line in text.split("\n"))


def family_texts(texts: Catalog) -> Catalog:
    """Those of the texts that families read."""
    chosen = Catalog(charset="utf-8")
    for message in texts:
        if message.id and "family" in message.auto_comments:
            chosen[message.id] = message
    return chosen


def read(path: Path, language: str) -> Catalog:
    """A catalogue; one that does not exist yet is empty. The families' languages all take two forms of number."""
    locale = "en" if language in FAMILIES else "ja"
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8", header_comment=f"# {language}")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def catalogue(room: Path, language: str) -> Path:
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def extract_texts(names: list[str]) -> int:
    for room in rooms(names):
        texts = messages_of(room)
        for language in LANGUAGES:
            _bring_in(family_texts(texts) if language in FAMILIES else texts, catalogue(room, language), language)
    return 0


def _bring_in(texts: Catalog, path: Path, language: str) -> None:
    if not len(texts):
        path.unlink(missing_ok=True)
        return
    known = read(path, language)
    known.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, known, width=110, omit_header=False, sort_output=False, no_location=True)
    _settle_header(path, language)


def _settle_header(path: Path, language: str) -> None:
    """A header that does not change with the day or the tool, so that diffs show texts only."""
    body = path.read_text(encoding="utf-8").split("\n\n", 1)
    header = (
        f'# {language}\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {PLURALS.get(language, "nplurals=1; plural=0;")}\\n"'
    )
    path.write_text("\n\n".join([header, *body[1:]]), encoding="utf-8")


def compile_texts(files: list[str]) -> int:
    for path in [Path(name) for name in files] or sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po")):
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path, path.parts[-3]))
    return 0


def check_texts(names: list[str]) -> int:
    faults = [fault for room in rooms(names) for fault in (*_incomplete(room), *_hard_coded(room))]
    faults += _at_odds()
    print("\n".join(faults) if faults else "translations: complete")
    return 1 if faults else 0


def _incomplete(room: Path) -> Iterator[str]:
    texts = messages_of(room)
    for language in LANGUAGES:
        known = read(catalogue(room, language), language)
        for message in texts:
            needed = language == "ja" or "family" in message.auto_comments
            if message.id and needed:
                yield from _fault(message, known.get(message.id, message.context), language)


def _at_odds() -> Iterator[str]:
    """Texts that two rooms translate differently: a node has one catalogue, so one of them would never be shown."""
    for language in LANGUAGES:
        first: dict[tuple[str, str], tuple[str, str]] = {}
        for room in rooms(()):
            for message in read(catalogue(room, language), language):
                if not message.id or not message.string or not any(message.string):
                    continue
                key, text = (str(message.id), message.context or ""), str(message.string)
                known_room, known = first.setdefault(key, (room.name, text))
                if known != text:
                    yield f"{language} {message.id!r}: {known_room} says {known}, {room.name} says {text}"


def _fault(message: Message, known: Message | None, language: str) -> Iterator[str]:
    place = f"{message.locations[0][0]}:{message.locations[0][1]}" if message.locations else ""
    if known is None or not any(known.string if isinstance(known.string, tuple) else [known.string]):
        yield f"{place}: no {language} text for {message.id!r}"
        return
    if known.fuzzy:
        yield f"{place}: the {language} text for {message.id!r} is fuzzy"
    for text in known.string if isinstance(known.string, tuple) else [known.string]:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        asked = {name for part in ids for name in PLACEHOLDER.findall(part)}
        used = set(PLACEHOLDER.findall(text))
        if not used <= asked or (language in FAMILIES and used != asked):
            yield f"{place}: the {language} text for {message.id!r} has not the placeholders of the text"
        if language in FAMILIES and (KANA_OR_READING if language == "zh_Hans" else JAPANESE).search(text):
            yield f"{place}: Japanese is left in the {language} text for {message.id!r}"


def _hard_coded(room: Path) -> Iterator[str]:
    for path in sorted((*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.js"))):
        if "vendor" in path.parts or "migrations" in path.parts or path.name == "settings.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if JAPANESE.search(line) and "# ja:" not in line:
                yield f"{path.relative_to(PACKAGE.parent)}:{number}: Japanese in the source; put it in a catalogue"


def main() -> int:
    settings.configure(USE_I18N=True)
    commands = {"extract": extract_texts, "compile": compile_texts, "check": check_texts}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        print(__doc__)
        return 2
    return commands[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
