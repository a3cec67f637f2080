"""Special zones (지역특화발전특구): where, since when, excepted from which rules, run by whom."""

from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from crisis.declining.enums import ExceptionCode, ZoneKind
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.intake.models import Upload
from portal.kernel.constraints import not_blank, one_at_a_time
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class SpecialZoneQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen wherever one of its 시·군·구 lies."""
        if scope.nationwide:
            return self
        return self.filter(Exists(ZonePlace.objects.filter(scope.regions("region"), zone=OuterRef("pk"))))

    def in_regions(self, region_ids: list[int]) -> Self:
        return self.filter(Exists(ZonePlace.objects.filter(zone=OuterRef("pk"), region__in=region_ids)))


@tracked()
class SpecialZone(Timestamped):
    """One zone from its designation to its end. What a file states stands until another file states it otherwise."""

    code = models.SlugField("번호", max_length=20, unique=True)
    name = models.CharField("이름", max_length=120)
    kind = models.CharField("분야", max_length=14, choices=ZoneKind)
    resource = models.CharField("특화자원", max_length=120, blank=True)
    effective = DateRangeField("지정 기간")
    end_reason = models.CharField("끝난 사유", max_length=200, blank=True)
    notice = models.CharField("고시", max_length=120, blank=True)
    source = models.CharField("출처", max_length=200)
    note = models.CharField("비고", max_length=300, blank=True)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="올린 파일"
    )
    is_demo = models.BooleanField("예시", default=False)

    objects = SpecialZoneQuerySet.as_manager()

    class Meta:
        verbose_name = "지역특구"
        ordering = ["code"]
        constraints = [
            not_blank("name", name="special_zone_has_a_name", message="특구의 이름을 적어 주세요."),
            not_blank("source", name="special_zone_has_a_source", message="특구의 출처를 적어 주세요."),
            one_at_a_time(
                "name", name="special_zone_name_once_at_a_time", message="같은 이름의 특구가 이 기간에 이미 있습니다."
            ),
            models.CheckConstraint(
                condition=Q(effective__startswith__isnull=False),
                name="special_zone_has_a_first_day",
                violation_error_message="특구의 지정일을 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(effective__endswith=None, end_reason="")
                | (Q(effective__endswith__isnull=False) & ~Q(end_reason="")),
                name="special_zone_ends_for_a_reason",
                violation_error_message="특구를 끝내려면 끝난 날과 사유를 함께 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def designated_on(self) -> date:
        found: date = self.effective.lower
        return found

    @property
    def last_day(self) -> date | None:
        """The last day of the designation; None while it goes on."""
        return self.effective.upper - timedelta(days=1) if self.effective.upper else None


class OfZoneQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(SpecialZone.objects.visible_to(scope).filter(pk=OuterRef("zone"))))


@tracked()
class ZonePlace(models.Model):
    """A 시·군·구 the zone lies in."""

    zone = models.ForeignKey(SpecialZone, models.CASCADE, related_name="places", db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·군·구")

    objects = OfZoneQuerySet.as_manager()

    class Meta:
        verbose_name = "특구의 시·군·구"
        ordering = ["zone", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "region"],
                name="zone_place_once",
                violation_error_message="이 특구에 이미 있는 시·군·구입니다.",
            )
        ]

    def __str__(self) -> str:
        return str(self.region)


@tracked()
class ZoneChange(Timestamped):
    """The plan of a zone was changed on a day: its area, its projects, its exceptions."""

    zone = models.ForeignKey(SpecialZone, models.CASCADE, related_name="changes", db_index=False)
    changed_on = models.DateField("변경일")
    content = models.TextField("변경 내용")
    notice = models.CharField("고시", max_length=120, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록한 사람")

    objects = OfZoneQuerySet.as_manager()

    class Meta:
        verbose_name = "특구 변경"
        ordering = ["zone", "changed_on"]
        constraints = [
            not_blank("content", name="zone_change_says_what", message="무엇이 바뀌었는지 적어 주세요."),
            models.UniqueConstraint(
                fields=["zone", "changed_on"],
                name="zone_change_once_a_day",
                violation_error_message="이날의 변경이 이미 있습니다. 한 건에 함께 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.changed_on}"


@tracked()
class ZoneException(Timestamped):
    """A rule the zone is excepted from during a period: a code to count by and the words of it."""

    zone = models.ForeignKey(SpecialZone, models.CASCADE, related_name="exceptions", db_index=False)
    code = models.CharField("규제특례", max_length=16, choices=ExceptionCode)
    text = models.CharField("내용", max_length=300)
    effective = DateRangeField("적용 기간")

    objects = OfZoneQuerySet.as_manager()

    class Meta:
        verbose_name = "규제특례"
        ordering = ["zone", "code", "effective"]
        constraints = [
            not_blank("text", name="zone_exception_says_what", message="규제특례의 내용을 적어 주세요."),
            one_at_a_time(
                "zone",
                "code",
                "text",
                name="zone_exception_once_at_a_time",
                message="같은 규제특례가 이 기간에 이미 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}: {self.text}"


@tracked()
class ZoneOperator(Timestamped):
    """Who runs a zone (특화사업자) during a period."""

    zone = models.ForeignKey(SpecialZone, models.CASCADE, related_name="operators", db_index=False)
    name = models.CharField("특화사업자", max_length=80)
    role = models.CharField("맡은 일", max_length=120, blank=True)
    effective = DateRangeField("기간")

    objects = OfZoneQuerySet.as_manager()

    class Meta:
        verbose_name = "특화사업자"
        ordering = ["zone", "name", "effective"]
        constraints = [
            not_blank("name", name="zone_operator_has_a_name", message="특화사업자의 이름을 적어 주세요."),
            one_at_a_time(
                "zone",
                "name",
                name="zone_operator_once_at_a_time",
                message="같은 특화사업자가 이 기간에 이미 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
