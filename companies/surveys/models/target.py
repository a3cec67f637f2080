"""Companies a round asks, and who collects their answers."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from companies.models import Cluster, Company
from companies.surveys.enums import HANDED_IN, TargetKind
from companies.surveys.models.round import SurveyRound
from portal.directory.history import tracked
from portal.directory.models import Organization, Region
from portal.directory.scope import Scope
from portal.kernel.models import Timestamped


class TargetQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Of the region in which it is asked; a firm with sites elsewhere is asked here."""
        return self.filter(scope.regions("region"))

    def handed_in(self) -> Self:
        return self.filter(submission__state__in=HANDED_IN)

    def missing(self) -> Self:
        """Nothing handed in: not begun, being written, or sent back."""
        submissions = Target._meta.get_field("submission").related_model
        handed = submissions._default_manager.filter(target=OuterRef("pk"), state__in=HANDED_IN)
        return self.filter(~Exists(handed))


@tracked()
class Target(Timestamped):
    """One company asked in one round. `region` is the 시·군·구 in which it is asked and decides who sees it."""

    round = models.ForeignKey(SurveyRound, models.CASCADE, related_name="targets", db_index=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    business_number = models.CharField("사업자등록번호", max_length=10, db_collation="C")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·군·구")
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="밀집지역"
    )
    technopark = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="조사 기관"
    )
    kind = models.CharField("구분", max_length=8, choices=TargetKind, default=TargetKind.SAMPLE)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "조사 대상"
        ordering = ["round", "region", "pk"]
        indexes = [models.Index(fields=["round", "region"], name="survey_target_of_region")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "company"],
                name="survey_target_once_a_round",
                violation_error_message="이 회차에 이미 있는 대상 기업입니다.",
            ),
            models.UniqueConstraint(
                fields=["round", "business_number"],
                name="survey_target_number_once_a_round",
                violation_error_message="이 회차에 이미 있는 사업자등록번호입니다.",
            ),
            models.CheckConstraint(
                condition=models.Q(business_number__regex=r"^[0-9]{10}$"),
                name="survey_target_number_has_10_digits",
                violation_error_message="사업자등록번호는 숫자 10자리여야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} ({self.round})"
