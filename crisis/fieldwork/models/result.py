"""Results of a campaign: cells derived at its end, and each confirmation of them with what it fed."""

from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from crisis.fieldwork.enums import CellKind
from crisis.fieldwork.models.campaign import Campaign, CampaignCluster
from crisis.models import ObservationBatch
from portal.directory.enums import Capability
from portal.directory.history import append_only
from portal.directory.models import User
from portal.directory.scope import Scope


def sees_answers(scope: Scope) -> Q:
    """Cells of places where this reader may read the firms' own answers anyway."""
    asking, keeping = scope.within(Capability.ENTER_SURVEYS), scope.within(Capability.VIEW_PERSONAL)
    if asking.nationwide or keeping.nationwide:
        return Q(pk__isnull=False)
    regions = asking.region_ids | keeping.region_ids
    return Q(place__cluster__region__in=regions) | Q(place=None, campaign__sido__in=regions)


class ResultCellQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """With their campaign: a cluster's where it lies in the scope, the sum over all wherever the campaign is seen."""
        if scope.nationwide:
            return self
        seen = Campaign.objects.visible_to(scope)
        return self.filter(Q(place=None) | scope.regions("place__cluster__region"), campaign__in=seen)

    def shown_to(self, scope: Scope) -> Self:
        """With `hidden` and `shown_base`, `shown_count`, `shown_value`: empty where this reader may not see the figure."""
        secret = When(Q(secret=True) & ~sees_answers(scope), then=Value(True))
        rows = self.annotate(hidden=Case(secret, default=Value(False), output_field=models.BooleanField()))
        return rows.annotate(
            shown_base=_unless_hidden("base", models.IntegerField()),
            shown_count=_unless_hidden("count", models.IntegerField()),
            shown_value=_unless_hidden("value", models.DecimalField(max_digits=6, decimal_places=1)),
        )


def _unless_hidden(name: str, field: models.Field) -> Case:
    return Case(When(hidden=True, then=Value(None)), default=F(name), output_field=field)


class ResultCell(models.Model):
    """One figure of a campaign, derived from its sheets; `place` None: all clusters together.

    `base`: answers it rests on; INDEX: `value` is the BSI; CHOSEN: `count` chose the option, `value` percent of `base`.
    `secret`: not for readers who may not see the firms' own answers.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="cells", db_index=False)
    place = models.ForeignKey(CampaignCluster, models.CASCADE, null=True, related_name="cells", verbose_name="밀집지역")
    kind = models.CharField("종류", max_length=8, choices=CellKind)
    question = models.CharField("항목", max_length=34, blank=True)
    option = models.CharField("선택지", max_length=30, blank=True)
    label = models.CharField("이름", max_length=120)
    base = models.PositiveIntegerField("응답 수")
    count = models.PositiveIntegerField("고른 수")
    value = models.DecimalField("값", max_digits=6, decimal_places=1, null=True)
    spread = models.JSONField("좋음·같음·나쁨", null=True)
    secret = models.BooleanField("비공개")
    position = models.PositiveIntegerField("차례")

    objects = ResultCellQuerySet.as_manager()

    class Meta:
        verbose_name = "조사 결과"
        ordering = ["campaign", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "place", "kind", "question", "option"],
                nulls_distinct=False,
                name="result_cell_once",
                violation_error_message="이미 있는 결과입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.label}"


class ConfirmationQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(campaign__in=Campaign.objects.visible_to(scope))


class Confirmation(models.Model):
    """Results confirmed: once at the end, again after each correction. `fed`: by cluster what became of the indicator.

    `fed` is a list of {"cluster", "name", "value" (text or null), "why"}; `results` the cells as they stood.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="confirmations", db_index=False)
    number = models.PositiveSmallIntegerField("차례")
    at = models.DateTimeField("확정 일시", default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="확정한 사람")
    reason = models.CharField("다시 확정한 사유", max_length=200, blank=True)
    batch = models.ForeignKey(ObservationBatch, models.PROTECT, null=True, related_name="+", verbose_name="관측값 묶음")
    fed = models.JSONField("지표로 낸 값")
    results = models.JSONField("확정한 결과")

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = "결과 확정"
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="confirmation_number_once",
                violation_error_message="이미 있는 확정입니다.",
            )
        ]
        triggers = append_only("confirmation")

    def __str__(self) -> str:
        return f"{self.campaign} {self.number}차 확정"
