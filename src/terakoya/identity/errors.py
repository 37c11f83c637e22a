from datetime import timedelta


class UsernameTaken(Exception):
    """Another person has an account of this login name."""


class UnknownAccount(Exception):
    """No account of this login name exists."""


class WrongCode(Exception):
    """The code, the passkey or the pictures are not right, or were used before."""


class Paused(Exception):
    """There were too many wrong tries; ``left`` is how long the door still rests."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(str(left))
        self.left = left


class UnknownCard(Exception):
    """No living card has this code: it was renewed, its time is over, or it is mistyped."""
