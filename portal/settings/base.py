"""Every setting of the portal. The environment fills in what differs between one place and another."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.settings import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = Path(env.text("PORTAL_VAR") or BASE_DIR / "var")

SECRET_KEY = env.text("PORTAL_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.names("PORTAL_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("PORTAL_TRUSTED_ORIGINS")
PORTAL_NAME = _("지역중소기업 정책포털")
PORTAL_DEMO = env.flag("PORTAL_DEMO")
PORTAL_DEMO_PASSWORD = env.text("PORTAL_DEMO_PASSWORD", "예시-Portal-2026")
PORTAL_MENU = "portal.menu.MENU"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "portal.kernel",
    "portal.directory",
    "portal.intake",
    "companies",
    "companies.workspace",
    "companies.tiers",
    "companies.surveys",
    "network",
    "network.difficulties",
    "projects",
    "crisis",
    "crisis.conversion",
    "crisis.dossiers",
    "crisis.sources",
    "crisis.workbench",
    "crisis.support_areas",
    "crisis.fieldwork",
    "crisis.declining",
    "crisis.validation",
    "crisis.plans",
    "crisis.measures",
    "portal.dashboards",
    "portal.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.directory.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.directory.middleware.ScopeMiddleware",
    "portal.directory.middleware.LoginRequiredMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.directory.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "portal.kernel.forms.KrdsRenderer"

DATABASES = {"default": env.database(env.text("DATABASE_URL", "postgresql://portal@localhost/portal"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", "redis://localhost:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

AUTH_USER_MODEL = "directory.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 9}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
# A desk left alone is signed out; the figure is the office's to set (idle cut-off, safety measures notice art. 6).
SESSION_COOKIE_AGE = env.number("PORTAL_IDLE_SECONDS", 60 * 60)
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
LOGIN_FAILURE_LIMIT = env.number("PORTAL_LOGIN_FAILURES", 5)
# How many proxies of ours stand before the web server: the sign-in record names the address the outermost one saw.
PORTAL_PROXY_HOPS = env.number("PORTAL_PROXY_HOPS", 0)
LOGIN_LOCK_SECONDS = env.number("PORTAL_LOGIN_LOCK_SECONDS", 10 * 60)

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
PORTAL_EXPORT_DAYS = env.number("PORTAL_EXPORT_DAYS", 14)
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/media/"  # nothing serves it: files go out through views that know who may see them
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = env.number("PORTAL_UPLOAD_MAX_BYTES", 50 * 1024 * 1024)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

CELERY_BROKER_URL = env.celery_broker(REDIS_URL)
# Results are rows in Postgres. Celery's own result store is used for chords only.
CELERY_RESULT_BACKEND = env.celery_broker(REDIS_URL)
CELERY_RESULT_EXPIRES = 6 * 3600
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker that was killed leaves its message unacknowledged; the broker offers it again after this many seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Mail goes out only where a server is named; notices stand in the portal either way.
EMAIL_HOST = env.text("PORTAL_EMAIL_HOST", "")
EMAIL_PORT = env.number("PORTAL_EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("PORTAL_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("PORTAL_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("PORTAL_EMAIL_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("PORTAL_EMAIL_FROM", "portal@localhost")
PORTAL_MAILS = bool(EMAIL_HOST)

# How often beat asks the tables what is still owed; a lost message costs at most this long.
SWEEP_SECONDS = float(env.number("PORTAL_SWEEP_SECONDS", 60))
# A run nobody has heard of for so long is offered again: a message was lost or a worker killed.
PORTAL_STALLED_SECONDS = env.number("PORTAL_STALLED_SECONDS", 120)
CELERY_BEAT_SCHEDULE = {
    "open-due-rounds": {"task": "crisis.tasks.open_due_rounds", "schedule": crontab(minute=5)},
    "start-owed-runs": {"task": "crisis.tasks.start_owed_runs", "schedule": SWEEP_SECONDS},
    "resume-stalled-runs": {"task": "crisis.tasks.resume_stalled_runs", "schedule": SWEEP_SECONDS},
    "review-owed-rounds": {"task": "crisis.tasks.review_owed_rounds", "schedule": 120.0},
    "join-outcomes": {"task": "crisis.validation.tasks.join_outcomes", "schedule": crontab(hour=5, minute=20)},
    "sweep-dossiers": {"task": "crisis.dossiers.tasks.sweep_chain", "schedule": crontab(hour=3, minute=40)},
    "announce-stage-changes": {"task": "crisis.tasks.announce_stage_changes", "schedule": 120.0},
    "sweep-files": {"task": "portal.directory.tasks.sweep_files", "schedule": crontab(hour=3, minute=20)},
    "watch-conversion": {"task": "crisis.conversion.tasks.watch", "schedule": crontab(hour=7, minute=30)},
    "watch-support-areas": {
        "task": "crisis.support_areas.tasks.watch",
        "schedule": crontab(hour=7, minute=40),
    },
    "watch-campaigns": {"task": "crisis.fieldwork.tasks.watch_campaigns", "schedule": crontab(hour=0, minute=25)},
    "watch-fund-projects": {"task": "crisis.declining.tasks.watch", "schedule": crontab(hour=7, minute=50)},
    "mail-notices": {"task": "portal.directory.tasks.mail_notices", "schedule": crontab(hour=8, minute="30-59/10")},
    "collect-receipts": {"task": "crisis.sources.tasks.collect_receipts", "schedule": SWEEP_SECONDS},
    "watch-feeds": {"task": "crisis.sources.tasks.watch_feeds", "schedule": crontab(hour=8, minute=5)},
    "pay-search-debts": {"task": "companies.workspace.tasks.pay_search_debts", "schedule": SWEEP_SECONDS},
    "watch-difficulty-cases": {
        "task": "network.difficulties.tasks.watch_cases",
        "schedule": crontab(hour=7, minute=30),
    },
    "watch-plans": {"task": "crisis.plans.tasks.watch_plans", "schedule": crontab(hour=7, minute=20)},
    "delete-expired-what-ifs": {
        "task": "crisis.workbench.tasks.delete_expired_what_ifs",
        "schedule": crontab(hour=4, minute=10),
    },
    "tell-what-ends": {"task": "companies.tiers.tasks.tell_what_ends", "schedule": crontab(hour=7, minute=10)},
    "resume-stalled-jobs": {"task": "portal.directory.tasks.resume_stalled_jobs", "schedule": SWEEP_SECONDS},
}

# Published statistics are asked for by hand only (manage.py fetch_kosis), of these hosts only; the key is never kept.
SOURCE_HOSTS = env.names("PORTAL_SOURCE_HOSTS", "kosis.kr")
KOSIS_KEY = env.text("PORTAL_KOSIS_KEY")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.directory.authentication.ClientTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.directory.authentication.ScopedAccess"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "portal.kernel.api.Pages",
    "DEFAULT_FILTER_BACKENDS": ["portal.kernel.api.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.NamespaceVersioning",
    "ALLOWED_VERSIONS": ["v1"],
    "EXCEPTION_HANDLER": "portal.kernel.api.refusals",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.text("PORTAL_API_RATE", "6000/hour")},
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "지역중소기업 정책포털 API",
    "DESCRIPTION": "Regions, areas, observations, rounds and determinations of the regional SME portal.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "StageEnum": "crisis.enums.Stage",
        "AreaLevelEnum": "crisis.enums.AreaLevel",
        "ObservationStatusEnum": "crisis.enums.ObservationStatus",
    },
}

MIGRATION_LINTER_OPTIONS = {"exclude_apps": ["auth", "contenttypes", "sessions", "pghistory"]}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("PORTAL_LOG_LEVEL", "INFO")},
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
}
