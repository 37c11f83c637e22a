class UsernameTaken(Exception):
    """Another person has an account of this login name."""


class UnknownAccount(Exception):
    """No account of this login name exists."""
