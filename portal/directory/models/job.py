"""Long work somebody asked for: it can be watched, left, found again, and it tells its failure."""

from typing import Self

from django.db import models
from django.db.models import Q

from portal.directory.enums import JobState
from portal.directory.models.user import User
from portal.directory.scope import Scope
from portal.kernel.models import Timestamped


class JobQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """A job is its owner's; work the system itself does (no owner) may be watched by nationwide readers."""
        mine = Q(owner=scope.user_id) if scope.user_id else Q(pk=None)
        return self.filter(mine | Q(owner=None)) if scope.nationwide else self.filter(mine)

    def unfinished(self) -> Self:
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])


class Job(Timestamped):
    """The row is the debt; Celery only carries it. `task` and `arguments` say how to begin again."""

    owner = models.ForeignKey(User, models.CASCADE, null=True, related_name="jobs", verbose_name="맡긴 사람")
    kind = models.CharField("종류", max_length=40)
    title = models.CharField("제목", max_length=200)
    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    state = models.CharField("상태", max_length=8, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField("한 양", default=0)
    total = models.PositiveIntegerField("전체", default=0)
    message = models.CharField("지금 하는 일", max_length=200, blank=True)
    result_url = models.CharField("결과 주소", max_length=300, blank=True)
    result = models.JSONField("결과", default=dict)
    error_code = models.CharField("오류 코드", max_length=60, blank=True)
    error = models.TextField("오류", blank=True)
    attempts = models.PositiveSmallIntegerField("시도", default=0)
    started_at = models.DateTimeField("시작", null=True)
    heartbeat_at = models.DateTimeField("마지막 소식", null=True)
    finished_at = models.DateTimeField("끝", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "맡긴 작업"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="job_of_owner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[JobState.DONE, JobState.FAILED], finished_at__isnull=False)
                | Q(state__in=[JobState.QUEUED, JobState.RUNNING], finished_at=None),
                name="job_state_matches_finish",
                violation_error_message="작업 상태와 끝난 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.FAILED) | ~Q(error=""),
                name="job_failure_is_told",
                violation_error_message="실패한 작업은 까닭을 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        if self.state == JobState.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

    @property
    def is_finished(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}
