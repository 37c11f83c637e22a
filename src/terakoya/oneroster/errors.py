"""What the services refuse, as the standard says it."""


class Refused(Exception):
    """A request that is answered with a status and a code of ``imsx_StatusInfo``; the sentence says why.

    status: 400 | 401 | 403 | 404 | 405 | 422 | 429 | 500; code: value of ``imsx_codeMinorFieldValue``
    """

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.code = status, code


def invalid(sentence: str) -> Refused:
    """What came in a body is not what the standard asks for (422)."""
    return Refused(422, "invaliddata", sentence)


def unknown(what: str, key: str) -> Refused:
    """There is nothing under this identifier, or nothing that this system may know of (404)."""
    return Refused(404, "unknownobject", f"There is no {what} {key[:255]!r} here.")


def forbidden(sentence: str) -> Refused:
    """The system is known and may not do this (403)."""
    return Refused(403, "forbidden", sentence)


class NotASystem(ValueError):
    """A system cannot be registered so; the sentence says what is missing."""
