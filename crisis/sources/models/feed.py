"""Feeds: which figures come from whom, in which rhythm, by when, and who answers for their coming."""

from typing import Self

from django.db import models
from django.db.models import Q

from crisis.enums import Frequency
from crisis.models import Indicator
from crisis.sources.models.source import LONGEST_LAG, CatalogueQuerySet
from portal.directory.history import tracked
from portal.directory.models import Organization
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


class FeedQuerySet(CatalogueQuerySet):
    def watched(self) -> Self:
        """Feeds whose figures are expected: those in use."""
        return self.filter(active=True)

    def owned_by(self, scope: Scope) -> Self:
        return self.filter(owner__in=scope.organization_ids)


@tracked()
class Feed(Timestamped):
    """A delivery that repeats: a monthly file, a quarterly book, a table of the statistics portal."""

    code = models.SlugField("자료원 코드", max_length=40, unique=True)
    name_ko = models.CharField("이름", max_length=120)
    provider = models.CharField("제공 기관", max_length=120)
    frequency = models.CharField("주기", max_length=1, choices=Frequency)
    lag_days = models.PositiveSmallIntegerField(
        "받을 때까지(일)", help_text="기간이 끝난 날부터 세고, 쉬는 날이면 다음 근무일로 미룹니다."
    )
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="담당 기관")
    importer = models.CharField("파일 종류", max_length=30, blank=True, help_text="파일 올리기에서 고를 자료 종류")
    first_period = models.DateField("처음 받을 기간", null=True, blank=True)
    active = models.BooleanField("받는 중", default=True, help_text="연계 협의 전이거나 그만둔 자료원은 표시를 끕니다.")
    provisional = models.BooleanField("잠정", default=False, help_text="공표 일정을 공식 문서로 확인하지 못함")
    note = models.TextField("비고", blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = "자료원"
        ordering = ["-active", "code"]
        constraints = [
            not_blank("name_ko", name="feed_has_a_name", message="자료원의 이름을 적어 주세요."),
            not_blank("provider", name="feed_has_a_provider", message="제공 기관을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(lag_days__lte=LONGEST_LAG),
                name="feed_lag_is_below_two_years",
                violation_error_message=f"받을 때까지의 날수는 {LONGEST_LAG}일까지 적을 수 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(first_period=None) | Q(first_period__day=1),
                name="feed_first_period_is_a_month",
                violation_error_message="처음 받을 기간은 그 달의 첫날로 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name_ko


@tracked()
class FeedSeries(models.Model):
    """One indicator of a feed. An indicator comes by one feed; `last_period` says that its publication ended."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="series")
    indicator = models.OneToOneField(Indicator, models.CASCADE, related_name="+", verbose_name="지표")
    last_period = models.DateField("마지막으로 공표한 기간", null=True, blank=True)
    note = models.CharField("비고", max_length=200, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = "자료원의 지표"
        ordering = ["feed", "indicator__code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_period=None) | Q(last_period__day=1),
                name="feed_series_last_period_is_a_month",
                violation_error_message="마지막으로 공표한 기간은 그 달의 첫날로 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(last_period=None) | ~Q(note=""),
                name="feed_series_end_is_explained",
                violation_error_message="공표가 끝났다면 그 사정을 비고에 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id}: {self.indicator_id}"
