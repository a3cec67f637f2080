"""The shapes in which entitlements are asked for and answered."""

import re
from typing import Any

from django.core.exceptions import ValidationError as FormFault
from rest_framework import serializers

from crisis.measures.enums import MeasureKind, StatusCode
from crisis.measures.selectors import Answer
from crisis.measures.services.asking import MOST_NUMBERS
from portal.kernel.rest.filters import MomentFormField
from portal.kernel.rest.rows import Row

TEN_DIGITS = re.compile(r"^[0-9]{10}$", re.ASCII)


class NumberField(serializers.CharField):
    """A business number; hyphens are taken out."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data).replace("-", "").strip()
        if not TEN_DIGITS.match(text):
            raise serializers.ValidationError("사업자등록번호는 숫자 10자리입니다.")
        return text


class KnownAtField(serializers.CharField):
    """A moment; a bare day means its last instant."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return MomentFormField(end=True).clean(super().to_internal_value(data))
        except FormFault as fault:
            raise serializers.ValidationError(fault.messages) from fault


class StrictSerializer(serializers.Serializer):
    """Names it does not know are refused: a misspelt condition must not give a wrong answer."""

    def to_internal_value(self, data: Any) -> Any:
        if strange := sorted(set(data) - set(self.fields)) if hasattr(data, "keys") else []:
            known = ", ".join(self.fields)
            raise serializers.ValidationError(
                {name: [f"모르는 조회 조건입니다. 쓸 수 있는 조건: {known}"] for name in strange}
            )
        return super().to_internal_value(data)


class EntitlementQuery(StrictSerializer):
    business_number = NumberField(help_text="사업자등록번호(숫자 10자리)")
    date = serializers.DateField(required=False, help_text="확인할 날. 없으면 오늘")
    measure = serializers.CharField(required=False, help_text="우대 제도 코드. 없으면 모든 제도")
    known_at = KnownAtField(
        required=False, help_text="이 시점에 확정·등록되어 있던 대로. 날짜만 적으면 그날의 끝. 없으면 지금"
    )


class EntitlementsIn(StrictSerializer):
    business_numbers = serializers.ListField(
        child=NumberField(), min_length=1, max_length=MOST_NUMBERS, help_text="사업자등록번호(1,000개까지)"
    )
    date = serializers.DateField(required=False, help_text="확인할 날. 없으면 오늘")
    measure = serializers.CharField(required=False, help_text="우대 제도 코드. 없으면 모든 제도")
    known_at = KnownAtField(required=False, help_text="이 시점에 확정·등록되어 있던 대로")


class EntitlementGroundOut(serializers.Serializer):
    status = serializers.ChoiceField(StatusCode.choices, help_text="단계나 지정")
    area = serializers.CharField(source="area_code", allow_null=True, help_text="통계 지역 코드")
    area_name = serializers.CharField(source="place", help_text="지역 이름")
    reference = serializers.CharField(help_text="결정한 회차나 공고")
    since = serializers.DateField(help_text="그 단계·지정이 시작한 날")
    valid_from = serializers.DateField(source="interval.start", help_text="이 까닭으로 대상이 된 첫날")
    valid_before = serializers.DateField(
        source="interval.before",
        allow_null=True,
        help_text="이 까닭으로는 대상이 아니게 되는 날. 정해지지 않았으면 null",
    )
    is_demo = serializers.BooleanField(help_text="예시 자료")


class EntitlementOut(serializers.Serializer):
    measure = serializers.CharField(source="measure.code", help_text="우대 제도 코드")
    name = serializers.CharField(source="measure.name_ko", help_text="우대 제도 이름")
    valid_from = serializers.DateField(source="interval.start", help_text="끊기지 않고 대상인 기간의 첫날")
    valid_before = serializers.DateField(
        source="interval.before", allow_null=True, help_text="대상이 아니게 되는 날. 정해지지 않았으면 null"
    )
    provisional = serializers.BooleanField(source="measure.provisional", help_text="조건이 잠정임")
    grounds = EntitlementGroundOut(many=True, help_text="그날 대상이 되게 한 까닭")


class EntitledPlaceOut(serializers.Serializer):
    asked = serializers.BooleanField(help_text="물은 번호의 사업장이면 true, 같은 기업의 다른 사업장이면 false")
    region = serializers.CharField(help_text="시·군·구")
    entitlements = EntitlementOut(many=True, help_text="그날 대상인 우대 제도")


class EntitlementAnswerOut(serializers.Serializer):
    business_number = serializers.CharField()
    entitled = serializers.BooleanField(help_text="그날 한 사업장이라도 우대 대상 지역에 있었으면 true")
    places = EntitledPlaceOut(many=True, help_text="우대 대상인 사업장")


class EntitlementAnswersOut(serializers.Serializer):
    date = serializers.DateField(help_text="확인한 날")
    known_at = serializers.DateTimeField(allow_null=True, help_text="이 시점에 알려져 있던 대로. 지금이면 null")
    results = EntitlementAnswerOut(many=True, help_text="물은 순서대로")


class MeasureRow(Row):
    code = serializers.CharField(help_text="우대 제도 코드")
    kind = serializers.ChoiceField(MeasureKind.choices, help_text="구분")
    name_ko = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    provider = serializers.CharField(source="provider_name", help_text="운영 기관")
    benefit = serializers.CharField(allow_blank=True, help_text="우대 내용")
    basis = serializers.CharField(help_text="근거")
    statuses = serializers.ListField(
        child=serializers.ChoiceField(StatusCode.choices), help_text="대상이 되는 단계·지정"
    )
    lag_before_days = serializers.IntegerField(help_text="단계·지정의 시작부터 대상이 되기까지의 날 수")
    lag_after_days = serializers.IntegerField(help_text="단계·지정이 끝난 뒤에도 대상인 날 수")
    outside_capital = serializers.BooleanField(help_text="수도권 사업장은 제외")
    valid_from = serializers.DateField(source="effective.lower", help_text="이 조건의 첫날")
    valid_before = serializers.DateField(
        source="effective.upper", allow_null=True, help_text="이 조건이 끝난 다음 날. 정해지지 않았으면 null"
    )
    provisional = serializers.BooleanField(help_text="공식 조건을 확인하지 못한 잠정 기준")


def plain(answer: Answer) -> dict[str, Any]:
    """An answer as JSON-ready data. Places without an entitlement stay inside the portal, whoever asks."""
    places = tuple(place for place in answer.places if place.entitlements)
    return dict(EntitlementAnswerOut(Answer(answer.business_number, places)).data)
