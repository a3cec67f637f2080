"""What the API says of regions in decline."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crisis.declining.enums import (
    DeclineKind,
    ExceptionCode,
    IndicatorKind,
    Ministry,
    ProjectField,
    ProjectState,
    ReportState,
    SupportKind,
    ZoneKind,
)
from crisis.declining.models import FundProject, SpecialZone
from crisis.declining.rules import half_text, parse_half
from portal.kernel.rest.rows import Code, ExactField, Row
from portal.kernel.rest.strict import StrictSerializer

MOST_WON = 10**17


@extend_schema_field({"type": "string", "pattern": r"^\d{4}H[12]$", "example": "2024H1"})
class HalfField(serializers.Field):
    """A half-year as `2024H1`."""

    def to_representation(self, value: date) -> str:
        return half_text(value)

    def to_internal_value(self, data: Any) -> date:
        found = parse_half(data) if isinstance(data, str) else None
        if found is None:
            raise serializers.ValidationError(_("반기는 2024H1처럼 적어 주세요."))
        return found


class DeclineStatusRow(Row):
    region_scheme = Code("region.scheme", help_text="코드 체계")
    region = Code("region.code", help_text="지정할 때의 시·군·구 코드")
    kind = serializers.ChoiceField(choices=DeclineKind.choices, help_text="인구감소지역 또는 관심지역")
    first_day = serializers.DateField(source="effective.lower", help_text="지정일")
    day_after = serializers.DateField(source="effective.upper", allow_null=True, help_text="끝난 다음 날")
    notice = serializers.CharField(allow_blank=True, help_text="고시")
    source = serializers.CharField(help_text="출처")  # type: ignore[assignment]  # a column of that name
    provisional = serializers.BooleanField(help_text="확인 전")


class SpecialZoneRow(Row):
    code = serializers.CharField(help_text="특구 번호")
    name = serializers.CharField(help_text="이름")
    kind = serializers.ChoiceField(choices=ZoneKind.choices, help_text="분야")
    resource = serializers.CharField(allow_blank=True, help_text="특화자원")
    first_day = serializers.DateField(source="effective.lower", help_text="지정일")
    day_after = serializers.DateField(source="effective.upper", allow_null=True, help_text="끝난 다음 날")
    source = serializers.CharField(help_text="출처")  # type: ignore[assignment]  # a column of that name


class ZoneExceptionOut(serializers.Serializer):
    code = serializers.ChoiceField(choices=ExceptionCode.choices, help_text="규제특례 구분")
    text = serializers.CharField(help_text="내용")
    first_day = serializers.DateField(source="effective.lower", allow_null=True, help_text="첫날")
    day_after = serializers.DateField(source="effective.upper", allow_null=True, help_text="끝난 다음 날")


class SpecialZoneDetail(SpecialZoneRow):
    regions = serializers.SerializerMethodField(help_text="시·군·구 코드")
    exceptions = serializers.SerializerMethodField(help_text="규제특례")

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_regions(self, zone: SpecialZone) -> list[str]:
        return [place.region.code for place in zone.places.all()]

    @extend_schema_field(ZoneExceptionOut(many=True))
    def get_exceptions(self, zone: SpecialZone) -> list[dict[str, Any]]:
        return list(ZoneExceptionOut(list(zone.exceptions.all()), many=True).data)


class FundProjectRow(Row):
    code = serializers.CharField(help_text="번호")
    name = serializers.CharField(help_text="사업 이름")
    region_scheme = Code("region.scheme", help_text="코드 체계")
    region = Code("region.code", help_text="시·군·구 코드")
    year = serializers.IntegerField(help_text="연도")
    field = serializers.ChoiceField(choices=ProjectField.choices, help_text="분야")
    state = serializers.ChoiceField(choices=ProjectState.choices, help_text="상태")
    starts_on = serializers.DateField(help_text="시작일")
    ends_on = serializers.DateField(help_text="종료일")
    bonus_points = ExactField(max_digits=5, decimal_places=2, allow_null=True, help_text="기금 평가 가점")
    planned = serializers.IntegerField(help_text="계획한 예산의 합(원)")
    agreed = serializers.IntegerField(help_text="합의한 예산의 합(원)")
    executed = serializers.IntegerField(help_text="집행의 합(원)")
    version = serializers.IntegerField(help_text="판")
    updated_at = serializers.DateTimeField(help_text="바뀐 일시")


class ProjectMoneyOut(serializers.Serializer):
    ministry = serializers.ChoiceField(choices=Ministry.choices, help_text="재원")
    year = serializers.IntegerField(help_text="연도")
    planned = serializers.IntegerField(help_text="계획(원)")
    agreed = serializers.IntegerField(help_text="합의(원)")
    executed = serializers.IntegerField(help_text="집행(원)")


class ProjectSupportOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=SupportKind.choices, help_text="지원")
    ministry = serializers.ChoiceField(choices=Ministry.choices, help_text="부처")
    programme = serializers.CharField(help_text="지원사업")


class ProjectIndicatorOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=IndicatorKind.choices, help_text="구분")
    name = serializers.CharField(help_text="지표")
    unit = serializers.CharField(allow_blank=True, help_text="단위")
    base = ExactField(max_digits=18, decimal_places=2, allow_null=True, help_text="현재값")
    target = ExactField(max_digits=18, decimal_places=2, help_text="목표값")


class FundProjectDetail(FundProjectRow):
    purpose = serializers.CharField(allow_blank=True, help_text="목적")
    plan = serializers.CharField(allow_blank=True, help_text="중소기업 지원 연계 계획")
    money = serializers.SerializerMethodField(help_text="부처별 예산")
    supports = serializers.SerializerMethodField(help_text="연계 지원사업")
    indicators = serializers.SerializerMethodField(help_text="성과지표")

    @extend_schema_field(ProjectMoneyOut(many=True))
    def get_money(self, project: FundProject) -> list[dict[str, Any]]:
        return list(ProjectMoneyOut(list(project.money.all()), many=True).data)

    @extend_schema_field(ProjectSupportOut(many=True))
    def get_supports(self, project: FundProject) -> list[dict[str, Any]]:
        return list(ProjectSupportOut(list(project.supports.all()), many=True).data)

    @extend_schema_field(ProjectIndicatorOut(many=True))
    def get_indicators(self, project: FundProject) -> list[dict[str, Any]]:
        return list(ProjectIndicatorOut(list(project.indicators.all()), many=True).data)


class FundReportRow(Row):
    project = Code("project.code", help_text="사업 번호")
    half = HalfField(help_text="반기")
    legal_due = serializers.DateField(help_text="정해진 기한(잠정)")
    due_on = serializers.DateField(help_text="근무일로 옮긴 기한")
    state = serializers.ChoiceField(choices=ReportState.choices, help_text="상태")
    late = serializers.BooleanField(help_text="늦게 제출")
    version = serializers.IntegerField(help_text="판. 보고를 보낼 때 seen으로 씁니다.")
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="제출 일시")
    updated_at = serializers.DateTimeField(help_text="바뀐 일시")


class FundSpentIn(StrictSerializer):
    ministry = serializers.ChoiceField(choices=Ministry.choices, help_text="재원")
    won = serializers.IntegerField(
        min_value=0, max_value=MOST_WON, help_text="이 반기에 집행한 금액(원). 누계가 아닙니다."
    )


class FundFigureIn(StrictSerializer):
    indicator = serializers.CharField(max_length=80, help_text="성과지표의 이름")
    value = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True, help_text="반기 말의 값")


class FundReportIn(StrictSerializer):
    project = serializers.CharField(max_length=20, help_text="사업 번호")
    half = HalfField(help_text="반기")
    seen = serializers.IntegerField(min_value=1, help_text="고치기 전에 본 판(version)")
    spent = FundSpentIn(many=True, help_text="재원별 집행")
    result = serializers.CharField(allow_blank=True, max_length=5000, help_text="추진 실적")
    problems = serializers.CharField(allow_blank=True, max_length=5000, default="", help_text="문제점과 대책")
    figures = FundFigureIn(many=True, default=list, help_text="성과지표 실적")
    submit = serializers.BooleanField(default=False, help_text="true면 저장하고 냅니다")
