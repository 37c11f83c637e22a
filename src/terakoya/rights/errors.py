"""What the door of this room raises. ``sentence`` says why, in the reader's language."""


class RightsError(Exception):
    """The root of what this room raises."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class RequestRefused(RightsError):
    """The request or question cannot be taken: by whom it comes, or what it says. Nothing was written.

    ``field`` names the part of the form it is about: person, categories, wrong, right, reason, clause, text.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class WrongState(RightsError):
    """The step does not follow from the state the request is in. Nothing was written."""
