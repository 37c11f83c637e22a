"""Cells that spreadsheets do not run."""

import pytest

from terakoya.kit.spreadsheets import harmless


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_a_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=b", "山田", "1-2"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
