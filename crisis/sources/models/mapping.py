"""Tables of others read as ours: which cells of a statistics table are which indicator; which addresses are in a
cluster. Data, so that a new table or a new road needs no programmer."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from companies.models import Cluster
from crisis.enums import ObservationStatus
from crisis.models import Indicator
from crisis.sources.enums import RegionCodes
from crisis.sources.models.source import CatalogueQuerySet
from portal.directory.history import tracked
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


@tracked()
class KosisSeries(Timestamped):
    """One series of a KOSIS table: table, item, the class that holds the region, the codes the others must have."""

    org_id = models.CharField("기관 코드", max_length=10, help_text="orgId. 통계청은 101")
    tbl_id = models.CharField("통계표 코드", max_length=60, help_text="tblId")
    itm_id = models.CharField("항목 코드", max_length=60, help_text="itmId")
    region_level = models.PositiveSmallIntegerField("지역이 든 분류", default=1, help_text="1이면 objL1")
    region_codes = models.CharField("지역 코드 체계", max_length=8, choices=RegionCodes, default=RegionCodes.KOSTAT)
    fixed = models.JSONField("다른 분류의 코드", default=dict, blank=True, help_text='{"2": "0"}: 둘째 분류가 0인 행만')
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", verbose_name="지표")
    unit = models.CharField("단위", max_length=12, help_text="표의 단위. 지표에 쓸 수 있는 단위여야 합니다.")
    unit_name = models.CharField("표에 적힌 단위", max_length=40, help_text="UNIT_NM. 다르면 받지 않습니다.")
    status = models.CharField("구분", max_length=6, choices=ObservationStatus, default=ObservationStatus.FINAL)
    with_totals = models.BooleanField(
        "시·도와 전국도 받음", default=False, help_text="끄면 시·군·구만 받고 상위는 포털이 더합니다."
    )
    provisional = models.BooleanField("잠정", default=False, help_text="실제 응답으로 맞추어 보지 못함")
    note = models.CharField("비고", max_length=200, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = "KOSIS 계열"
        ordering = ["org_id", "tbl_id", "itm_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "tbl_id", "itm_id", "fixed"],
                name="kosis_series_once",
                violation_error_message="같은 통계표·항목·분류가 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(region_level__gte=1, region_level__lte=8),
                name="kosis_series_region_level_is_1_to_8",
                violation_error_message="지역이 든 분류는 1부터 8까지입니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tbl_id}/{self.itm_id}"


class ClusterPlaceQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(scope.regions("cluster__region"))


@tracked()
class ClusterPlace(Timestamped):
    """A whole 법정동, or a whole road of a 시·군·구, lies in a cluster: how masked addresses are placed.

    Only what is wholly inside may be entered: the public files give addresses without house numbers.
    """

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+", verbose_name="밀집지역")
    dong_code = models.CharField("법정동 코드(10자리)", max_length=10, blank=True)
    road = models.CharField("도로 이름", max_length=60, blank=True)
    effective = DateRangeField("적용 기간")
    source = models.CharField("근거", max_length=200)

    objects = ClusterPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "밀집지역의 주소"
        ordering = ["cluster__code", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(Q(dong_code=""), ~Q(road="")) | Q(~Q(dong_code=""), Q(road="")),
                name="cluster_place_is_a_dong_or_a_road",
                violation_error_message="법정동 코드와 도로 이름 가운데 하나만 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(dong_code="") | Q(dong_code__regex=r"^[0-9]{10}$"),
                name="cluster_place_dong_has_10_digits",
                violation_error_message="법정동 코드는 숫자 10자리여야 합니다.",
            ),
            models.UniqueConstraint(
                fields=["cluster", "dong_code"],
                condition=~Q(dong_code=""),
                name="cluster_place_dong_once",
                violation_error_message="이 밀집지역에 이미 적힌 법정동입니다.",
            ),
            models.UniqueConstraint(
                fields=["cluster", "road"],
                condition=~Q(road=""),
                name="cluster_place_road_once",
                violation_error_message="이 밀집지역에 이미 적힌 도로입니다.",
            ),
            not_blank("source", name="cluster_place_has_a_source", message="무엇을 보고 적었는지 근거를 적어 주세요."),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} {self.dong_code or self.road}"
