"""Who did what to which, when and why."""

from typing import Self

from django.db import models
from django.utils import timezone

from portal.directory.history import append_only
from portal.directory.models.region import Region
from portal.directory.models.user import User
from portal.directory.scope import Scope


class EventQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(scope.regions("region"))

    def about(self, subject: models.Model) -> Self:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


class Event(models.Model):
    """One deed, written by the service that did it, in the same transaction. Never changed."""

    at = models.DateTimeField("일시", default=timezone.now)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="한 사람")
    verb = models.CharField("한 일", max_length=60)
    subject_type = models.CharField("대상 종류", max_length=60)
    subject_id = models.CharField("대상 번호", max_length=40)
    subject_label = models.CharField("대상", max_length=200)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name="지역")
    reason = models.TextField("사유", blank=True)
    request_id = models.CharField("요청 번호", max_length=40, blank=True)
    facts = models.JSONField("내용", default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "업무 기록"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="event_subject"),
            models.Index(fields=["-at"], name="event_latest"),
        ]
        triggers = append_only("event")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_label}"
