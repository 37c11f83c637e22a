"""Texts that leave as a table: spreadsheets run what begins like a formula."""

RUN = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(RUN) else text
