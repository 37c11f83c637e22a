"""The regular duties of witnessing: sign the log's head, compare it with what was signed before, have it stamped."""

import logging

from django.conf import settings

from terakoya.kit import jobs

from . import checkpoints, standing, timestamps

log = logging.getLogger(__name__)
DAY_SECONDS = 86_400


@jobs.regularly("audit.checkpoint", seconds=min(60, settings.WITNESS_SECONDS))
def make_checkpoint() -> None:
    """Sign the log as it stands, when it grew; not when it no longer continues what was signed before."""
    if standing.standing().breaks:
        return
    found = standing.check_own_checkpoint()
    if found is not None:
        log.error("the log is not what it was: %s; nothing is released until it is acknowledged", found.kind)
        return
    checkpoints.make_checkpoint()


@jobs.regularly("audit.whole", seconds=DAY_SECONDS)
def check_whole_log() -> None:
    """Compute the whole log anew once a day."""
    found = standing.check_whole_log()
    if found is not None:
        log.error("the log is damaged: %s; nothing is released until it is acknowledged", found.seen)


@jobs.regularly("audit.time_stamp", seconds=DAY_SECONDS)
def stamp() -> None:
    """Have the newest checkpoint stamped by the configured authority; a failure is tried again soon."""
    if settings.TSA_URL:
        timestamps.stamp_newest()
