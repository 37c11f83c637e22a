"""Reading what is stored as it stood at one moment, while others write."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """One view of the database for all reads within; inside a transaction, that transaction's. Nobody waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()  # which sets the mode that is changed here
        database: Any = connection
        usual, database.transaction_mode = database.transaction_mode, "DEFERRED"  # a reader takes no writer's lock
        try:
            with transaction.atomic():
                yield
        finally:
            database.transaction_mode = usual
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
