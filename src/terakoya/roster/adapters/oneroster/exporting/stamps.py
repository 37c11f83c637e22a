"""The cells ``status`` and ``dateLastModified``: empty in a bulk file, the moment of the last change in a delta."""

from datetime import UTC, datetime

from terakoya.roster.models import Change

Stamp = tuple[str, str]
NOTHING: Stamp = ("", "")
ACTIVE, GONE = "active", "tobedeleted"


class Stamps:
    """Says of a row by the number of its last change what these two cells hold."""

    def __init__(self, since: int | None, status: str = ACTIVE) -> None:
        self.since, self.status = since, status
        self._moments: dict[int, str] = {}
        if since is not None:
            later = Change.objects.filter(pk__gt=since).order_by("pk").values_list("pk", "at")
            self._moments = {number: written(moment) for number, moment in later}

    def gone(self) -> "Stamps":
        """The same moments, for rows that are no more."""
        stamps = Stamps(None, GONE)
        stamps.since, stamps._moments = self.since, self._moments
        return stamps

    def __call__(self, change: int | None) -> Stamp:
        if self.since is None:
            return NOTHING
        moment = self._moments.get(change or 0)
        return self.status, moment or next(reversed(self._moments.values()), "")


def written(moment: datetime) -> str:
    """A moment as OneRoster writes it: in UTC, to the millisecond."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
