"""Reference data of business conversion: centres, the dated rules, the items diagnoses are scored by."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, OuterRef, Q

from crisis.conversion.enums import INDUSTRY_KINDS, ConversionKind, Subject
from crisis.conversion.rules import Terms
from portal.directory.history import tracked
from portal.directory.models import Organization, Region
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank, one_at_a_time
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class OfficeDataQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """For everyone who works here."""
        return self if not scope.is_empty else self.none()


class CentreQuerySet(OfficeDataQuerySet):
    def serving(self, region: Region, day: date) -> Self:
        """Centres that serve a region or its 시·도 on a day."""
        places = [region.pk, *([region.parent_id] if region.parent_id else [])]
        served = CentreRegion.objects.filter(centre=OuterRef("pk"), region__in=places)
        return self.in_force_on(day).filter(Exists(served))


@tracked()
class Centre(Timestamped):
    """A restructuring centre (구조혁신지원센터): a body of the directory, or a name where the directory has none yet."""

    code = models.SlugField("코드", max_length=30, unique=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="등록된 기관"
    )
    name = models.CharField("이름", max_length=80)
    seat = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="소재지")
    effective = DateRangeField("운영 기간")
    source = models.CharField("출처", max_length=200)
    provisional = models.BooleanField("관할 잠정", default=False)
    version = models.PositiveIntegerField("판", default=1, editable=False)

    objects = CentreQuerySet.as_manager()

    class Meta:
        verbose_name = "구조혁신지원센터"
        ordering = ["code"]
        constraints = [
            not_blank("name", name="restructuring_centre_has_a_name", message="센터의 이름을 적어 주세요."),
            not_blank("source", name="restructuring_centre_has_a_source", message="출처를 적어 주세요."),
            one_at_a_time(
                "organization",
                name="restructuring_centre_body_once_at_a_time",
                message="이 기관은 같은 기간에 이미 센터로 등록되어 있습니다.",
                condition=Q(organization__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CentreRegion(models.Model):
    """A region the centre serves: a 시·도 as a whole, or a 시·군·구."""

    centre = models.ForeignKey(Centre, models.CASCADE, related_name="regions", db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="관할 지역")

    objects = OfficeDataQuerySet.as_manager()

    class Meta:
        verbose_name = "센터의 관할 지역"
        ordering = ["centre", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "region"],
                name="restructuring_centre_region_once",
                violation_error_message="이미 넣은 관할 지역입니다.",
            )
        ]

    def __str__(self) -> str:
        return str(self.region)


def known_kinds() -> list[str]:
    """The kinds of the old law: what a new rule knows until somebody says more."""
    return [str(kind) for kind in INDUSTRY_KINDS]


@tracked()
class ConversionRule(models.Model):
    """What counts as conversion during a period, and what is asked. What no official text was read for is provisional."""

    effective = DateRangeField("적용 기간")
    kinds = ArrayField(
        models.CharField(max_length=20, choices=ConversionKind), verbose_name="인정하는 유형", default=known_kinds
    )
    joint = models.BooleanField("공동 사업전환 인정", default=False)
    running_years = models.PositiveSmallIntegerField("업력 기준(년)", default=3)
    industry_digits = models.PositiveSmallIntegerField("업종을 가르는 산업분류 자릿수", default=4)
    longest_months = models.PositiveSmallIntegerField("계획 기간의 상한(개월)", default=60)
    smallest_share = models.DecimalField("새 사업 비중의 하한(%)", max_digits=5, decimal_places=2, default=30)
    follow_up_months = models.PositiveSmallIntegerField("완료 뒤 점검(개월)", default=12)
    basis = models.CharField("근거", max_length=300)
    provisional = models.BooleanField("잠정", default=True)

    objects = OfficeDataQuerySet.as_manager()

    class Meta:
        verbose_name = "사업전환 기준"
        ordering = ["effective"]
        constraints = [
            ExclusionConstraint(
                name="conversion_rule_one_in_force",
                expressions=[("effective", RangeOperators.OVERLAPS)],
                violation_error_message="적용 기간이 겹치는 기준이 이미 있습니다.",
            ),
            not_blank("basis", name="conversion_rule_has_a_basis", message="근거를 적어 주세요."),
            models.CheckConstraint(
                condition=Q(industry_digits__gte=2, industry_digits__lte=5, longest_months__gte=1)
                & Q(smallest_share__gte=0, smallest_share__lte=100),
                name="conversion_rule_figures_make_sense",
                violation_error_message="산업분류는 2~5자리, 기간은 한 달 이상, 비중은 0~100%여야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(kinds=[]),
                name="conversion_rule_knows_a_kind",
                violation_error_message="인정하는 유형을 하나 이상 골라 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective}"

    @property
    def terms(self) -> Terms:
        """For the pure rules."""
        return Terms(
            frozenset(self.kinds), self.joint, self.running_years, self.industry_digits, self.longest_months,
            self.smallest_share,
        )  # fmt: skip

    @property
    def kind_labels(self) -> list[str]:
        return [str(ConversionKind(kind).label) for kind in self.kinds]


@tracked()
class ScoreItem(models.Model):
    """An item diagnoses are scored by, during a period. The items are data: nobody published a national list."""

    code = models.SlugField("코드", max_length=30, unique=True)
    subject = models.CharField("분야", max_length=10, choices=Subject)
    name = models.CharField("항목", max_length=80)
    most = models.PositiveSmallIntegerField("배점", default=5)
    position = models.PositiveSmallIntegerField("순서", default=0)
    effective = DateRangeField("적용 기간")
    basis = models.CharField("근거", max_length=200)
    provisional = models.BooleanField("잠정", default=True)

    objects = OfficeDataQuerySet.as_manager()

    class Meta:
        verbose_name = "진단 항목"
        ordering = ["subject", "position", "code"]
        constraints = [
            not_blank("name", name="score_item_has_a_name", message="항목의 이름을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(most__gte=1),
                name="score_item_counts",
                violation_error_message="배점은 1점 이상이어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
