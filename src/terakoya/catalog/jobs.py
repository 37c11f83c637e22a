from django.conf import settings

from terakoya.kit import jobs

from .actions import harvest_all


@jobs.regularly("catalog.harvest", seconds=30)
def harvest() -> None:
    """The nation visits the catalogs of all registered nodes."""
    if settings.NODE_KIND == "nation":
        harvest_all()
