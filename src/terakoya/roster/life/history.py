"""The changes of the roster: which there were, what each touched, and whether it can be taken back."""

from dataclasses import dataclass

from terakoya.roster.journal import images_of
from terakoya.roster.models import Before, Change
from terakoya.roster.undoing import kept_tables


@dataclass(frozen=True)
class Touched:
    """Rows of a table in a change: ``made`` new, ``changed`` to something else, ``gone`` taken away."""

    table: str
    made: int
    changed: int
    gone: int


def changes(limit: int, before: int | None = None) -> list[Change]:
    """The latest changes, the newest first; before: only those with a lower number."""
    rows = Change.objects.select_related("undoes", "undone_by")
    return list((rows if before is None else rows.filter(pk__lt=before))[:limit])


def change_of(number: int) -> Change | None:
    """A change by its number."""
    return Change.objects.select_related("undoes", "undone_by").filter(pk=number).first()


def touched(change: Change) -> list[Touched]:
    """What a change touched, table by table, as its journal has it."""
    changed: dict[str, set[object]] = {}
    gone: dict[str, int] = {}
    for part in Before.objects.filter(change=change):
        model, images = images_of(part)
        keys = [key for key, _image in images]
        if part.is_gone:
            gone[model.__name__] = gone.get(model.__name__, 0) + len(keys)
        else:
            changed.setdefault(model.__name__, set()).update(keys)
    rows = [
        Touched(
            model.__name__,
            model._default_manager.filter(made_by=change).count(),
            len(changed.get(model.__name__, ())),
            gone.get(model.__name__, 0),
        )
        for model in kept_tables()
    ]
    return [row for row in rows if row.made or row.changed or row.gone]
