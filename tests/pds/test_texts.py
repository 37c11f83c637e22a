import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import terakoya

ROOMS = Path(terakoya.__file__).parent
READING = re.compile("\uff5c[^\u300a]+\u300a[^\u300b]+\u300b")
KANJI = re.compile("[\u4e00-\u9fff]")


def texts(room: str, language: str) -> dict[str, str]:
    with (ROOMS / room / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="ja")
    return {str(text.id): "".join(text.string) for text in catalogue if text.id}


@pytest.mark.parametrize("room", ["pds", "exchange"])
def test_plain_japanese_is_complete_with_a_reading_on_each_kanji(room: str) -> None:
    plain = texts(room, "ja_Easy")
    assert plain.keys() == texts(room, "ja").keys()
    assert [key for key, text in plain.items() if not text] == []
    assert [key for key, text in plain.items() if KANJI.search(READING.sub("", text))] == []
