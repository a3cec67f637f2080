"""The preferential programmes tied to a designation, and the dated rules of the procedure."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from crisis.support_areas.enums import ProgrammeField
from portal.directory.history import tracked
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.fields import DatedQuerySet


class OfficeDataQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> "OfficeDataQuerySet":
        """For everyone who works here."""
        return self if not scope.is_empty else self.none()


@tracked()
class Programme(models.Model):
    """One preferential programme. The plan counts 44 of the ministry's; only those whose source was read are rows."""

    code = models.SlugField("코드", max_length=30, unique=True)
    name = models.CharField("사업·제도", max_length=120)
    field = models.CharField("분야", max_length=12, choices=ProgrammeField)
    agency = models.CharField("담당 기관", max_length=80)
    benefit = models.TextField("우대 내용")
    basis = models.CharField("근거", max_length=200)
    effective = DateRangeField("시행 기간")
    provisional = models.BooleanField("잠정", default=False)

    objects = OfficeDataQuerySet.as_manager()

    class Meta:
        verbose_name = "우대 사업"
        ordering = ["field", "code"]
        constraints = [not_blank("basis", name="programme_has_a_basis", message="근거를 적어 주세요.")]

    def __str__(self) -> str:
        return self.name


@tracked()
class SupportAreaRule(models.Model):
    """What holds during a period: may the ministry begin by itself, how long are terms."""

    effective = DateRangeField("적용 기간")
    own_motion = models.BooleanField("본부 직권 지정 허용", default=False)
    term_years = models.PositiveSmallIntegerField("지정 기간(년)", default=2)
    extension_years = models.PositiveSmallIntegerField("연장 기간(년)", default=2)
    basis = models.CharField("근거", max_length=200)
    provisional = models.BooleanField("잠정", default=False)

    objects = OfficeDataQuerySet.as_manager()

    class Meta:
        verbose_name = "특별지원지역 규칙"
        ordering = ["effective"]
        constraints = [
            ExclusionConstraint(
                name="support_area_rule_one_in_force",
                expressions=[("effective", RangeOperators.OVERLAPS)],
                violation_error_message="적용 기간이 겹치는 규칙이 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(term_years__gte=1, term_years__lte=2, extension_years__gte=1, extension_years__lte=2),
                name="support_area_rule_within_the_act",
                violation_error_message="지정과 연장은 법이 정한 2년을 넘을 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective}"
