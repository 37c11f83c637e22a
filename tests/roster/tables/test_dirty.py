"""However dirty a list is, once repaired it says what the clean one says."""

import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from terakoya.kit import kana
from terakoya.roster.models import Organisation
from terakoya.roster.tables import columns
from terakoya.roster.tables.days import EXCEL_ZERO

from .tables import HEADINGS, draft, pupils_of, row_of, text, workbook

pytestmark = pytest.mark.django_db
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def era(day: date) -> str:
    one = next(one for one in columns.ERAS if one.first <= day <= (one.last or date.max))
    return f"{one.name}{day.year - one.first.year + 1}年{day.month}月{day.day}日"


WAYS = {
    "学年": [lambda cell: f"{cell}年", lambda cell: str(cell).translate(FULL_WIDTH), lambda cell: f"第{cell}学年"],
    "組": [lambda cell: f"{cell}組", lambda cell: f"0{cell}", lambda cell: str(cell).translate(FULL_WIDTH)],
    "番号": [lambda cell: f"{cell}番", lambda cell: float(cell), lambda cell: f" {cell}".translate(FULL_WIDTH)],
    "氏名": [lambda cell: cell.replace(" ", "　 "), lambda cell: f"　{cell} ", lambda cell: f"{cell}\u3000\u3000"],
    "ふりがな": [lambda cell: " ".join(kana.scripts(word)[1] for word in cell.split()), lambda cell: f"{cell}　"],
    "生年月日": [era, lambda day: (day - EXCEL_ZERO).days, lambda day: f"{day:%Y%m%d}", lambda day: f"{day:%Y/%m/%d}"],
}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=some.integers(0, 10_000), as_text=some.booleans())
def test_a_dirty_list_changes_nothing_that_the_clean_one_would_not(
    school: Organisation, seed: int, as_text: bool
) -> None:
    chance = random.Random(seed)
    rows = [
        [
            chance.choice([*WAYS[name], lambda cell: cell])(cell)
            for name, cell in zip(HEADINGS, row_of(one), strict=True)
        ]
        for one in pupils_of(school)
    ]
    above = [["令和8年度 名簿"], []] if chance.random() < 0.5 else []
    table = [*above, HEADINGS, *rows]
    plan = draft(school, text(table) if as_text else workbook(table)).plan
    assert (plan.faults, plan.changes_anything, plan.not_in_it) == ([], False, [])
