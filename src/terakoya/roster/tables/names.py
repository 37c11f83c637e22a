"""Names of a line, in the three forms that the roster keeps; none of them is guessed."""

from collections.abc import Mapping
from typing import Any

from terakoya.roster.models import Person

from .repairs import name_parts, squeezed

Parts = tuple[str, str]
Facts = dict[str, Any]


def official(values: Mapping[str, Any], known: Person | None, prefix: str = "") -> Parts | None:
    """Family and given name as the table has them; None where one name stands unparted and nothing says where to part.

    A name without a space is parted as the known person's, when it is the same name.
    """
    if f"{prefix}family" in values and not prefix:
        return values["family"], values.get("given", "")
    written = values.get(f"{prefix}name")
    if written is None:
        return None
    parts = name_parts(written)
    if parts is None and known is not None:
        mine = ((known.official_family, known.official_given), (known.display_family, known.display_given))
        parts = next((one for one in mine if squeezed("".join(one)) == squeezed(written)), None)
    return parts


def full(values: Mapping[str, Any], prefix: str = "") -> str:
    """The whole name of a line, to be compared."""
    if not prefix and "family" in values:
        return f"{values['family']} {values.get('given', '')}".strip()
    return str(values.get(f"{prefix}name", ""))


def facts_of(values: Mapping[str, Any], known: Person | None, prefix: str = "") -> Facts:
    """What a line says of somebody's names. A display name of its own stays as it is until the table gives one."""
    facts: Facts = {}
    _put(facts, known, "official", "display", official(values, known, prefix), values.get("display_name"))
    kana = values.get(f"{prefix}kana")
    parts = name_parts(kana) if kana else None
    if not prefix and "kana_family" in values:
        parts = values["kana_family"], values.get("kana_given", "")
    elif kana and parts is None:
        mine = (known.kana_family, known.kana_given) if known else ("", "")
        parts = mine if squeezed("".join(mine)) == squeezed(kana) else (kana, "")
    _put(facts, known, "official_kana", "kana", parts, None)
    return facts


def _put(facts: Facts, known: Person | None, first: str, second: str, parts: Parts | None, shown: str | None) -> None:
    """Both forms of a name; the second follows the first where it was the same, and else stays.

    Where the table has the second form and the register keeps another first one, it changes nothing.
    """
    before, beside = (_pair(known, first), _pair(known, second)) if known else (None, ("", ""))
    if parts is not None and not (known and parts == beside != before):
        _set(facts, first, parts)
        if beside in (before, ("", "")):
            _set(facts, second, parts)
    if shown:
        _set(facts, second, name_parts(shown) or (shown, ""))


def _set(facts: Facts, form: str, parts: Parts) -> None:
    facts[f"{form}_family"], facts[f"{form}_given"] = parts


def _pair(person: Person, form: str) -> Parts:
    return getattr(person, f"{form}_family"), getattr(person, f"{form}_given")
