"""What the roster does again and again."""

from terakoya.kit import jobs

from . import accounts, corrections, export_work, uploads
from .life import turning
from .tables import drafts

jobs.regularly("roster.forget_uploads", seconds=3600)(uploads.forget_old)
jobs.regularly("roster.forget_exports", seconds=3600)(export_work.forget_old)
jobs.regularly("roster.forget_tables", seconds=3600)(drafts.forget_old)
jobs.regularly("roster.forget_corrections", seconds=3600)(corrections.forget_old)
jobs.regularly("roster.follow_today", seconds=60)(accounts.follow_today)
jobs.regularly("roster.turn_years", seconds=60)(turning.turn_today)
