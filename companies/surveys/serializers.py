"""Rows of the API. They hold more than columns, so the viewsets fill them."""

from rest_framework import serializers

from companies.enums import ClusterKind
from companies.surveys.enums import IndustryKind
from portal.kernel.rest.rows import Row


class ClusterTenantRow(Row):
    """Tenants of a cluster on a day; null where the reader may not see so small a count."""

    code = serializers.CharField(help_text="밀집지역 코드")
    kind = serializers.ChoiceField(ClusterKind.choices, help_text="종류")
    name_ko = serializers.CharField()
    region_scheme = serializers.CharField(source="region.scheme")
    region = serializers.CharField(source="region.code", help_text="시·군·구 코드")
    on = serializers.DateField(help_text="센 날")
    tenants = serializers.IntegerField(allow_null=True, help_text="입주한 사업장. 비공개면 null")
    operating = serializers.IntegerField(allow_null=True, help_text="그 가운데 가동. 비공개면 null")
    region_tenants = serializers.IntegerField(allow_null=True, help_text="시·군·구 밀집지역의 합계. 비공개면 null")
    suppressed = serializers.BooleanField(help_text="비공개인 수가 있음")


class RegionalIndustryRow(Row):
    """An industry regions are built on, with its regions and KSIC codes."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(IndustryKind.choices, help_text="구분")
    name_ko = serializers.CharField()
    regions = serializers.ListField(child=serializers.CharField(), help_text="시·도 코드")
    ksic = serializers.ListField(
        child=serializers.CharField(), help_text="표준산업분류 코드(차수:코드). 모르면 비어 있음"
    )
    valid_from = serializers.DateField(allow_null=True)
    valid_before = serializers.DateField(allow_null=True, help_text="끝난 다음 날")
    provisional = serializers.BooleanField(help_text="확인 전이면 참")
    source = serializers.CharField(help_text="출처")  # type: ignore[assignment]
    note = serializers.CharField(allow_blank=True)
