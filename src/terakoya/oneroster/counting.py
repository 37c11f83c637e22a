"""How many rows a list has: counted once for as long as nothing changes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

from django.db.models import QuerySet

MOST = 2_000
_known: OrderedDict[Hashable, int] = OrderedDict()
_lock = Lock()


def total_of(rows: QuerySet[Any], version: Hashable) -> int:
    """The number of rows; ``version`` names the list and the state of the tables that it was counted in."""
    with _lock:
        if version in _known:
            _known.move_to_end(version)
            return _known[version]
    total = rows.count()
    with _lock:
        _known[version] = total
        while len(_known) > MOST:
            _known.popitem(last=False)
    return total
