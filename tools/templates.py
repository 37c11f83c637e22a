"""Every template of every room: it compiles, and keeps the rules of the house for what a browser may be sent.

    python tools/templates.py [FILE ...]

Refused: ``style=`` and ``on…=`` attributes, <script> and <style> with a body, addresses of other hosts in what a page
loads, forms that post without a token. Faults are printed as file:line; any fault ends the run with 1.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "terakoya"
sys.path.insert(0, str(ROOT / "src"))

# template syntax inside an element must not end it early, nor be taken for an attribute
TEMPLATE_SYNTAX = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
COMMENT = re.compile(r"\{% comment.*?endcomment %\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
ELEMENT = re.compile(r"<(?P<name>[a-z][a-z0-9-]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"(?P<name>[a-z][a-z0-9:-]*)\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.IGNORECASE)
LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "link": "href",
    "use": "href",
    "form": "action",
}
OTHER_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


def faults_in(text: str) -> Iterator[tuple[int, str]]:
    """Line numbers and faults of a template's text."""
    plain = COMMENT.sub(_blank, text)
    shown = TEMPLATE_SYNTAX.sub(_blank, plain)
    for element in ELEMENT.finditer(shown):
        line = shown.count("\n", 0, element.start()) + 1
        attributes = {m["name"].lower(): m["value"].strip("\"'") for m in ATTRIBUTE.finditer(element["attributes"])}
        yield from ((line, fault) for fault in _faults_of_element(element["name"].lower(), attributes))
        yield from ((line, fault) for fault in _faults_of_body(element, plain, shown, attributes))


def _faults_of_element(name: str, attributes: dict[str, str]) -> Iterator[str]:
    for attribute in attributes:
        if attribute == "style" or re.fullmatch("on[a-z]+", attribute):
            yield f"<{name}> has the attribute {attribute}=; the browser is told to refuse it"
    if OTHER_HOST.match(attributes.get(LOADED.get(name, ""), "")):
        yield f"<{name}> takes something from another host"


def _faults_of_body(element: re.Match[str], plain: str, shown: str, attributes: dict[str, str]) -> Iterator[str]:
    name = element["name"].lower()
    if name in ("script", "style") and _until(shown, element.end(), f"</{name}").strip():
        yield f"<{name}> has a body; put it into a file"
    posts = name == "form" and attributes.get("method", "").lower() == "post"
    if posts and "csrf_token" not in _until(plain, element.end(), "</form"):
        yield "<form method=post> without {% csrf_token %}"


def _until(text: str, start: int, end: str) -> str:
    found = text.lower().find(end, start)
    return text[start : found if found >= 0 else len(text)]


def _blank(match: re.Match[str]) -> str:
    """As long as what it stands for and with its line ends, so that places stay right."""
    return re.sub(r"[^\n]", " ", match[0])


def templates(names: list[str]) -> list[Path]:
    return [Path(name).resolve() for name in names] or sorted(PACKAGE.glob("*/templates/**/*.html"))


def check(paths: list[Path]) -> Iterator[str]:
    """Faults of the files, with their places."""
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    for path in paths:
        place = os.path.relpath(path, ROOT)
        name = str(path).rpartition("/templates/")[2]
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            token = getattr(error, "token", None)
            yield f"{place}:{getattr(token, 'lineno', 1)}: {error}"
        for line, fault in faults_in(path.read_text(encoding="utf-8")):
            yield f"{place}:{line}: {fault}"


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "terakoya.node.settings_test"
    import django

    django.setup()
    paths = templates(sys.argv[1:])
    faults = list(check(paths))
    print("\n".join(faults) if faults else f"templates: {len(paths)} in order")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
