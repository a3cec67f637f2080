"""Back-tests of a rule set, on the portal's own history or on an uploaded panel."""

import uuid

from django.db import models
from django.db.models import Q

from crisis.enums import AreaLevel
from crisis.models import RuleSet
from crisis.validation.enums import WorkState
from crisis.validation.models.base import ForAllQuerySet
from portal.directory.history import append_only, tracked
from portal.directory.models import Job, User
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped

PANEL_FILES = ("areas", "observations", "rounds", "labels", "episodes")


def stored_name(panel: "Panel", filename: str) -> str:
    """The caller gives the part's name as the file's name; the user's own names are kept in a column."""
    return f"panels/{panel.public_id}/{filename}"


class Panel(Timestamped):
    """Areas, observations, rounds, labels (and spells of crisis) brought in to test rules on. Kept as they came."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("이름", max_length=120)
    source = models.CharField("출처", max_length=200)
    level = models.CharField("판정 단위", max_length=8, choices=AreaLevel)
    areas = models.FileField("지역", upload_to=stored_name)
    observations = models.FileField("관측값", upload_to=stored_name)
    rounds = models.FileField("회차", upload_to=stored_name)
    labels = models.FileField("정답", upload_to=stored_name)
    episodes = models.FileField("위기 기간", upload_to=stored_name, blank=True)
    files = models.JSONField("파일", default=dict)
    """Part → {name, size, sha256} of what was uploaded."""
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="올린 사람")

    objects = ForAllQuerySet.as_manager()

    class Meta:
        verbose_name = "검증 자료"
        ordering = ["-pk"]
        constraints = [
            not_blank("title", name="panel_has_a_title", message="이름을 적어야 합니다."),
            not_blank("source", name="panel_has_a_source", message="자료의 출처를 적어야 합니다."),
        ]
        triggers = append_only("panel")

    def __str__(self) -> str:
        return self.title


@tracked(exclude=["measures"])
class BackTest(Timestamped):
    """The measures of one rule set on one history, with what is needed to compute them again."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name="판정 기준")
    ruleset_sha256 = models.CharField("기준 SHA-256", max_length=64)
    engine_version = models.CharField("산식 판", max_length=30)
    panel = models.ForeignKey(Panel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="검증 자료")
    level = models.CharField("판정 단위", max_length=8, choices=AreaLevel)
    first_round = models.CharField("첫 회차", max_length=20, blank=True)
    last_round = models.CharField("마지막 회차", max_length=20, blank=True)
    horizon = models.PositiveSmallIntegerField("내다보는 기간(개월)", default=12)
    state = models.CharField("상태", max_length=6, choices=WorkState, default=WorkState.QUEUED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    measures = models.JSONField("결과", default=dict, blank=True)
    faults = models.JSONField("자료의 문제", default=list, blank=True)
    digest = models.CharField("결과 SHA-256", max_length=64, blank=True)
    started_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="맡긴 사람"
    )
    finished_at = models.DateTimeField("끝난 일시", null=True, blank=True)

    objects = ForAllQuerySet.as_manager()

    class Meta:
        verbose_name = "사후검증"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=WorkState.DONE) | (~Q(digest="") & Q(finished_at__isnull=False)),
                name="back_test_done_has_its_digest",
                violation_error_message="끝난 사후검증에는 결과 해시와 끝난 일시가 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(horizon__gte=1, horizon__lte=60),
                name="back_test_horizon_is_sensible",
                violation_error_message="내다보는 기간은 1개월에서 60개월 사이로 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set} · {self.panel or '포털 자료'}"
