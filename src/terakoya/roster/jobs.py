"""What the roster does again and again."""

from terakoya.kit import jobs

from . import accounts, uploads

jobs.regularly("roster.forget_uploads", seconds=3600)(uploads.forget_old)
jobs.regularly("roster.follow_today", seconds=60)(accounts.follow_today)
