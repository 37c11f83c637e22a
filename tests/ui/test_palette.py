"""Contrast of text on its ground, from the style sheets themselves (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src/terakoya/ui/static/ui"
TOKENS = (STATIC / "vendor/design-tokens/tokens.css").read_text(encoding="utf-8")
OWN = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("app.css", "parts.css"))
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
VARIABLE = re.compile(r"var\((--[a-z0-9-]+)\)")
KINDS = ("city", "pds", "juku", "vendor", "nation")
TEXT = 4.5
GRAPHIC = 3.0
PAIRS = [
    ("--tk-text", "--tk-ground", TEXT),
    ("--tk-quiet", "--tk-ground", TEXT),
    ("--tk-quiet", "--tk-surface", TEXT),
    ("--tk-quiet", "--tk-accent-tint", TEXT),
    ("--tk-accent", "--tk-surface", TEXT),
    ("--tk-accent", "--tk-ground", TEXT),
    ("--tk-accent", "--tk-accent-tint", TEXT),
    ("--tk-accent-strong", "--tk-accent-tint", TEXT),
    ("--tk-line-strong", "--tk-surface", GRAPHIC),
    ("--color-semantic-error-2", "--tk-surface", TEXT),
    ("--color-semantic-error-2", "--color-primitive-red-50", TEXT),
    ("--color-primitive-blue-800", "--color-neutral-solid-gray-100", GRAPHIC),
    ("--color-primitive-orange-800", "--color-neutral-solid-gray-100", GRAPHIC),
]


def variables(kind: str) -> dict[str, str]:
    found = dict(re.findall(r"(--[a-z0-9-]+):\s*([^;]+);", TOKENS))
    for selector, body in RULE.findall(OWN):
        if selector.strip().endswith((":root", f'[data-kind="{kind}"]')):
            found |= {name: value.strip() for name, value in re.findall(r"(--tk-[a-z-]+):\s*([^;]+);", body)}
    return found


def colour(value: str, known: dict[str, str]) -> str | None:
    """The value as #rrggbb, when it is a plain colour."""
    while match := VARIABLE.fullmatch(value.strip()):
        value = known.get(match[1], "")
    return value if re.fullmatch("#[0-9a-f]{6}", value.strip()) else None


def luminance(hexadecimal: str) -> float:
    channels = (int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def rules_with_both(known: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for selector, body in RULE.findall(OWN):
        declared = dict(DECLARATION.findall(body))
        text, ground = colour(declared.get("color", ""), known), colour(declared.get("background", ""), known)
        if text and ground:
            yield selector.strip(), text, ground


@pytest.mark.parametrize("kind", KINDS)
def test_declared_pairs_can_be_read(kind: str) -> None:
    known = variables(kind)
    for text, ground, least in PAIRS:
        found = contrast(str(colour(f"var({text})", known)), str(colour(f"var({ground})", known)))
        assert found >= least, f"{text} on {ground}: {found:.2f}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_with_text_and_ground_can_be_read(kind: str) -> None:
    found = list(rules_with_both(variables(kind)))
    assert len(found) > 15
    assert [
        (rule, round(contrast(text, ground), 2)) for rule, text, ground in found if contrast(text, ground) < TEXT
    ] == []


def test_ratio_is_that_of_the_guideline() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    assert not re.search(r"@import|url\(", OWN + TOKENS)
