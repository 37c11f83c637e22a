"""A browser in a word or two, so that people know their own again: never enough to follow anybody."""

PROGRAMS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("CrOS", "Chromebook"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """Program and system that a User-Agent header names (RFC 9110, section 10.1.5), as far as they are known."""
    named = (next((name for sign, name in signs if sign in user_agent), "") for signs in (PROGRAMS, SYSTEMS))
    return " · ".join(filter(None, named))
