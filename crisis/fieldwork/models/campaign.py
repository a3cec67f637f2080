"""A campaign: the plan the law wants, the clusters it covers, how its sample was drawn."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from companies.models import Cluster
from crisis.fieldwork.enums import ENDED, CampaignKind, CampaignState
from crisis.fieldwork.models.form import FieldForm
from portal.directory.history import tracked
from portal.directory.models import Organization, Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, not_blank
from portal.kernel.models import Timestamped


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen in its 시·도 and where one of its clusters lies."""
        if scope.nationwide:
            return self
        here = CampaignCluster.objects.filter(scope.regions("cluster__region"), campaign=OuterRef("pk"))
        return self.filter(scope.regions("sido") | Exists(here))

    def run_within(self, scope: Scope) -> Self:
        """Those whose 시·도 lies in the scope."""
        return self.filter(scope.regions("sido"))

    def running(self) -> Self:
        return self.filter(state=CampaignState.OPEN)


@tracked()
class Campaign(Timestamped):
    """One field survey of a 시·도. `version` rises with each change of the plan: two writers meet there.

    The plan follows decree §37: period, purpose, people, content. Entry is open from `opens_on` to the end of
    `closes_due`, the working day to which `closes_on` moves. `quarter` is the quarter's last month, its first day.
    """

    code = models.SlugField("조사 번호", max_length=19, unique=True)
    title = models.CharField("조사 이름", max_length=120)
    sido = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·도")
    body = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="조사 기관")
    kind = models.CharField("구분", max_length=8, choices=CampaignKind, default=CampaignKind.QUARTER)
    quarter = models.DateField("조사 분기", null=True, blank=True, help_text="분기의 마지막 달")
    form = models.ForeignKey(FieldForm, models.PROTECT, related_name="campaigns", verbose_name="양식")
    purpose = models.TextField("목적", blank=True)
    people = models.TextField("대상", blank=True)
    content = models.TextField("내용", blank=True)
    opens_on = models.DateField("여는 날")
    closes_on = models.DateField("마감일")
    closes_due = models.DateField("실제 마감일", help_text="마감일이 쉬는 날이면 다음 근무일", editable=False)
    state = models.CharField("상태", max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    sample_size = models.PositiveIntegerField("밀집지역마다 뽑는 수", null=True, blank=True)
    sample_percent = models.PositiveSmallIntegerField("밀집지역마다 뽑는 비율(%)", null=True, blank=True)
    seed = models.CharField("추출 씨앗", max_length=40, blank=True)
    drawn_at = models.DateTimeField("추출 일시", null=True, blank=True)
    drawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="추출한 사람"
    )
    opened_at = models.DateTimeField("연 일시", null=True, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="연 사람")
    closed_at = models.DateTimeField("마감 일시", null=True, blank=True)
    close_reason = models.CharField("일찍 마감한 사유", max_length=200, blank=True)
    cancel_reason = models.CharField("취소 사유", max_length=200, blank=True)
    corrected_at = models.DateTimeField("확정 뒤 고친 일시", null=True, blank=True, editable=False)
    is_demo = models.BooleanField("예시", default=False, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "현장 실태조사"
        ordering = ["-opens_on", "code"]
        constraints = [
            not_blank("title", name="campaign_has_a_title", message="조사의 이름을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(kind=CampaignKind.QUARTER, quarter__isnull=False)
                | Q(kind=CampaignKind.AD_HOC, quarter=None),
                name="campaign_of_a_quarter_names_it",
                violation_error_message="분기 조사에는 분기를 적고, 수시 조사에는 비워 두세요.",
            ),
            models.CheckConstraint(
                condition=Q(quarter=None) | Q(quarter__day=1, quarter__month__in=[3, 6, 9, 12]),
                name="campaign_quarter_is_a_last_month",
                violation_error_message="분기는 3·6·9·12월의 첫날로 적어야 합니다.",
            ),
            models.UniqueConstraint(
                fields=["sido", "quarter", "body"],
                condition=Q(quarter__isnull=False) & ~Q(state=CampaignState.CANCELLED),
                name="campaign_once_a_quarter",
                violation_error_message="이 기관이 같은 시·도의 같은 분기에 이미 만든 조사가 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("closes_on"), closes_on__lte=F("closes_due")),
                name="campaign_dates_in_order",
                violation_error_message="마감일은 여는 날보다 빠를 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[CampaignState.DRAFT, CampaignState.CANCELLED])
                | (~Q(purpose="") & ~Q(people="") & ~Q(content="")),
                name="campaign_opens_with_a_whole_plan",
                violation_error_message="목적, 대상, 내용을 적은 다음 열 수 있습니다.",
            ),
            all_or_none(
                "opened_at", "opened_by", name="campaign_opened_by_someone",
                message="연 일시와 연 사람은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "drawn_at", "drawn_by", name="campaign_drawn_by_someone",
                message="추출 일시와 추출한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at=None)
                | (~Q(seed="") & (Q(sample_size=None) ^ Q(sample_percent=None))),
                name="campaign_draw_can_be_repeated",
                violation_error_message="추출한 표본에는 씨앗과, 수와 비율 가운데 하나가 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=ENDED) & Q(closed_at__isnull=False))
                | (~Q(state__in=ENDED) & Q(closed_at=None)),
                name="campaign_state_matches_closing",
                violation_error_message="조사의 상태와 마감 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=CampaignState.CANCELLED) | ~Q(cancel_reason=""),
                name="campaign_cancelled_with_a_reason",
                violation_error_message="취소하려면 사유를 적어야 합니다.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def takes_entry_on(self, day: date) -> bool:
        return self.state == CampaignState.OPEN and self.opens_on <= day <= self.closes_due


class CampaignClusterQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(scope.regions("cluster__region"))


@tracked()
class CampaignCluster(Timestamped):
    """A cluster a campaign covers. `strata`: by size class how many could be asked and how many were drawn."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="clusters", db_index=False)
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="+", verbose_name="밀집지역")
    strata = models.JSONField("층", default=dict, blank=True)

    objects = CampaignClusterQuerySet.as_manager()

    class Meta:
        verbose_name = "조사하는 밀집지역"
        ordering = ["campaign", "cluster__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "cluster"],
                name="campaign_cluster_once",
                violation_error_message="이 조사에 이미 넣은 밀집지역입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.cluster}"
