"""What goes wrong when another server is read."""


class CannotRead(Exception):
    """The server answers with what cannot be taken; ``sentence`` says what, for whoever looks after the roster."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Away(CannotRead):
    """The server does not answer now, or asks for patience; reading goes on later. ``seconds``: when."""

    def __init__(self, sentence: str, seconds: float = 60) -> None:
        super().__init__(sentence)
        self.seconds = seconds
