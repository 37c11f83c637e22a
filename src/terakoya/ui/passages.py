"""Names and records that stay Japanese on a page in another language say so (``lang``): WCAG 2.2, 3.1.2.

A screen reader then reads them as Japanese, and a browser takes a Japanese font for them.
"""

import re

from . import notation

CHINESE = "zh-Hans"
# kana, the prolonged sound mark and the iteration mark; with kanji these are what Japanese is recognised by
_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc"
_LETTER = f"{_KANA}\u3005\u3400-\u9fff"
_WITHIN = f"{_LETTER}\u3000-\u3002\u300c-\u300f\u30fb\uff01-\uff1f 0-9"
_RUN = re.compile(f"[0-9]*[{_LETTER}](?:[{_WITHIN}]*[{_LETTER}\u3002\u300d\u300f\uff01\uff09\uff1f])?[0-9]*")
_HAS_KANA = re.compile(f"[{_KANA}]")
# what says its language itself, with the text right in it
_MARKED = r"""<(?:[^<>"']|"[^"]*")*?\slang="[^"]*"(?:[^<>"']|"[^"]*")*>[^<]*"""
_PIECES = re.compile(f"{_MARKED}|{notation.MARKUP}|(?P<text>[^<]+)", re.DOTALL | re.IGNORECASE)


def marked(html: str, language: str) -> str:
    """An HTML document or fragment whose Japanese passages are marked; ``language``: the tag of the page.

    In Chinese a kanji does not tell whose it is: there only a whole text is marked, one with kana that can be written
    in the characters of JIS X 0208.
    """
    return _PIECES.sub(lambda piece: _passage(piece, language == CHINESE), html)


def _passage(piece: re.Match[str], chinese: bool) -> str:
    text = piece["text"]
    if not text:
        return piece[0]
    if not chinese:
        return _RUN.sub(lambda run: _span(run[0]), text)
    return _span(text) if _HAS_KANA.search(text) and _in_jis(text) else text


def _span(text: str) -> str:
    return f'<span lang="ja">{text}</span>'


def _in_jis(text: str) -> bool:
    try:
        text.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return True
