from pathlib import Path

import pytest

from terakoya.kit.env import Environment, SettingError


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(SettingError, match="TERAKOYA_KIND is not set"):
        Environment({}).text("TERAKOYA_KIND")


@pytest.mark.parametrize(
    ("value", "read", "expected"),
    [
        ("school", lambda env: env.choice("X", ("city", "pds")), "one of: city, pds"),
        ("yes", lambda env: env.boolean("X", False), "true or false"),
        ("ten", lambda env: env.integer("X", 1), "whole number"),
        ("-1", lambda env: env.integer("X", 1), "0 or more"),
        ("example.jp", lambda env: env.url("X"), "http:// or https://"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(value: str, read: object, expected: str) -> None:
    with pytest.raises(SettingError, match=f"X is .*{expected}"):
        read(Environment({"X": value}))  # type: ignore[operator]


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("open sesame\n")
    assert Environment({"X_FILE": str(tmp_path / "secret")}).text("X") == "open sesame"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"X_FILE is .*No such file"):
        Environment({"X_FILE": str(tmp_path / "nothing")}).text("X")


def test_an_address_loses_its_last_slash() -> None:
    assert Environment({"X": "https://city.example/"}).url("X") == "https://city.example"
