"""What the solver found, as sentences in Japanese and English: who, which data, what for, in which circumstances."""

from collections.abc import Sequence
from typing import Any

from .questions import Example

LANGUAGES = ("ja", "en")
# chapter 5 and chapter 4 of the Act on the Protection of Personal Information
REGIME = {
    "public": {"ja": "公的機関", "en": "public bodies"},
    "private": {"ja": "民間", "en": "private operators"},
}
CIRCUMSTANCE = {
    "node": {"ja": "ほかのノードとして", "en": "as another node"},
    "consented": {"ja": "同意があれば", "en": "with consent"},
    "revoked": {"ja": "同意の撤回のあと", "en": "after the consent was withdrawn"},
    "protected": {"ja": "住所の秘匿があっても", "en": "though the address is hidden"},
    "outside": {"ja": "ほかの組織の人のことを", "en": "about a person of another organisation"},
}
WITHOUT_CONSENT = {"ja": "同意なし", "en": "without consent"}
SENTENCE = {
    "broken": {
        "ja": "{who}が、{what}を、{purpose}のために見られます（{how}）。",
        "en": "{who} may see {what} for: {purpose} ({how}).",
    },
    "closed": {
        "ja": "{who}が、{what}を、{purpose}のために見られません（{how}）。",
        "en": "{who} may not see {what} for: {purpose} ({how}).",
    },
    "wider": {
        "ja": "{who}が、{what}を、{purpose}のために見られるようになります（{how}）。",
        "en": "{who} may now see {what} for: {purpose} ({how}).",
    },
    "narrower": {
        "ja": "{who}が、{what}を、{purpose}のために見られなくなります（{how}）。",
        "en": "{who} may no longer see {what} for: {purpose} ({how}).",
    },
    "shown": {
        "ja": "{who}に、{what}のうち{fields}も、{purpose}のために見えるようになります（{how}）。",
        "en": "{who} now also sees {fields} of {what} for: {purpose} ({how}).",
    },
    "hidden": {
        "ja": "{who}に、{what}のうち{fields}が、{purpose}のためには見えなくなります（{how}）。",
        "en": "{who} no longer sees {fields} of {what} for: {purpose} ({how}).",
    },
    "onward": {
        "ja": "{who}が、{what}を、{purpose}のために見たうえで、ほかへ渡せるようになります（{how}）。",
        "en": "{who} may now pass {what} on, seen for: {purpose} ({how}).",
    },
    "kept": {
        "ja": "{who}が、{what}を、{purpose}のために見ても、ほかへ渡せなくなります（{how}）。",
        "en": "{who} may no longer pass {what} on, seen for: {purpose} ({how}).",
    },
}


def sentence(
    kind: str,
    example: Example,
    snapshot: dict[str, Any],
    language: str,
    *,
    regimes: Sequence[str],
    parts: Sequence[str] = (),
    categories: Sequence[str] = (),
    fields: Sequence[str] = (),
) -> str:
    """One sentence; it may be true of several ``parts`` and ``categories``, ``fields`` are what changes of the data."""
    comma = "、" if language == "ja" else ", "
    what = [name(snapshot, "categories", each, language) for each in categories or [example.category]]
    return SENTENCE[kind][language].format(
        who=("、" if language == "ja" else "; ").join(
            name(snapshot, "parts", each, language) for each in parts or [example.part]
        ),
        what=comma.join(quoted(each, language) for each in what),
        purpose=name(snapshot, "purposes", example.purpose, language),
        how=("；" if language == "ja" else "; ").join(circumstances(example, regimes, language)),
        fields=comma.join(fields),
    )


def circumstances(example: Example, regimes: Sequence[str], language: str) -> list[str]:
    """The circumstances that hold, whether there is a consent, and the legal regimes."""
    held = [CIRCUMSTANCE[each][language] for each in example.circumstances]
    consent = [] if "consented" in example.circumstances else [WITHOUT_CONSENT[language]]
    return [*consent, *held, ("・" if language == "ja" else ", ").join(REGIME[each][language] for each in regimes)]


def name(snapshot: dict[str, Any], kind: str, key: str, language: str) -> str:
    """The name of a part, category or purpose; its id where this version does not know it."""
    return snapshot[kind].get(key, {}).get(language, key)


def quoted(text: str, language: str) -> str:
    """A name as a quotation."""
    return f"「{text}」" if language == "ja" else f"“{text}”"
