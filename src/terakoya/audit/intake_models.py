"""The table of the intake."""

from django.db import models


class TakenIn(models.Model):
    """A file of the intake that is in the log; the row goes when the file has gone.

    category: none (a file name without meaning)
    basis: operation of the node
    retention: seconds
    """

    name = models.CharField(max_length=60, primary_key=True)

    def __str__(self) -> str:
        return self.name
