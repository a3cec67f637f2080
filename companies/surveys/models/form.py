"""Forms of surveys: what is asked, as data, in versions that never change once a round asks by them."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models

from companies.surveys.rules.definition import Definition, parse
from portal.directory.history import tracked
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


@tracked()
class SurveyForm(Timestamped):
    """One version of a form. `body` is read by `companies.surveys.rules.definition.parse`."""

    code = models.SlugField("양식 코드", max_length=20)
    version = models.PositiveSmallIntegerField("판")
    title = models.CharField("양식 이름", max_length=80)
    legal_basis = models.CharField("근거", max_length=80, blank=True)
    body = models.JSONField("항목과 규칙")
    provisional = models.BooleanField("잠정", default=False)
    note = models.TextField("비고", blank=True)

    class Meta:
        verbose_name = "조사 양식"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="survey_form_version_once",
                violation_error_message="이 양식에 이미 있는 판입니다.",
            ),
            not_blank("title", name="survey_form_has_a_title", message="양식의 이름을 적어 주세요."),
            models.CheckConstraint(
                condition=models.Q(version__gte=1),
                name="survey_form_versions_count_from_one",
                violation_error_message="양식의 판은 1부터 셉니다.",
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
    def definition(self) -> Definition:
        return parse(self.body)
