class HasSignIn(Exception):
    """The child has a sign-in of its own already."""
