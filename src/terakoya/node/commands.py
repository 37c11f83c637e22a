"""What every command of a node's command line has: the options that say which node it acts on, and Django for it."""

import os
from collections.abc import Callable
from typing import Any

import click

from terakoya.kit.env import SettingError
from terakoya.node.kinds import KINDS

OPTIONS = (
    ("--kind", "TERAKOYA_KIND", "Kind of node.", click.Choice(tuple(KINDS))),
    ("--data-dir", "TERAKOYA_DATA_DIR", "Folder of the node's keys and, with SQLite, its database.", click.Path()),
    ("--base-url", "TERAKOYA_BASE_URL", "Address under which others reach the node.", str),
    ("--name", "TERAKOYA_NAME", "Name of the organisation, as people read it.", str),
)


def on_a_node(command: Callable[..., Any] | None = None, *, unless: tuple[str, ...] = ()) -> Callable[..., Any]:
    """Give a command the options that say which node it acts on, and start Django for it.

    With one of the options ``unless`` it acts on no node.
    """
    if command is None:
        return lambda command: on_a_node(command, unless=unless)

    def start(**given: Any) -> Any:
        for option, variable, _, _ in OPTIONS:
            if value := given.pop(option.strip("-").replace("-", "_"), None):
                os.environ[variable] = str(value)
        if not any(given[option] for option in unless):
            _start_django()
        return command(**given)

    start.__doc__, start.__name__ = command.__doc__, command.__name__
    for option, variable, text, kind in reversed(OPTIONS):
        start = click.option(option, help=f"{text} [{variable}]", type=kind)(start)
    start.__click_params__ += getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    return start


def _start_django() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "terakoya.node.settings"
    try:
        django.setup()
    except SettingError as fault:
        raise click.ClickException(str(fault)) from None
