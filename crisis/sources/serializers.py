"""The shapes in which feeds and suspect values leave the portal."""

from rest_framework import serializers

from crisis.enums import Frequency
from crisis.sources.enums import FeedState, SuspectOrigin, SuspectState
from portal.kernel.rest.rows import Code, ExactField, MonthField, Row


class FeedRow(Row):
    code = serializers.CharField(help_text="자료원 코드")
    name_ko = serializers.CharField()
    provider = serializers.CharField(help_text="제공 기관")
    frequency = serializers.ChoiceField(Frequency.choices, help_text="주기")
    lag_days = serializers.IntegerField(help_text="기간이 끝난 날부터 받을 때까지의 날수")
    owner = serializers.CharField(source="owner.code", help_text="담당 기관 코드")
    active = serializers.BooleanField(help_text="받는 중")
    provisional = serializers.BooleanField(help_text="공표 일정을 확인하지 못함")
    updated_at = serializers.DateTimeField()


class FeedSeriesOut(serializers.Serializer):
    indicator = serializers.CharField(help_text="지표 코드")
    last_period = MonthField(help_text="다 받은 마지막 기간. 없으면 null")
    newest_period = MonthField(help_text="일부라도 받은 가장 새 기간. 없으면 null")
    areas = serializers.IntegerField(help_text="가장 새 기간에 받은 지역 수")
    usual_areas = serializers.IntegerField(help_text="보통 받는 지역 수")
    ended = serializers.BooleanField(help_text="공표가 끝남")


class FeedStandingOut(serializers.Serializer):
    state = serializers.ChoiceField(FeedState.choices, help_text="오늘의 상태")
    last_period = MonthField(help_text="다 받은 마지막 기간. 없으면 null")
    next_period = MonthField(help_text="다음에 받을 기간")
    expected_by = serializers.DateField(help_text="받을 기한(쉬는 날을 피한 날)")
    series = FeedSeriesOut(many=True)


class FeedDetail(FeedRow):
    standing = FeedStandingOut(help_text="어디까지 들어왔는가")


class SuspectRow(Row):
    public_id = serializers.UUIDField(help_text="번호")
    area = serializers.CharField(source="area.code", help_text="통계 지역 코드")
    indicator = serializers.CharField(source="indicator.code", help_text="지표 코드")
    period = MonthField(help_text="기준월")
    value = ExactField(source="observation.value", max_digits=24, decimal_places=6, allow_null=True, help_text="값")
    unit = serializers.CharField(source="observation.unit", help_text="단위")
    change = serializers.DecimalField(20, 1, help_text="1년 전 대비(%)")
    limit = serializers.DecimalField(8, 1, help_text="기준(%)")
    origin = serializers.ChoiceField(SuspectOrigin.choices, help_text="알아낸 때")
    state = serializers.ChoiceField(SuspectState.choices, help_text="상태")
    note = serializers.CharField(allow_blank=True, help_text="확인한 내용")
    decided_by = Code("decided_by.login_id", help_text="확인한 사람")
    decided_at = serializers.DateTimeField(allow_null=True, help_text="확인 일시")
    updated_at = serializers.DateTimeField()


class DecisionIn(serializers.Serializer):
    deed = serializers.ChoiceField([("verify", "맞는 값"), ("reject", "틀린 값")], help_text="맞는 값인지 틀린 값인지")
    note = serializers.CharField(max_length=250, help_text="무엇을 보고 확인했는지(5자 이상)")
