"""What somebody was told: kept until read, sent on by mail once, settled when there is nothing left to do."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.directory.models.user import User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """One's own: nobody reads another's notices, not even the ministry."""
        return self.filter(recipient=scope.user_id) if scope.user_id else self.none()

    def unread(self) -> Self:
        return self.filter(read_at=None, settled_at=None)

    def owing_mail(self) -> Self:
        """Unread, unsettled, never mailed, and somewhere to send it."""
        return self.unread().filter(mailed_at=None, recipient__is_active=True).exclude(recipient__email="")


class Notice(models.Model):
    """One piece of news for one person. The same news (`key`) reaches a person once."""

    recipient = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="받는 사람")
    kind = models.CharField("종류", max_length=60)
    key = models.CharField("열쇠", max_length=160)
    title = models.CharField("내용", max_length=300)
    url = models.CharField("주소", max_length=300)
    due = models.DateField("기한", null=True, blank=True)
    created_at = models.DateTimeField("알린 일시", default=timezone.now)
    read_at = models.DateTimeField("읽은 일시", null=True, blank=True)
    settled_at = models.DateTimeField("끝난 일시", null=True, blank=True)
    mailed_at = models.DateTimeField("전자우편 일시", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "알림"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "key"], name="notice_once", violation_error_message="이미 알린 내용입니다."
            ),
            not_blank("title", name="notice_says_something", message="알림에 내용이 있어야 합니다."),
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"),
                name="notice_leads_into_the_portal",
                violation_error_message="알림의 주소는 포털 안이어야 합니다.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient"], condition=Q(read_at=None, settled_at=None), name="notice_unread_by_recipient"
            ),
            models.Index(
                fields=["created_at"], condition=Q(read_at=None, settled_at=None, mailed_at=None), name="notice_unsent"
            ),
        ]

    def __str__(self) -> str:
        return self.title
