"""The suite's settings: the same portal, strict about what production would forgive."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import TEMPLATES as _TEMPLATES

SECRET_KEY = "tests-only"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A template that asks for something that is not there fails its test, unless it says it may be absent.
_TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
PORTAL_DEMO = True
