"""The shapes in which business conversion leaves the portal, and in which it comes in. Money in won, shares in percent."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crisis.conversion.enums import (
    Channel,
    ConversionKind,
    DiagnosisState,
    EditionState,
    GoalMeasure,
    MilestoneState,
    PlanState,
    Recommendation,
    Referral,
    Subject,
)
from crisis.conversion.models import Centre, ConversionPlan, PlanEdition
from portal.kernel.rest.rows import Code, ExactField, Row
from portal.kernel.rest.strict import StrictSerializer


class CentreRow(Row):
    code = serializers.CharField(help_text="코드")
    name = serializers.CharField(help_text="이름")
    organization = Code("organization.code", help_text="기관 코드")
    seat = serializers.CharField(source="seat.code", help_text="소재지 지역 코드")
    valid_from = serializers.DateField(source="effective.lower", allow_null=True, help_text="운영 시작일")
    valid_to = serializers.DateField(source="effective.upper", allow_null=True, help_text="이날부터 운영하지 않음")
    source = serializers.CharField(help_text="출처")  # type: ignore[assignment]  # a field, not the base's attribute
    provisional = serializers.BooleanField(help_text="관할이 잠정인지")


class CentreDetail(CentreRow):
    regions = serializers.SerializerMethodField(help_text="관할 지역 코드")

    def get_regions(self, centre: Centre) -> list[str]:
        return sorted(one.region.code for one in centre.regions.all())  # type: ignore[attr-defined]


class DiagnosisRow(Row):
    code = serializers.CharField(help_text="진단 번호")
    company = serializers.UUIDField(source="company.public_id", help_text="기업 번호")
    company_name = serializers.CharField(source="company.name_ko")
    sido = serializers.CharField(source="sido.code", help_text="시·도 코드")
    subjects = serializers.ListField(child=serializers.ChoiceField(Subject.choices), help_text="진단 분야")
    centre = Code("centre.code", help_text="구조혁신지원센터 코드")
    state = serializers.ChoiceField(DiagnosisState.choices, help_text="상태")
    requested_on = serializers.DateField(help_text="신청일")
    finished_on = serializers.DateField(allow_null=True, help_text="완료일")
    recommendation = serializers.ChoiceField(Recommendation.choices, allow_blank=True, help_text="권고")
    referral = serializers.ChoiceField(Referral.choices, allow_blank=True, help_text="연계")
    is_demo = serializers.BooleanField(help_text="예시 자료")
    updated_at = serializers.DateTimeField()


class ScoreOut(serializers.Serializer):
    item = serializers.CharField(source="item.code", help_text="진단 항목 코드")
    name = serializers.CharField(source="item.name")
    points = ExactField(max_digits=5, decimal_places=1, help_text="점수")
    most = serializers.IntegerField(source="item.most", help_text="배점")


class DiagnosisDetail(DiagnosisRow):
    reason = serializers.CharField(help_text="신청 사유")
    findings = serializers.CharField(allow_blank=True, help_text="진단 결과")
    closing_reason = serializers.CharField(allow_blank=True, help_text="진단하지 않는 사유")
    referral_note = serializers.CharField(allow_blank=True, help_text="연계 내용")
    scores = ScoreOut(many=True, help_text="진단 점수")


class DiagnosisIn(StrictSerializer):
    business_number = serializers.RegexField(r"^\d{10}$", help_text="기업의 사업자등록번호")
    subjects = serializers.ListField(
        child=serializers.ChoiceField(Subject.choices), min_length=1, help_text="진단 분야"
    )
    reason = serializers.CharField(max_length=5000, help_text="신청 사유")


class ConversionPlanRow(Row):
    code = serializers.CharField(help_text="계획 번호")
    title = serializers.CharField()
    sido = serializers.CharField(source="sido.code", help_text="대표기업의 시·도 코드")
    joint = serializers.BooleanField(help_text="공동 계획인지")
    state = serializers.ChoiceField(PlanState.choices, help_text="상태")
    approved_on = serializers.DateField(allow_null=True, help_text="첫 승인일")
    completed_on = serializers.DateField(source="completion.decided_on", allow_null=True, help_text="완료 승인일")
    reached = serializers.BooleanField(source="completion.reached", allow_null=True, help_text="목표 달성")
    cancelled_on = serializers.DateField(allow_null=True, help_text="승인 취소일")
    is_demo = serializers.BooleanField(help_text="예시 자료")
    updated_at = serializers.DateTimeField()


class PlanFirmOut(serializers.Serializer):
    company = serializers.UUIDField(source="member.company.public_id", help_text="기업 번호")
    name = serializers.CharField(source="member.company.name_ko")
    is_lead = serializers.BooleanField(source="member.is_lead", help_text="대표기업")
    part = serializers.CharField(allow_blank=True, help_text="맡은 일")
    from_industry = serializers.CharField(source="from_industry.code", default=None, help_text="지금 업종")
    to_industry = serializers.CharField(source="to_industry.code", default=None, help_text="새 업종")
    left_on = serializers.DateField(source="member.left_on", allow_null=True, help_text="빠진 날")


class PlanGoalOut(serializers.Serializer):
    measure = serializers.ChoiceField(GoalMeasure.choices)
    base = ExactField(max_digits=5, decimal_places=2, help_text="지금(%)")
    target = ExactField(max_digits=5, decimal_places=2, help_text="목표(%)")
    result = ExactField(max_digits=5, decimal_places=2, allow_null=True, help_text="실적(%)")


class PlanEditionOut(serializers.Serializer):
    number = serializers.IntegerField(help_text="차수")
    state = serializers.ChoiceField(EditionState.choices)
    kind = serializers.ChoiceField(ConversionKind.choices, help_text="유형")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    approval_number = serializers.CharField(allow_blank=True, help_text="승인 번호")
    decided_on = serializers.DateField(allow_null=True, help_text="결정일")
    content = serializers.CharField(allow_blank=True, help_text="전환 내용")
    budget_national = serializers.IntegerField(help_text="국비(원)")
    budget_sido = serializers.IntegerField(help_text="시·도비(원)")
    budget_sigungu = serializers.IntegerField(help_text="시·군·구비(원)")
    budget_loan = serializers.IntegerField(help_text="정책융자(원)")
    budget_own = serializers.IntegerField(help_text="자부담(원)")
    firms = PlanFirmOut(many=True, help_text="참여기업")
    goals = PlanGoalOut(many=True, help_text="목표")


class ConversionPlanDetail(ConversionPlanRow):
    completed_on = serializers.SerializerMethodField(help_text="완료 승인일")  # type: ignore[assignment]
    reached = serializers.SerializerMethodField(help_text="목표 달성")  # type: ignore[assignment]
    editions = serializers.SerializerMethodField(help_text="차수. 승인된 것과 끝난 것, 심사 중인 것까지")

    @extend_schema_field({"type": "string", "format": "date", "nullable": True})
    def get_completed_on(self, plan: ConversionPlan) -> Any:
        completion = getattr(plan, "completion", None)
        return completion.decided_on.isoformat() if completion and completion.decided_on else None

    @extend_schema_field({"type": "boolean", "nullable": True})
    def get_reached(self, plan: ConversionPlan) -> bool | None:
        completion = getattr(plan, "completion", None)
        return completion.reached if completion else None

    @extend_schema_field(PlanEditionOut(many=True))
    def get_editions(self, plan: ConversionPlan) -> list[dict[str, Any]]:
        rows: list[PlanEdition] = list(plan.editions.all())  # type: ignore[attr-defined]
        found: list[dict[str, Any]] = list(PlanEditionOut(rows, many=True).data)
        return found


class MilestoneRow(Row):
    plan = serializers.CharField(source="edition.plan.code", help_text="계획 번호")
    edition = serializers.IntegerField(source="edition.number", help_text="차수")
    number = serializers.IntegerField(help_text="단계 번호")
    title = serializers.CharField(help_text="추진 단계")
    due_on = serializers.DateField(help_text="기한(근무일로 옮긴 날)")
    state = serializers.ChoiceField(MilestoneState.choices, help_text="상태")
    late = serializers.BooleanField(help_text="기한을 넘겨 보고함")
    reported_at = serializers.DateTimeField(allow_null=True, help_text="보고 일시")
    checked_at = serializers.DateTimeField(allow_null=True, help_text="확인 일시")
    updated_at = serializers.DateTimeField()


class ContactRow(Row):
    plan = serializers.CharField(source="plan.code", help_text="계획 번호")
    on = serializers.DateField(help_text="접촉일")
    channel = serializers.ChoiceField(Channel.choices, help_text="방법")
    text = serializers.CharField(help_text="내용")


class ContactIn(StrictSerializer):
    plan = serializers.CharField(help_text="계획 번호")
    on = serializers.DateField(help_text="접촉일")
    channel = serializers.ChoiceField(Channel.choices, help_text="방법")
    text = serializers.CharField(max_length=5000, help_text="내용")
