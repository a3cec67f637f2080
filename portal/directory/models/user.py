"""People and client systems, and the offices they work for."""

from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils import timezone

from portal.directory.enums import Role
from portal.directory.history import tracked
from portal.directory.models.organization import Organization
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, one_at_a_time
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class UserQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Colleagues: people of the reader's own bodies; everyone for a nationwide reader."""
        if scope.nationwide:
            return self
        return self.filter(memberships__organization__in=scope.organization_ids).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, login_id: str, password: str | None = None, **facts: Any) -> "User":
        user = self.model(login_id=login_id, **facts)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser, Timestamped):
    """One person, or one client system. Accounts are never shared; what they may do comes from memberships."""

    login_id = models.CharField("아이디", max_length=60, unique=True)
    name = models.CharField("이름", max_length=40)
    email = models.EmailField("전자우편", blank=True)
    is_active = models.BooleanField("사용", default=True)
    is_demo = models.BooleanField("예시 계정", default=False)
    must_change_password = models.BooleanField("임시 비밀번호", default=False)

    objects = UserManager()

    USERNAME_FIELD = "login_id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "사용자"
        ordering = ["login_id"]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class MembershipQuerySet(DatedQuerySet):
    def current(self) -> Self:
        return self.in_force_on(timezone.localdate())

    def visible_to(self, scope: Scope) -> Self:
        return self if scope.nationwide else self.filter(organization__in=scope.organization_ids)


@tracked()
class Membership(Timestamped):
    """Somebody works for a body in a role during a period. Grants, changes and ends stay on record."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    role = models.CharField("역할", max_length=16, choices=Role)
    effective = DateRangeField("유효 기간")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "소속"
        ordering = ["user", "organization", "role"]
        constraints = [
            one_at_a_time(
                "user",
                "organization",
                "role",
                name="membership_one_at_a_time",
                message="같은 기관·역할의 소속 기간이 겹칩니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.get_role_display()}"

    def is_current(self, day: date) -> bool:
        return day in self.effective


class ClientTokenQuerySet(models.QuerySet):
    def usable(self) -> Self:
        now = timezone.now()
        return self.filter(revoked_at=None, user__is_active=True).exclude(expires_at__lte=now)

    def visible_to(self, scope: Scope) -> Self:
        return self if scope.nationwide else self.filter(user__memberships__organization__in=scope.organization_ids)


@tracked(exclude=["last_used_at"])
class ClientToken(Timestamped):
    """The key of one client system. Only its SHA-256 is kept; the key itself is shown once, when it is issued."""

    user = models.ForeignKey(User, models.CASCADE, related_name="client_tokens")
    name = models.CharField("쓰임", max_length=80)
    prefix = models.CharField("앞자리", max_length=12)
    digest = models.CharField("해시", max_length=64, unique=True)
    expires_at = models.DateTimeField("만료", null=True, blank=True)
    last_used_at = models.DateTimeField("마지막 사용", null=True, blank=True)
    revoked_at = models.DateTimeField("폐기 일시", null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ClientTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "연계 인증키"
        ordering = ["-created_at"]
        constraints = [
            all_or_none(
                "revoked_at",
                "revoked_by",
                name="client_token_revoked_by_someone_at_some_time",
                message="폐기 일시와 폐기자는 함께 기록되어야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
