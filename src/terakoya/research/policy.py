"""What this room's data may be used for: the rules of a release, as data (``release.toml``)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Rules:
    """The rules of a release; counts are pupils, means are per cent."""

    smallest_cell: int
    mean_least: int
    mean_most: int
    settle_days: int
    basis: dict[str, str]
    title: dict[str, str]


@cache
def rules() -> Rules:
    """The rules in ``release.toml``."""
    return Rules(**tomllib.loads(files(__package__).joinpath("release.toml").read_text("utf-8")))
