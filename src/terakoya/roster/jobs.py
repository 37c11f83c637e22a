"""What the roster does again and again."""

from terakoya.kit import jobs

from . import uploads

jobs.regularly("roster.forget_uploads", seconds=3600)(uploads.forget_old)
