"""The shapes in which tiers leave the portal."""

from rest_framework import serializers

from companies.tiers.enums import CancelGround, CaseKind, Tier, Track
from portal.kernel.rest.rows import Code, Row


class TierRow(Row):
    """A firm's tier in force on the day asked for, as known at the moment asked for."""

    company = serializers.UUIDField(source="company.public_id", help_text="기업 번호")
    company_name = serializers.CharField(source="company.name_ko", help_text="기업명")
    business_number = Code(help_text="본사 사업자등록번호. 없으면 null")
    track = serializers.ChoiceField(Track.choices, help_text="구분")
    tier = serializers.ChoiceField(Tier.choices, help_text="등급")
    region_scheme = serializers.CharField(source="region.scheme")
    region = serializers.CharField(source="region.code", help_text="관할 시·도 코드")
    valid_from = serializers.DateField(source="effective.lower", help_text="효력 시작일")
    valid_before = serializers.DateField(
        source="effective.upper", allow_null=True, help_text="끝난 다음 날. 정해지지 않았으면 null"
    )
    recorded_at = serializers.DateTimeField(help_text="포털이 이 사실을 기록한 때")
    superseded_at = serializers.DateTimeField(
        allow_null=True, help_text="다른 기록으로 대체된 때. 지금도 유효하면 null"
    )
    case = serializers.UUIDField(source="case.public_id", help_text="근거 심사")
    case_kind = serializers.ChoiceField(CaseKind.choices, source="case.kind", help_text="근거 심사의 종류")
    criteria = Code("case.criteria.code", help_text="적용 기준")
    criteria_sha256 = Code("case.criteria.sha256", help_text="적용 기준의 SHA-256")
    is_demo = serializers.BooleanField(help_text="예시 자료")


class LeadingRow(Row):
    """A designation as 지역혁신 선도기업 with its certificate number's parts."""

    certificate_year = serializers.IntegerField(help_text="선정 연도(선정서 번호의 앞부분)")
    certificate_serial = serializers.IntegerField(help_text="일련번호(선정서 번호의 뒷부분, 네 자리)")
    company = serializers.UUIDField(source="company.public_id", help_text="기업 번호")
    company_name = serializers.CharField(source="company.name_ko", help_text="기업명")
    business_number = Code(help_text="본사 사업자등록번호. 없으면 null")
    region_scheme = serializers.CharField(source="region.scheme")
    region = serializers.CharField(source="region.code", help_text="선정 시·도 코드")
    starts_on = serializers.DateField(help_text="유효 기간 시작일")
    ends_on = serializers.DateField(help_text="처음 정한 유효 기간이 끝난 다음 날")
    extended_until = serializers.DateField(allow_null=True, help_text="연장 기간이 끝난 다음 날")
    cancelled_on = serializers.DateField(allow_null=True, help_text="취소일")
    cancel_ground = Code(help_text="취소 사유 구분: " + ", ".join(CancelGround.values))
    notice = serializers.CharField(help_text="선정 고시")
    reason = serializers.CharField(help_text="선정 사유")
    is_demo = serializers.BooleanField(help_text="예시 자료")
