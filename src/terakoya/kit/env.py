"""Typed settings from the environment. A missing or wrong value stops the start and names its variable."""

import os
from collections.abc import Mapping
from pathlib import Path


class SettingError(Exception):
    """A variable of the environment is missing or cannot be read; the message names it and says what is expected."""


class Environment:
    """The environment as typed values. ``NAME_FILE`` may hold the path of a file with the value (mounted secrets)."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name)
        if value is None and (path := self._values.get(f"{name}_FILE")):
            value = _read(name, Path(path))
        if value is None:
            value = default
        if value is None:
            raise SettingError(f"{name} is not set. It has no default; set it in the environment.")
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise SettingError(f"{name} is {value!r}; expected one of: {', '.join(choices)}.")
        return value

    def boolean(self, name: str, default: bool) -> bool:
        value = self.text(name, "true" if default else "false").lower()
        if value not in ("true", "false"):
            raise SettingError(f"{name} is {value!r}; expected true or false.")
        return value == "true"

    def integer(self, name: str, default: int, *, least: int = 0) -> int:
        value = self.text(name, str(default))
        try:
            number = int(value)
        except ValueError:
            raise SettingError(f"{name} is {value!r}; expected a whole number.") from None
        if number < least:
            raise SettingError(f"{name} is {number}; expected {least} or more.")
        return number

    def url(self, name: str, default: str | None = None) -> str:
        value = self.text(name, default).rstrip("/")
        if value and not value.startswith(("http://", "https://")):
            raise SettingError(f"{name} is {value!r}; expected an address that begins with http:// or https://.")
        return value

    def path(self, name: str, default: str) -> Path:
        return Path(self.text(name, default)).absolute()


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE is {str(path)!r}, which cannot be read: {error.strerror}.") from error
