"""Criteria sets: tier rules as dated, versioned data. Adopted ones never change."""

from functools import cached_property
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from companies.surveys.models import RegionalIndustry
from companies.tiers import rules
from companies.tiers.enums import CriteriaState, Programme, Tier
from companies.tiers.models.base import any_change
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped

# Guarded by change, not by mention: saving a whole row that changes none of these is harmless.
CONTENT = (
    "code",
    "programme",
    "tier",
    "region_id",
    "industry_id",
    "industry_codes",
    "version",
    "body",
    "sha256",
    "term_years",
    "document",
)


class CriteriaSetQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Rules are for everyone who works here: a region may read how its neighbour decides."""
        return self if not scope.is_empty else self.none()

    def adopted(self) -> Self:
        return self.filter(state=CriteriaState.ADOPTED)

    def in_force_on(self, day: object) -> Self:
        return self.adopted().filter(effective__contains=day)

    def managed_within(self, scope: Scope) -> Self:
        """Those of the scope's regions; national ones only for the nationwide."""
        return self if scope.nationwide else self.filter(region__in=scope.region_ids)


@tracked()
class CriteriaSet(Timestamped):
    """One version of one tier's criteria in one programme and region (the nation without one), for one industry or all.

    A set for an industry (주축산업, 미래 신산업) carries the KSIC codes that belong to it, so that it says by itself whom
    it is for: official code lists change, and an adopted set must not change with them. A set without a tier belongs
    to another programme's selection and is kept for reference.
    """

    code = models.SlugField("기준 번호", max_length=60, unique=True, allow_unicode=True)
    title = models.CharField("이름", max_length=120)
    programme = models.CharField("사업", max_length=20, choices=Programme)
    tier = models.CharField("등급", max_length=16, choices=Tier, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="시·도")
    industry = models.ForeignKey(
        RegionalIndustry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="산업"
    )
    industry_codes = ArrayField(
        models.CharField(max_length=6), verbose_name="산업의 표준산업분류 코드", default=list, blank=True
    )
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="바탕이 된 기준"
    )
    version = models.PositiveSmallIntegerField("판", default=1)
    effective = DateRangeField("적용 기간")
    body = models.JSONField("조건")
    sha256 = models.CharField("SHA-256", max_length=64)
    term_years = models.PositiveSmallIntegerField("등급 유효 기간(년)", null=True, blank=True)
    needs_resolution = models.BooleanField("지원협의회 의결 필요", default=False)
    state = models.CharField("상태", max_length=8, choices=CriteriaState, default=CriteriaState.DRAFT)
    document = models.CharField("근거 문서", max_length=200, blank=True)
    adopted_at = models.DateTimeField("확정 일시", null=True, blank=True)
    adopted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="확정자")
    is_published = models.BooleanField(
        "공개된 예", default=False, help_text="공고에서 옮긴 기준. 고치려면 사본을 만드세요."
    )
    provisional = models.BooleanField("잠정", default=True)
    source = models.TextField("출처", blank=True)
    note = models.TextField("비고", blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name = "등급 기준"
        ordering = ["programme", "tier", "-effective", "code"]
        constraints = [
            all_or_none(
                "adopted_at",
                "adopted_by",
                name="criteria_adopted_by_someone_at_some_time",
                message="확정 일시와 확정자는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=CriteriaState.DRAFT, adopted_at=None)
                | (~Q(state=CriteriaState.DRAFT) & Q(adopted_at__isnull=False)),
                name="criteria_state_matches_adoption",
                violation_error_message="기준의 상태와 확정 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=CriteriaState.DRAFT) | (~Q(document="") & ~Q(tier="")),
                name="criteria_adopted_with_document_and_tier",
                violation_error_message="확정하려면 등급과 근거 문서를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(term_years=None) | Q(term_years__gte=1, term_years__lte=10),
                name="criteria_term_is_one_to_ten_years",
                violation_error_message="등급 유효 기간은 1년부터 10년까지입니다.",
            ),
            models.CheckConstraint(
                condition=Q(industry=None, industry_codes=[]) | Q(industry__isnull=False) & ~Q(industry_codes=[]),
                name="criteria_industry_with_its_codes",
                violation_error_message="산업을 고르면 그 산업의 산업분류 코드를 하나 이상 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="criteria_version_from_one",
                violation_error_message="판은 1부터 셉니다.",
            ),
            ExclusionConstraint(
                name="criteria_one_adopted_at_a_time",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("tier", RangeOperators.EQUAL),
                    (Coalesce("region", Value(0)), RangeOperators.EQUAL),
                    (Coalesce("industry", Value(0)), RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                condition=Q(state=CriteriaState.ADOPTED),
                violation_error_message="같은 사업·등급·지역·산업에 적용 기간이 겹치는 확정된 기준이 있습니다.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="criteria_adopted_is_immutable",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state=CriteriaState.DRAFT) & any_change(*CONTENT),
            ),
            pgtrigger.Protect(
                name="criteria_adopted_is_kept",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state=CriteriaState.DRAFT),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def whole(self) -> Any:
        """The conditions with the industry they are limited to: what is judged, shown and hashed."""
        return rules.within_industry(self.body, self.industry_codes)

    @cached_property
    def tree(self) -> rules.Node:
        """The parsed criteria. What is stored was validated whole when it was entered."""
        return rules.parse(self.whole)

    @property
    def outline(self) -> dict[str, Any]:
        """The tree in words, for reading (`rules.outline`)."""
        return rules.outline(self.tree)
