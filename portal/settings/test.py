"""The suite's settings: the same portal, strict about what production would forgive."""

import os as _os
import re as _re

from portal.settings import env as _env
from portal.settings.base import *  # noqa: F403
from portal.settings.base import REDIS_URL as _REDIS_URL
from portal.settings.base import TEMPLATES as _TEMPLATES

# Two processes of one run must not take each other's tasks: each has a numbered database of the queue for itself.
REDIS_URL = _REDIS_URL
if _process := _os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
    _place = "?db=" if _REDIS_URL.startswith("unix://") else "/"
    REDIS_URL = _re.sub(r"(\?db=\d+|(?<=\d)/\d+)?$", f"{_place}{int(_process) + 1}", _REDIS_URL, count=1)
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = _env.celery_broker(REDIS_URL)

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
