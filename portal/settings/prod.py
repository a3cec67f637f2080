"""A server behind a TLS-terminating proxy. Only strictness is added here; nothing new is introduced."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings import env
from portal.settings.base import *  # noqa: F403
from portal.settings.base import SECRET_KEY as _KEY

if not _KEY:
    raise ImproperlyConfigured("PORTAL_SECRET_KEY is not set")

_TLS = env.flag("PORTAL_TLS", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = _TLS
SESSION_COOKIE_SECURE = _TLS
CSRF_COOKIE_SECURE = _TLS
SECURE_HSTS_SECONDS = env.number("PORTAL_HSTS_SECONDS", 31536000 if _TLS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = _TLS
SECURE_HSTS_PRELOAD = _TLS
