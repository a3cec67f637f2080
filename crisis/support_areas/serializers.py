"""What the API says of special support areas."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crisis.support_areas.enums import CaseState, Ground, Initiative, TermKind
from crisis.support_areas.models import SupportCase, Term
from portal.kernel.rest.rows import Code, Row


class SupportTermOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=TermKind.choices, help_text="지정 또는 연장")
    first_day = serializers.DateField(help_text="첫날")
    last_day = serializers.DateField(help_text="마지막 날. 해제되었으면 해제 전날")
    planned_until = serializers.DateField(help_text="결정할 때 정한 마지막 날")
    notice_number = serializers.CharField(allow_blank=True, help_text="관보 공고 번호")
    notice_on = serializers.DateField(allow_null=True, help_text="관보 공고일")


class SupportPlaceOut(serializers.Serializer):
    region = serializers.CharField(allow_null=True, help_text="시·군·구 코드")
    cluster = serializers.CharField(allow_null=True, help_text="밀집지역 코드")
    name = serializers.CharField(help_text="이름")


class SupportCaseRow(Row):
    code = serializers.CharField(help_text="번호")
    name = serializers.CharField(help_text="지역 이름")
    sido = Code("sido.code", help_text="시·도 코드")
    ground = serializers.ChoiceField(choices=Ground.choices, help_text="지정 사유")
    initiative = serializers.ChoiceField(choices=Initiative.choices, help_text="신청 또는 직권")
    state = serializers.ChoiceField(choices=CaseState.choices, help_text="상태")
    first_day = serializers.DateField(allow_null=True, help_text="지정 첫날")
    last_day = serializers.DateField(allow_null=True, help_text="연장까지 넣어 정한 마지막 날")
    released_on = serializers.DateField(allow_null=True, help_text="해제일")
    incentive_until = serializers.DateField(allow_null=True, help_text="해제 인센티브의 마지막 날")


class SupportCaseDetail(SupportCaseRow):
    places = serializers.SerializerMethodField(help_text="대상 지역")
    terms = serializers.SerializerMethodField(help_text="지정 기간")

    @extend_schema_field(SupportPlaceOut(many=True))
    def get_places(self, case: SupportCase) -> list[dict[str, Any]]:
        return [
            {
                "region": one.region.code if one.region else None,
                "cluster": one.cluster.code if one.cluster else None,
                "name": str(one),
            }
            for one in case.places.all()
        ]

    @extend_schema_field(SupportTermOut(many=True))
    def get_terms(self, case: SupportCase) -> list[dict[str, Any]]:
        terms: list[Term] = list(case.terms.all())
        found: list[dict[str, Any]] = list(SupportTermOut(terms, many=True).data)
        return found
