"""How client systems show who they are, and the closed door of the API."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from portal.directory.models import ClientToken
from portal.directory.scope import scope_of

_PREFIX = "rsme_"
_TOUCH_EVERY = timedelta(minutes=5)


def new_key() -> tuple[str, str, str]:
    """A fresh key for a client system: (the key itself, its shown prefix, its SHA-256)."""
    key = _PREFIX + secrets.token_urlsafe(32)
    return key, key[:12], digest_of(key)


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class ClientTokenAuthentication(BaseAuthentication):
    """`Authorization: Token rsme_…` — one key for each client system."""

    keyword = "Token"

    def authenticate(self, request: Any) -> tuple[Any, ClientToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() not in {b"token", b"bearer"}:
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("인증 머리글은 'Authorization: Token 인증키' 꼴이어야 합니다.")
        digest = digest_of(parts[1].decode(errors="replace"))
        token = ClientToken.objects.usable().select_related("user").filter(digest=digest).first()
        if token is None or not constant_time_compare(token.digest, digest):
            raise AuthenticationFailed("쓸 수 없는 인증키입니다. 만료·폐기 여부를 관리자에게 확인하세요.")
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > _TOUCH_EVERY:
            ClientToken.objects.filter(pk=token.pk).update(last_used_at=now)
        # The middleware ran before this client was known: its scope is set here.
        request._request.scope = scope_of(token.user)
        request._request.user = token.user
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return self.keyword


class ScopedAccess(BasePermission):
    """Only callers with a membership in force; a view may name the capability its methods need:

    `write_capability` for writing (without it nobody may), `read_capability` for reading (without it whoever views).
    """

    message = "이 일을 할 권한이 없습니다."

    def has_permission(self, request: Any, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        scope = request._request.scope
        if scope.is_empty:
            return False
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return scope.can(getattr(view, "read_capability", "VIEW"))
        needed = getattr(view, "write_capability", None)
        return needed is not None and scope.can(needed)
