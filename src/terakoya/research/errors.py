from terakoya.exchange.errors import Refused


class ReleaseRefused(Refused):
    """A release that another node sent breaks the rules; the message says which and where, in English."""
