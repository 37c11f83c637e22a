"""Settings of a node, from the environment. ``terakoya check`` lists the variables with their present values."""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
import django.conf.locale
from csp.constants import NONE, SELF

from terakoya.kit.env import Environment, SettingError
from terakoya.kit.keyfiles import load_or_make_secret
from terakoya.node.kinds import KINDS

env = Environment()

# --- what this node is ---
NODE_KIND = env.choice("TERAKOYA_KIND", tuple(KINDS))
KIND = KINDS[NODE_KIND]
NODE_NAME = env.text("TERAKOYA_NAME", NODE_KIND)
AGES_FILE = env.text("TERAKOYA_AGES", "")  # who decides by age: see access/ages.toml
READINGS = env.text("TERAKOYA_READINGS", "")  # readings of the place's names: see ui/known_words.py
NODE_URL = env.url("TERAKOYA_BASE_URL", "http://127.0.0.1:8100")
NODE_REGIME = env.choice("TERAKOYA_LEGAL_REGIME", ("public", "private"), KIND.regime)
DATA_DIR = env.path("TERAKOYA_DATA_DIR", f"var/{NODE_KIND}")
TRUST_ANCHOR_URL = env.url("TERAKOYA_TRUST_ANCHOR", "")
TRUST_ANCHOR_KEY = env.text("TERAKOYA_TRUST_ANCHOR_KEY", "")
DEMO = env.boolean("TERAKOYA_DEMO", False)  # shows the codes of second factors on the page: no node with real people
HOSTS = [*filter(None, env.text("TERAKOYA_HOSTS", "").split(","))]
if DEMO and (HOSTS or not NODE_URL.startswith(("http://127.0.0.1:", "http://localhost:"))):
    raise SettingError("TERAKOYA_DEMO is true; that is only for a node at http://127.0.0.1, without TERAKOYA_HOSTS.")
JOB_LONGEST_PAUSE_SECONDS = env.integer("TERAKOYA_JOB_LONGEST_PAUSE_SECONDS", 60, least=1)
WITNESS_SECONDS = env.integer("TERAKOYA_WITNESS_SECONDS", 3600, least=1)  # how often others are asked to cosign the log
WITNESS_WARN_SECONDS = env.integer("TERAKOYA_WITNESS_WARN_SECONDS", 4 * 3600, least=1)
WITNESS_STOP_SECONDS = env.integer("TERAKOYA_WITNESS_STOP_SECONDS", 72 * 3600, least=1)  # then nothing leaves the node
TSA_URL = env.url("TERAKOYA_TSA_URL", "")  # an authority that stamps the log's checkpoint daily (RFC 3161)
TSA_ROOT = env.text("TERAKOYA_TSA_ROOT", "")  # path of the authority's root certificates (PEM)
REQUEST_DAYS = env.integer(
    "TERAKOYA_REQUEST_DAYS", 0
)  # to decide requests of persons; 0: what the law of the regime says
QUESTION_DAYS = env.integer("TERAKOYA_QUESTION_DAYS", 14, least=1)  # to answer a question about an access
LARGEST_IMPORT_BYTES = env.integer("TERAKOYA_LARGEST_IMPORT_BYTES", 4_000_000_000, least=1)

# --- Django ---
DEBUG = False
SECRET_KEY = load_or_make_secret(DATA_DIR, "session.secret").hex()
ALLOWED_HOSTS = [NODE_URL.split("://")[1].split(":")[0], *HOSTS]
ROOT_URLCONF = "terakoya.node.urls"
WSGI_APPLICATION = "terakoya.node.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *(f"terakoya.{room}" for room in KIND.rooms),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "terakoya.ui.middleware.NoNulMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "terakoya.ui.middleware.ReaderMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "terakoya.identity.middleware.SessionLengthMiddleware",
    "terakoya.identity.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "terakoya.ui.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "terakoya.ui.templatetags.parts"],
        },
    }
]

# --- database: SQLite in the data folder unless DATABASE_URL says otherwise; each thread keeps its connection ---
DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'node.sqlite3'}"))}
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was acknowledged survives a power cut
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
    }

# --- people and sessions; cookies carry the kind, as nodes of a demo share one host name ---
AUTH_USER_MODEL = "identity.Account"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
SECURE = NODE_URL.startswith("https://")
SESSION_COOKIE_NAME = f"terakoya_{NODE_KIND}_session"
CSRF_COOKIE_NAME = f"terakoya_{NODE_KIND}_csrf"
LANGUAGE_COOKIE_NAME = f"terakoya_{NODE_KIND}_language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_HOURS = env.integer("TERAKOYA_SESSION_HOURS", 8, least=1)
STAFF_IDLE_MINUTES = env.integer("TERAKOYA_STAFF_IDLE_MINUTES", 30, least=1)
FAMILY_IDLE_MINUTES = env.integer("TERAKOYA_FAMILY_IDLE_MINUTES", 120, least=1)
PUPIL_IDLE_MINUTES = env.integer("TERAKOYA_PUPIL_IDLE_MINUTES", 240, least=1)
SECOND_FACTOR_HOURS = env.integer("TERAKOYA_SECOND_FACTOR_HOURS", 8, least=1)
SESSION_COOKIE_AGE = int(timedelta(hours=SESSION_HOURS).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "terakoya.ui.pages.csrf_failure"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "terakoya.identity.passwords.LengthByPart"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- what a browser may do ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000

# --- languages ---
LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
LANGUAGES = [
    ("ja", "日本語"),
    ("ja-easy", "やさしい にほんご"),
    ("en", "English"),
    ("pt-br", "Português"),
    ("zh-hans", "中文"),
    ("tl", "Filipino"),
    ("vi", "Tiếng Việt"),
    ("es", "Español"),
]
# two languages that Django does not know
django.conf.locale.LANG_INFO |= {
    code: {"bidi": False, "code": code, "name": name, "name_local": dict(LANGUAGES)[code]}
    for code, name in (("ja-easy", "Plain Japanese"), ("tl", "Filipino"))
}
LOCALE_PATHS: list[Path] = []

# --- static files: hashed names, served by the node itself ---
STATIC_URL = "static/"
STATIC_ROOT = env.path("TERAKOYA_STATIC_DIR", str(DATA_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- log: one line an event on standard error; never a body, a secret or a name ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("TERAKOYA_LOG_LEVEL", "INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "django.request": {"level": "ERROR"}, "fido2": {"level": "WARNING"}},
}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terakoya.node.settings")
