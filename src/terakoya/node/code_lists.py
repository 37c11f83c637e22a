"""``terakoya codes load``: what came of an official list, told at a terminal."""

from datetime import date

import click
from django.utils import translation

from terakoya.roster import api as roster
from terakoya.roster.errors import TableRefused

ROWS_TOLD = 10


def tell(data: bytes, day: date) -> str:
    """Load a list and say how many codes it has; ``click.ClickException`` when it is none."""
    try:
        with translation.override("en"):
            loaded = roster.load_codes(data, day)
    except roster.NoOfficialList:
        raise click.ClickException(
            "this is neither the list of school codes nor that of codes of local governments"
        ) from None
    except TableRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    said = f"{loaded.kind}: {loaded.codes} codes, {loaded.new} new, {loaded.gone} have ended"
    if loaded.wrong:
        more = ", …" if len(loaded.wrong) > ROWS_TOLD else ""
        said += f"; rows without a right code: {', '.join(map(str, loaded.wrong[:ROWS_TOLD]))}{more}"
    return said
