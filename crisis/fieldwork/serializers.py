"""What the API says of field surveys."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from companies.enums import CompanySize
from crisis.fieldwork.enums import CampaignKind, CampaignState, CellKind, UnitOrigin, UnitState
from crisis.fieldwork.models import Campaign
from crisis.fieldwork.selectors import response_rates
from portal.kernel.rest.rows import Code, ExactField, MonthField, Row


class FieldCampaignRow(Row):
    code = serializers.CharField(help_text="조사 번호")
    title = serializers.CharField(help_text="이름")
    sido = Code("sido.code", help_text="시·도 코드")
    body = Code("body.code", help_text="조사 기관 코드")
    kind = serializers.ChoiceField(CampaignKind.choices, help_text="구분")
    quarter = MonthField(allow_null=True, help_text="조사 분기의 마지막 달. 수시 조사는 null")
    form = Code("form.code", help_text="양식 코드")
    form_version = serializers.IntegerField(source="form.version", help_text="양식의 판")
    provisional = serializers.BooleanField(source="form.provisional", help_text="잠정 양식인지")
    state = serializers.ChoiceField(CampaignState.choices, help_text="상태")
    opens_on = serializers.DateField(help_text="여는 날")
    closes_on = serializers.DateField(help_text="정한 마감일")
    closes_due = serializers.DateField(help_text="실제 마감일(쉬는 날이면 다음 근무일)")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="마감 일시")
    updated_at = serializers.DateTimeField()


class FedOut(serializers.Serializer):
    cluster = serializers.CharField(help_text="밀집지역 코드")
    name = serializers.CharField(help_text="이름")
    value = serializers.CharField(allow_null=True, help_text="지표로 낸 값. 내지 않았으면 null")
    why = serializers.CharField(help_text="설명")


class FieldCampaignDetail(FieldCampaignRow):
    purpose = serializers.CharField(help_text="목적")
    people = serializers.CharField(help_text="대상")
    content = serializers.CharField(help_text="내용")
    clusters = serializers.SerializerMethodField(help_text="조사하는 밀집지역 코드")
    asked = serializers.SerializerMethodField(help_text="물은 곳(휴·폐업으로 확인된 곳은 뺌)")
    response_rate = serializers.SerializerMethodField(help_text="응답률(%). 물은 곳이 없으면 null")
    fed = serializers.SerializerMethodField(help_text="마지막 확정에서 밀집지역별로 지표로 낸 값")

    def get_clusters(self, campaign: Campaign) -> list[str]:
        return list(campaign.clusters.order_by("cluster__code").values_list("cluster__code", flat=True))

    def get_asked(self, campaign: Campaign) -> int:
        return response_rates(campaign).total.asked

    def get_response_rate(self, campaign: Campaign) -> str | None:
        rate = response_rates(campaign).total.rate
        return None if rate is None else str(rate)

    @extend_schema_field(FedOut(many=True))
    def get_fed(self, campaign: Campaign) -> list[dict[str, Any]]:
        last = campaign.confirmations.order_by("-number").first()
        return list(last.fed) if last else []


class FieldResultRow(Row):
    campaign = Code("campaign.code", help_text="조사 번호")
    quarter = MonthField(source="campaign.quarter", allow_null=True, help_text="조사 분기의 마지막 달")
    cluster = Code("place.cluster.code", help_text="밀집지역 코드. 모두 합친 수치는 null")
    kind = serializers.ChoiceField(CellKind.choices, help_text="종류")
    question = serializers.CharField(allow_blank=True, help_text="항목 코드")
    option = serializers.CharField(allow_blank=True, help_text="선택지 코드")
    name = serializers.CharField(source="label", help_text="이름")
    hidden = serializers.BooleanField(help_text="true면 응답이 적어 비공개. 수치는 null")
    base = serializers.IntegerField(source="shown_base", allow_null=True, help_text="응답 수")
    count = serializers.IntegerField(source="shown_count", allow_null=True, help_text="고른 수")
    value = ExactField(
        source="shown_value", max_digits=6, decimal_places=1, allow_null=True,
        help_text="INDEX는 경기실사지수(0~200, 100이 보통), CHOSEN은 비율(%)",
    )  # fmt: skip


class FieldAnswerRow(Row):
    campaign = Code("campaign.code", help_text="조사 번호")
    number = serializers.CharField(help_text="표본 번호")
    business_number = serializers.CharField(
        source="workplace.business_number", allow_blank=True, help_text="사업자등록번호"
    )
    cluster = Code("place.cluster.code", help_text="밀집지역 코드")
    size = serializers.ChoiceField(CompanySize.choices, help_text="뽑을 때의 기업 규모")
    origin = serializers.ChoiceField(UnitOrigin.choices, help_text="표본에 든 경로")
    state = serializers.ChoiceField(UnitState.choices, help_text="상태")
    version = serializers.IntegerField(help_text="판")
    answers = serializers.JSONField(help_text="항목 코드와 답. 복수 응답은 선택지 코드의 목록")
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="제출 일시")
    updated_at = serializers.DateTimeField()
