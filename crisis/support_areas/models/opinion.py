"""What research bodies, other ministries and the 시·도 said."""

from django.db import models
from django.db.models import F, Q

from crisis.support_areas.enums import OpinionKind, Purpose, Stance
from crisis.support_areas.models.case import CaseFile, SupportCase
from portal.directory.history import tracked
from portal.directory.models import User
from portal.kernel.constraints import not_blank, text_with
from portal.kernel.models import Timestamped


class OpinionQuerySet(models.QuerySet):
    def received(self) -> "OpinionQuerySet":
        return self.filter(received_on__isnull=False)

    def waiting(self) -> "OpinionQuerySet":
        return self.filter(received_on=None)


@tracked()
class Opinion(Timestamped):
    """Asked of a body on a day with a due day; received or not."""

    case = models.ForeignKey(SupportCase, models.CASCADE, related_name="opinions")
    purpose = models.CharField("목적", max_length=12, choices=Purpose)
    kind = models.CharField("기관 구분", max_length=10, choices=OpinionKind)
    body_name = models.CharField("기관", max_length=80)
    asked_on = models.DateField("요청일")
    due_on = models.DateField("회신 기한")
    received_on = models.DateField("회신일", null=True, blank=True)
    stance = models.CharField("의견", max_length=12, choices=Stance, blank=True)
    text = models.TextField("의견 내용", blank=True)
    file = models.ForeignKey(
        CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="회신 문서"
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록한 사람")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "의견"
        ordering = ["purpose", "kind", "asked_on", "pk"]
        constraints = [
            not_blank("body_name", name="opinion_of_a_body", message="어느 기관의 의견인지 적어 주세요."),
            models.UniqueConstraint(
                fields=["case", "purpose", "kind", "body_name", "asked_on"],
                name="opinion_asked_once",
                violation_error_message="같은 날 같은 기관에 이미 물었습니다.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("asked_on")),
                name="opinion_due_after_asking",
                violation_error_message="회신 기한은 요청일보다 빠를 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(received_on__gte=F("asked_on")),
                name="opinion_received_after_asking",
                violation_error_message="회신일은 요청일보다 빠를 수 없습니다.",
            ),
            text_with(
                "stance",
                "received_on",
                name="opinion_received_with_a_stance",
                message="회신일과 의견은 함께 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_name} ({self.get_purpose_display()})"
