"""The shapes in which the directory leaves the portal."""

from rest_framework import serializers

from portal.directory.enums import OrganizationKind, RegionLevel, SuccessionKind
from portal.kernel.rest.rows import Code, Row


class RegionRow(Row):
    scheme = serializers.CharField(help_text="코드 체계 (MOIS: 행정표준코드, PORTAL: 포털의 코드)")
    code = serializers.CharField(help_text="지역 코드. 한 번 쓴 코드는 다시 쓰지 않습니다")
    level = serializers.ChoiceField(RegionLevel.choices, help_text="구분")
    name_ko = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    short_name_ko = serializers.CharField(allow_blank=True)
    parent_scheme = Code("parent.scheme")
    parent = Code("parent.code", help_text="상위 지역 코드")  # type: ignore[assignment]  # a declared field is taken off the class
    valid_from = serializers.DateField(source="effective.lower", allow_null=True, help_text="쓰이기 시작한 날")
    valid_before = serializers.DateField(
        source="effective.upper", allow_null=True, help_text="쓰이지 않게 된 날(이 날부터 없음). 지금도 쓰이면 null"
    )
    capital_area = serializers.BooleanField(help_text="수도권")
    provisional = serializers.BooleanField(help_text="잠정: 공식 자료로 확인되지 않음")
    latitude = serializers.DecimalField(max_digits=8, decimal_places=5, allow_null=True)
    longitude = serializers.DecimalField(max_digits=8, decimal_places=5, allow_null=True)
    note = serializers.CharField(allow_blank=True)


class SuccessionOut(serializers.Serializer):
    """What a region was before, or became, on a day."""

    scheme = serializers.CharField(source="other.scheme")
    code = serializers.CharField(source="other.code")
    name_ko = serializers.CharField(source="other.name_ko")
    on = serializers.DateField(help_text="바뀐 날")
    kind = serializers.ChoiceField(SuccessionKind.choices)
    provisional = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)


class OtherCodeOut(serializers.Serializer):
    scheme = serializers.CharField()
    code = serializers.CharField()


class ResponsibleOut(serializers.Serializer):
    """A body that answers for the region today."""

    code = serializers.CharField(source="organization.code")
    kind = serializers.ChoiceField(OrganizationKind.choices, source="organization.kind")
    name_ko = serializers.CharField(source="organization.name_ko")
    provisional = serializers.BooleanField()


class RegionDetail(RegionRow):
    predecessors = SuccessionOut(many=True, help_text="이전 지역")
    successors = SuccessionOut(many=True, help_text="이어받은 지역")
    other_codes = OtherCodeOut(many=True, help_text="다른 체계의 코드")
    other_names = serializers.ListField(child=serializers.CharField(), source="name_list", help_text="다른 이름")
    responsible = ResponsibleOut(many=True, help_text="지금 관할하는 기관")
