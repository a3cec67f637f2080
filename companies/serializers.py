"""The shapes in which clusters leave the portal."""

from rest_framework import serializers

from companies.enums import ClusterKind
from portal.kernel.rest.rows import Code, Row


class ClusterRow(Row):
    code = serializers.CharField(help_text="밀집지역 코드")
    kind = serializers.ChoiceField(ClusterKind.choices, help_text="종류")
    name_ko = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    region_scheme = serializers.CharField(source="region.scheme")
    region = serializers.CharField(source="region.code", help_text="시·군·구 코드")
    parent = Code("parent.code", help_text="본단지의 코드. 딸린 구역이면 통계는 본단지에 포함")
    legal_item = serializers.CharField(allow_blank=True, help_text="근거 조항")
    status = serializers.CharField(allow_blank=True, help_text="조성 상태")
    valid_from = serializers.DateField(source="effective.lower", allow_null=True)
    valid_before = serializers.DateField(source="effective.upper", allow_null=True, help_text="끝난 다음 날")
    source = serializers.CharField(allow_blank=True, help_text="출처")
    note = serializers.CharField(allow_blank=True)


class ClusterDetail(ClusterRow):
    children = serializers.SerializerMethodField(help_text="딸린 구역의 코드")

    def get_children(self, cluster: object) -> list[str]:
        return [child.code for child in cluster.parts]  # type: ignore[attr-defined]
