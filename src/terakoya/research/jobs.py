from typing import Any
from uuid import UUID

from django.conf import settings

from terakoya.kit import jobs

from .actions import make_release, send_release
from .models import Release
from .queries import records_still_come, release_of, settled_term


@jobs.regularly("research.release", seconds=20)
def release() -> None:
    """A city releases each term once it has settled, and not while records of it are still coming in."""
    if settings.NODE_KIND == "city" and release_of(settled_term()) is None and not records_still_come():
        make_release()


@jobs.handles("research.send")
def send(body: dict[str, Any]) -> None:
    """Put a release on its way to the nation."""
    send_release(Release.objects.get(uuid=UUID(body["release"])))
