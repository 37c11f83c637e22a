"""What stands where a language has no text."""

from django.conf import settings
from django.utils.translation import trans_real

JAPANESE = ("ja", "ja-easy")


def let_english_stand() -> None:
    """Show English, the language texts are written in, where a family's language has none.

    Django would take the text of ``LANGUAGE_CODE``, Japanese, which who chose another language can read least of all.
    """
    for code, _name in settings.LANGUAGES:
        if code not in JAPANESE:
            trans_real.translation(code)._fallback = None  # type: ignore[attr-defined]
