"""Questionnaires: what is asked, as data, in versions that no longer change once a campaign asks by them."""

from functools import cached_property
from typing import Self

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from crisis.fieldwork.rules.questionnaire import Questionnaire, parse
from portal.directory.history import tracked
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


class FieldFormQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """The ministry's for everybody who works here, a region's own where it lies in the scope."""
        return self.none() if scope.is_empty else self.filter(Q(region=None) | scope.regions("region"))

    def newest(self) -> Self:
        """Of each code the last version."""
        return self.order_by("code", "-version").distinct("code")


@tracked()
class FieldForm(Timestamped):
    """One version of a questionnaire; `region` None: the ministry's, for the whole country.

    `body` is read by `crisis.fieldwork.rules.questionnaire.parse`. `frozen_at`: when the first campaign opened with it.
    """

    code = models.SlugField("양식 코드", max_length=20)
    version = models.PositiveSmallIntegerField("판")
    title = models.CharField("양식 이름", max_length=80)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="시·도",
        help_text="비우면 전국에서 쓰는 본부 양식",
    )  # fmt: skip
    body = models.JSONField("항목")
    basis = models.CharField("근거", max_length=120, blank=True)
    provisional = models.BooleanField("잠정", default=False)
    note = models.TextField("비고", blank=True)
    frozen_at = models.DateTimeField("처음 쓴 일시", null=True, blank=True, editable=False)

    objects = FieldFormQuerySet.as_manager()

    class Meta:
        verbose_name = "현장 실태조사 양식"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="field_form_version_once",
                violation_error_message="이 양식에 이미 있는 판입니다.",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="field_form_versions_count_from_one",
                violation_error_message="양식의 판은 1부터 셉니다.",
            ),
            not_blank("title", name="field_form_has_a_title", message="양식의 이름을 적어 주세요."),
        ]
        triggers = [
            pgtrigger.Protect(
                name="field_form_in_use_is_frozen",
                operation=pgtrigger.UpdateOf("code", "version", "body", "region_id", "frozen_at"),
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="field_form_in_use_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}판"

    def clean(self) -> None:
        try:
            parse(self.body)
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise ValidationError({"body": str(fault).splitlines() or ["양식의 내용을 읽을 수 없습니다."]}) from fault

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return parse(self.body)
