"""Settings of the test suite: every room in one process; ``DATABASE_URL`` chooses the database."""

import os
import tempfile

os.environ.setdefault("TERAKOYA_KIND", "city")
os.environ.setdefault("TERAKOYA_DATA_DIR", tempfile.mkdtemp(prefix="terakoya-test-"))
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from terakoya.node.kinds import ALL_ROOMS
from terakoya.node.settings import *  # noqa: F403
from terakoya.node.settings import INSTALLED_APPS as _APPS
from terakoya.node.settings import LOGGING as _LOGGING
from terakoya.node.settings import MIDDLEWARE as _MIDDLEWARE

INSTALLED_APPS = [
    *(app for app in _APPS if not app.startswith("terakoya.")),
    *(f"terakoya.{room}" for room in ALL_ROOMS),
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
# without the line on standard error; what a node is silent about (a refusal with its traceback) costs nothing here
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": _LOGGING["loggers"]}
MIDDLEWARE = [name for name in _MIDDLEWARE if not name.startswith("whitenoise.")]
