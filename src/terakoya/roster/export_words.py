"""What a profile cannot carry, in the words of whoever writes the roster out."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .adapters.oneroster.exporting.losses import BECOMES, LEFT_OUT, MISSING, REPLACED, UNCARRIED, Loss


def told(loss: Loss) -> str:
    """A loss as a sentence."""
    details = {
        "file": f"{loss.file}.csv",
        "column": loss.column,
        "number": loss.count,
        "value": loss.value,
        "other": loss.other,
        "examples": ", ".join(loss.examples),
    }
    return _SENTENCES[loss.kind](loss.count) % details


def mend(loss: Loss) -> str:
    """What can be done about it; empty where nothing needs to be."""
    mends = {
        MISSING: _("Fill it in, then write the roster out again: the receiving system may refuse the package."),
        UNCARRIED: _("Choose a form of the name within JIS X 0213 for the person; until then it goes out as it is."),
    }
    return mends.get(loss.kind, "")


_SENTENCES: dict[str, Callable[[int], str]] = {
    LEFT_OUT: lambda number: ngettext(
        "%(file)s: the profile has no “%(value)s” (%(column)s); %(number)s row is left out or goes without it.",
        "%(file)s: the profile has no “%(value)s” (%(column)s); %(number)s rows are left out or go without it.",
        number,
    ),
    BECOMES: lambda number: ngettext(
        "%(file)s: “%(value)s” (%(column)s) becomes “%(other)s” in %(number)s row.",
        "%(file)s: “%(value)s” (%(column)s) becomes “%(other)s” in %(number)s rows.",
        number,
    ),
    REPLACED: lambda number: ngettext(
        "%(file)s: %(number)s official name has characters outside JIS X 0213; the name in use stands for it "
        "(%(examples)s).",
        "%(file)s: %(number)s official names have characters outside JIS X 0213; the names in use stand for them "
        "(such as %(examples)s).",
        number,
    ),
    UNCARRIED: lambda number: ngettext(
        "%(file)s: %(number)s name has characters outside JIS X 0213 (%(examples)s).",
        "%(file)s: %(number)s names have characters outside JIS X 0213 (such as %(examples)s).",
        number,
    ),
    MISSING: lambda number: ngettext(
        "%(file)s: the profile asks for %(column)s, and %(number)s row has none (%(examples)s).",
        "%(file)s: the profile asks for %(column)s, and %(number)s rows have none (such as %(examples)s).",
        number,
    ),
}
