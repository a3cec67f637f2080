"""The shapes in which prevention plans leave the portal, and in which a quarterly report comes in. Money in won."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crisis.enums import Stage
from crisis.plans.enums import Finding, MeasureKind, ObligationState, PlanState, Rating, ReportState
from crisis.plans.models import Plan
from crisis.plans.rules import parse_quarter, quarter_text
from portal.kernel.rest.rows import Code, ExactField, Row
from portal.kernel.rest.strict import StrictSerializer

MOST_WON = 10**17


@extend_schema_field({"type": "string", "pattern": r"^\d{4}Q[1-4]$", "example": "2025Q3"})
class QuarterField(serializers.Field):
    """A quarter as `2025Q3`, kept as its first day."""

    def to_representation(self, value: date) -> str:
        return quarter_text(value)

    def to_internal_value(self, data: Any) -> date:
        found = parse_quarter(data) if isinstance(data, str) else None
        if found is None:
            raise serializers.ValidationError("분기는 2025Q3처럼 적어 주세요.")
        return found


class ObligationRow(Row):
    area = serializers.CharField(source="area.code", help_text="통계 지역 코드")
    name_ko = serializers.CharField(source="area.name_ko")
    sido = serializers.CharField(source="sido.code", help_text="시·도 코드")
    stage = serializers.ChoiceField(Stage.choices, help_text="의무를 낳은 결정 단계")
    round = serializers.CharField(source="determination.round.code", help_text="결정한 회차")
    opened_on = serializers.DateField(help_text="의무가 생긴 날")
    due_on = serializers.DateField(help_text="제출 기한(잠정 기준)")
    state = serializers.ChoiceField(ObligationState.choices, help_text="상태")
    plan = Code("plan.code", help_text="예방계획 번호")
    release_reason = serializers.CharField(allow_blank=True, help_text="해제 사유")
    is_demo = serializers.BooleanField(help_text="예시 자료")
    updated_at = serializers.DateTimeField()


class PlanRow(Row):
    code = serializers.CharField(help_text="계획 번호")
    title = serializers.CharField()
    sido = serializers.CharField(source="sido.code", help_text="시·도 코드")
    state = serializers.ChoiceField(PlanState.choices, help_text="상태")
    starts_on = serializers.DateField(help_text="계획의 첫날")
    ends_on = serializers.DateField(help_text="계획의 마지막 날")
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="마지막으로 제출한 일시")
    late = serializers.BooleanField(help_text="기한을 넘겨 제출함")
    approved_at = serializers.DateTimeField(allow_null=True, help_text="마지막으로 승인한 일시")
    recovered_on = serializers.DateField(allow_null=True, help_text="모든 지역이 양호가 된 날")
    is_demo = serializers.BooleanField(help_text="예시 자료")
    updated_at = serializers.DateTimeField()


class PlanTargetOut(serializers.Serializer):
    name = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    baseline = ExactField(max_digits=18, decimal_places=2, allow_null=True, help_text="현재값")
    target = ExactField(max_digits=18, decimal_places=2, help_text="목표값")


class PlanMeasureOut(serializers.Serializer):
    number = serializers.IntegerField(help_text="과제 번호")
    kind = serializers.ChoiceField(MeasureKind.choices)
    title = serializers.CharField()
    content = serializers.CharField()
    lead = serializers.CharField(source="lead_name", help_text="주관 기관")
    partners = serializers.CharField(allow_blank=True)
    budget_national = serializers.IntegerField(help_text="국비(원)")
    budget_sido = serializers.IntegerField(help_text="시·도비(원)")
    budget_sigungu = serializers.IntegerField(help_text="시·군·구비(원)")
    budget_private = serializers.IntegerField(help_text="민간(원)")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    dropped_on = serializers.DateField(allow_null=True, help_text="계획에서 뺀 날")
    targets = PlanTargetOut(many=True, help_text="성과지표")


class PlanDetail(PlanRow):
    diagnosis = serializers.CharField(help_text="위기 원인과 현황")
    goal = serializers.CharField(help_text="목표")
    structure = serializers.CharField(help_text="추진체계")
    areas = serializers.SerializerMethodField(help_text="통계 지역 코드")
    measures = PlanMeasureOut(many=True, help_text="과제")
    evaluation_due = serializers.DateField(allow_null=True, help_text="종료 평가 기한")

    def get_areas(self, plan: Plan) -> list[str]:
        return sorted({one.area.code for one in plan.obligations.all()})


class PlanReportRow(Row):
    plan = serializers.CharField(source="measure.plan.code", help_text="계획 번호")
    measure = serializers.IntegerField(source="measure.number", help_text="과제 번호")
    title = serializers.CharField(source="measure.title", help_text="과제 이름")
    quarter = QuarterField(help_text="분기")
    due_on = serializers.DateField(help_text="보고 기한(잠정 기준)")
    state = serializers.ChoiceField(ReportState.choices, help_text="상태")
    version = serializers.IntegerField(help_text="판. 보낼 때 seen으로 적습니다")
    spent_national = serializers.IntegerField(help_text="이 분기의 국비 집행(원)")
    spent_sido = serializers.IntegerField(help_text="시·도비 집행(원)")
    spent_sigungu = serializers.IntegerField(help_text="시·군·구비 집행(원)")
    spent_private = serializers.IntegerField(help_text="민간 집행(원)")
    result = serializers.CharField(allow_blank=True, help_text="추진 실적")
    problems = serializers.CharField(allow_blank=True, help_text="문제점과 대책")
    submitted_at = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField(help_text="기한을 넘겨 제출함")
    finding = serializers.ChoiceField(Finding.choices, allow_blank=True, help_text="위기지원센터의 점검 결과")
    rating = serializers.ChoiceField(Rating.choices, allow_blank=True, help_text="본부의 평가(잠정 등급)")
    updated_at = serializers.DateTimeField()


class SpentIn(StrictSerializer):
    national = serializers.IntegerField(min_value=0, max_value=MOST_WON, default=0)
    sido = serializers.IntegerField(min_value=0, max_value=MOST_WON, default=0)
    sigungu = serializers.IntegerField(min_value=0, max_value=MOST_WON, default=0)
    private = serializers.IntegerField(min_value=0, max_value=MOST_WON, default=0)


class FigureIn(StrictSerializer):
    target = serializers.CharField(help_text="성과지표 이름")
    value = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True, help_text="분기 말의 값")


class PlanReportIn(StrictSerializer):
    plan = serializers.CharField(help_text="계획 번호")
    measure = serializers.IntegerField(help_text="과제 번호")
    quarter = QuarterField(help_text="분기")
    seen = serializers.IntegerField(min_value=1, help_text="고치기 전에 본 판(version)")
    spent = SpentIn(help_text="이 분기에 집행한 돈(원)")
    result = serializers.CharField(allow_blank=True, max_length=5000, help_text="추진 실적")
    problems = serializers.CharField(allow_blank=True, max_length=5000, default="", help_text="문제점과 대책")
    figures = FigureIn(many=True, default=list, help_text="성과지표 실적")
    submit = serializers.BooleanField(default=False, help_text="true면 저장하고 냅니다")
