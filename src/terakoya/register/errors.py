"""What the desk of the register refuses."""


class CannotRelocate(Exception):
    """A relocation cannot go on as asked; ``sentence`` says why and what helps, in the reader's words."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
