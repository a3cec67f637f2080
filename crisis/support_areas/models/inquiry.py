"""The joint inquiry (지역중소기업경영환경조사단): at most ten, headed by one of the outside experts (decree §27)."""

from django.db import models
from django.db.models import Q

from crisis.support_areas.enums import MemberKind, Purpose
from crisis.support_areas.models.case import SupportCase
from crisis.support_areas.rules import MOST_MEMBERS
from portal.directory.history import tracked
from portal.directory.models import User
from portal.kernel.constraints import not_blank, text_with
from portal.kernel.models import Timestamped


@tracked()
class Inquiry(Timestamped):
    """One inquiry for one purpose; its findings are what extension rests on."""

    case = models.ForeignKey(SupportCase, models.CASCADE, related_name="inquiries")
    purpose = models.CharField("목적", max_length=12, choices=Purpose)
    formed_on = models.DateField("구성일")
    reported_on = models.DateField("결과 보고일", null=True, blank=True)
    findings = models.TextField("조사 결과", blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록한 사람")

    class Meta:
        verbose_name = "조사단"
        ordering = ["formed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "purpose"],
                name="inquiry_once_per_purpose",
                violation_error_message="이 목적의 조사단이 이미 있습니다.",
            ),
            text_with(
                "findings",
                "reported_on",
                name="inquiry_reported_with_findings",
                message="결과 보고일과 조사 결과는 함께 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_purpose_display()} 조사단"


@tracked()
class InquiryMember(models.Model):
    """One seat of ten. The numbering of seats is what keeps an eleventh out."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="members")
    seat = models.PositiveSmallIntegerField("번호")
    name = models.CharField("이름", max_length=40)
    affiliation = models.CharField("소속", max_length=80)
    kind = models.CharField("구분", max_length=8, choices=MemberKind)
    is_head = models.BooleanField("단장", default=False)

    class Meta:
        verbose_name = "조사단원"
        ordering = ["inquiry", "seat"]
        constraints = [
            not_blank("name", name="inquiry_member_has_a_name", message="조사단원의 이름을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(seat__gte=1, seat__lte=MOST_MEMBERS),
                name="inquiry_has_at_most_ten",
                violation_error_message="조사단은 단장을 포함해 10명 이내입니다.",
            ),
            models.UniqueConstraint(
                fields=["inquiry", "seat"], name="inquiry_seat_once", violation_error_message="이미 찬 자리입니다."
            ),
            models.UniqueConstraint(
                fields=["inquiry"],
                condition=Q(is_head=True),
                name="inquiry_one_head",
                violation_error_message="단장은 한 사람입니다.",
            ),
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(kind=MemberKind.EXPERT),
                name="inquiry_head_is_an_expert",
                violation_error_message="단장은 외부 전문가 가운데에서 정합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
