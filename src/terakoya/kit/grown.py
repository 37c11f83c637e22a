"""Tables whose rows are added and never changed: what was written stays."""

from typing import Any, NoReturn

from django.db import models


class Grown(models.Model):
    """A row that is added once and never changed or deleted by the program."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is never changed")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is never deleted")
