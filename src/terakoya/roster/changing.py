"""Changes of the roster: each is one transaction, keeps what it found, and can be taken back as a whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction

from terakoya.kit import bulk, clock

from . import journal
from .models import Change, Head, Kept, Period

AT_ONCE = 500
Facts = Mapping[str, Any]


class Writing:
    """What may be written in a change. Rows that are touched are journalled first, as they were.

    A row is touched through it alone: who writes past it writes what no undo finds.
    """

    def __init__(self, change: Change) -> None:
        self.change = change
        self._images: dict[type[Kept], dict[Any, dict[str, Any]]] = defaultdict(dict)

    def create(self, rows: Sequence[Kept]) -> None:
        """Write new rows, all of one table."""
        for row in rows:
            row.made_by = row.change = self.change
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=AT_ONCE)

    def create_many(self, rows: Sequence[Kept]) -> None:
        """The same for tables whose keys the database gives: quicker, but the rows do not learn their keys."""
        for row in rows:
            row.made_by = row.change = self.change
        if rows:
            bulk.add(type(rows[0]), rows)

    def update(self, pairs: Iterable[tuple[Kept, Facts]]) -> int:
        """Give rows of one table the facts beside them; the number of rows that were others before."""
        touched, names = list[Kept](), {"change"}
        for row, facts in pairs:
            different = {name: value for name, value in facts.items() if getattr(row, name) != value}
            if not different:
                continue
            self._remember(row, different)
            for name, value in different.items():
                setattr(row, name, value)
            row.change = self.change
            names |= set(different)
            touched.append(row)
        if touched:
            named: list[Any] = [type(touched[0])._meta.get_field(name) for name in names]
            fields = sorted(field.attname for field in named)
            bulk.update(
                type(touched[0]), fields, ([*(getattr(row, name) for name in fields), row.pk] for row in touched)
            )
        return len(touched)

    def before(self, row: Kept) -> Callable[[str], Any]:
        """What a row held before this change touched it, field by field."""
        image = self._images.get(type(row), {}).get(row.pk, {})
        return lambda name: image[name] if name in image else getattr(row, name)

    def close(self, rows: Iterable[Period], day: date) -> int:
        """End periods of one table: ``day`` is the first on which they hold no longer."""
        return self.update((row, {"ends": max(day, row.begins), "closed_by_id": self.change.pk}) for row in rows)

    def remove(self, rows: Sequence[Kept]) -> None:
        """Take rows of one table away; only what never was true is, and its image stays."""
        if rows:
            journal.keep_gone(self.change, rows)
            keys = [row.pk for row in rows]
            for start in range(0, len(keys), AT_ONCE):
                some = type(rows[0])._default_manager.filter(pk__in=keys[start : start + AT_ONCE])
                some._raw_delete(some.db)  # the database holds references at the end of the transaction, not row by row

    def finish(self) -> None:
        """Write the journal; done by :func:`changing`."""
        for model, images in self._images.items():
            journal.keep_changed(self.change, model, images)

    def _remember(self, row: Kept, different: Facts) -> None:
        if row.made_by_id == self.change.pk:
            return
        image = self._images[type(row)].setdefault(row.pk, {"change_id": row.change_id})
        for name in different:
            image.setdefault(name, getattr(row, name))


@contextmanager
def changing(kind: str, *, by: str, note: str = "", undoes: Change | None = None) -> Iterator[Writing]:
    """A change of the roster, in a transaction of its own or within the caller's; one at a time.

    by: who does it, as the history names them
    """
    with transaction.atomic():
        head = lock()
        change = Change.objects.create(kind=kind, at=clock.now(), by=by[:150], note=note[:255], undoes=undoes)
        head.change = change.pk
        head.save(update_fields=["change"])
        writing = Writing(change)
        yield writing
        writing.finish()


def lock() -> Head:
    """Wait until nobody else changes the roster, and keep others from it until the transaction ends."""
    Head.objects.get_or_create(pk=1)
    return Head.objects.select_for_update().get(pk=1)


def latest() -> int:
    """The number of the latest change; what was read stays true while it does."""
    return Head.objects.values_list("change", flat=True).first() or 0
