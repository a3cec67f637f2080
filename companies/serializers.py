"""The shapes in which clusters and companies leave the portal and come in."""

from rest_framework import serializers

from companies.enums import (
    CertificationKind,
    ClusterKind,
    CompanyKind,
    CompanySize,
    FigureSource,
    FigureStatus,
    NameKind,
    OperatingState,
)
from portal.kernel.rest.rows import Code, Row


class ClusterRow(Row):
    code = serializers.CharField(help_text="밀집지역 코드")
    kind = serializers.ChoiceField(ClusterKind.choices, help_text="종류")
    name_ko = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    region_scheme = serializers.CharField(source="region.scheme")
    region = serializers.CharField(source="region.code", help_text="시·군·구 코드")
    # (assignment: a declared field is taken off the class, so it hides nothing of the framework's)
    parent = Code(  # type: ignore[assignment]
        "parent.code", help_text="본단지의 코드. 딸린 구역이면 통계는 본단지에 포함"
    )
    legal_item = serializers.CharField(allow_blank=True, help_text="근거 조항")
    status = serializers.CharField(allow_blank=True, help_text="조성 상태")
    valid_from = serializers.DateField(source="effective.lower", allow_null=True)
    valid_before = serializers.DateField(source="effective.upper", allow_null=True, help_text="끝난 다음 날")
    source = serializers.CharField(allow_blank=True, help_text="출처")  # type: ignore[assignment]
    note = serializers.CharField(allow_blank=True)


class ClusterDetail(ClusterRow):
    children = serializers.SerializerMethodField(help_text="딸린 구역의 코드")

    def get_children(self, cluster: object) -> list[str]:
        return [child.code for child in cluster.parts]  # type: ignore[attr-defined]


def _seat(source: str, help_text: str) -> serializers.CharField:
    return serializers.CharField(source=source, allow_null=True, help_text=help_text)


class CompanyRow(Row):
    """A company with its headquarters. People are masked unless asked for plainly."""

    public_id = serializers.UUIDField(help_text="기업 번호. 합쳐져도 옛 번호가 남은 기업으로 이어집니다")
    business_number = _seat("seat_number", "본사의 사업자등록번호(숫자 10자리)")
    name_ko = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    corporate_number = serializers.CharField(allow_blank=True, help_text="법인등록번호(숫자 13자리)")
    kind = serializers.ChoiceField(CompanyKind.choices, help_text="기업 유형")
    size = serializers.ChoiceField(CompanySize.choices, help_text="기업 규모")
    state = serializers.ChoiceField(OperatingState.choices, help_text="영업 상태")
    founded_on = serializers.DateField(allow_null=True)
    industry_revision = serializers.IntegerField(source="industry.revision", allow_null=True, help_text="산업분류 차수")
    industry = Code("industry.code", help_text="업종코드")
    main_product = serializers.CharField(allow_blank=True)
    homepage = serializers.CharField(allow_blank=True)
    region_scheme = _seat("seat_scheme", "본사 지역의 코드 체계")
    region = _seat("seat_region", "본사의 시·군·구 코드")
    address = _seat("seat_address", "본사 주소")
    lead_region = Code("lead_region.code", help_text="여러 지역에 걸친 기업의 주관 시·도 코드")
    representative = serializers.CharField(allow_blank=True, help_text="대표자(가림)")
    contact_name = serializers.CharField(allow_blank=True, help_text="담당자(가림)")
    phone = serializers.CharField(allow_blank=True, help_text="전화(가림)")
    email = serializers.CharField(allow_blank=True, help_text="전자우편(가림)")
    merged_into = serializers.UUIDField(
        source="merged_into.public_id",
        allow_null=True,
        help_text="합쳐졌으면 남은 기업의 번호. 이 기업은 더 쓰이지 않습니다",
    )
    version = serializers.IntegerField(help_text="판. 고칠 때마다 하나씩 늘어남")
    updated_at = serializers.DateTimeField()


class OtherNameOut(serializers.Serializer):
    name = serializers.CharField()
    kind = serializers.ChoiceField(NameKind.choices)
    until = serializers.DateField(allow_null=True, help_text="쓰인 마지막 날")


class CertificationOut(serializers.Serializer):
    kind = serializers.ChoiceField(CertificationKind.choices)
    number = serializers.CharField(allow_blank=True)
    issuer = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateField(source="effective.lower", allow_null=True)
    valid_before = serializers.DateField(source="effective.upper", allow_null=True, help_text="끝난 다음 날")


class WorkplaceRow(Row):
    company = serializers.UUIDField(source="company.public_id", help_text="기업 번호")
    business_number = serializers.CharField(allow_blank=True, help_text="사업자등록번호. 본사 번호를 함께 쓰면 빈칸")
    name = serializers.CharField(allow_blank=True)
    is_headquarters = serializers.BooleanField(help_text="본사")
    region_scheme = serializers.CharField(source="region.scheme")
    region = serializers.CharField(source="region.code", help_text="시·군·구 코드")
    address = serializers.CharField(allow_blank=True)
    clusters = serializers.ListField(
        child=serializers.CharField(), source="cluster_codes", help_text="오늘 입주해 있는 밀집지역의 코드"
    )
    valid_from = serializers.DateField(source="effective.lower", allow_null=True, help_text="연 날")
    valid_before = serializers.DateField(source="effective.upper", allow_null=True, help_text="닫은 다음 날")
    version = serializers.IntegerField(help_text="판")
    updated_at = serializers.DateTimeField()


class CompanyDetail(CompanyRow):
    workplaces = WorkplaceRow(many=True, help_text="사업장")
    other_names = OtherNameOut(many=True, help_text="옛 이름과 다른 표기")
    certifications = CertificationOut(many=True, help_text="인증")


class CompanyFiguresRow(Row):
    """What one source says of one year: won, but `employees`."""

    company = serializers.UUIDField(source="company.public_id", help_text="기업 번호")
    year = serializers.IntegerField()
    source = serializers.ChoiceField(FigureSource.choices, help_text="출처")  # type: ignore[assignment]
    status = serializers.ChoiceField(FigureStatus.choices, help_text="확정 여부")
    as_of = serializers.DateField(allow_null=True, help_text="기준일")
    sales = serializers.IntegerField(allow_null=True, help_text="매출액(원)")
    exports_direct = serializers.IntegerField(allow_null=True, help_text="직접수출액(원)")
    exports_indirect = serializers.IntegerField(allow_null=True, help_text="간접수출액(원)")
    rnd = serializers.IntegerField(allow_null=True, help_text="연구개발비(원)")
    operating_profit = serializers.IntegerField(allow_null=True, help_text="영업이익(원)")
    assets = serializers.IntegerField(allow_null=True, help_text="자산총계(원)")
    employees = serializers.IntegerField(allow_null=True, help_text="상시근로자(명)")
    version = serializers.IntegerField(help_text="판")
    updated_at = serializers.DateTimeField()


class YearOut(serializers.Serializer):
    """A year, each figure from the best source that has it."""

    year = serializers.IntegerField()
    sales = serializers.IntegerField(allow_null=True, help_text="매출액(원)")
    exports_direct = serializers.IntegerField(allow_null=True)
    exports_indirect = serializers.IntegerField(allow_null=True)
    rnd = serializers.IntegerField(allow_null=True)
    operating_profit = serializers.IntegerField(allow_null=True)
    assets = serializers.IntegerField(allow_null=True)
    employees = serializers.IntegerField(allow_null=True)
    sources = serializers.DictField(child=serializers.CharField(), help_text="항목마다의 출처")
    preliminary = serializers.ListField(child=serializers.CharField(), help_text="잠정치인 항목")


class CompanyFiguresOut(serializers.Serializer):
    company = serializers.UUIDField(help_text="기업 번호")
    years = YearOut(many=True, help_text="오래된 해부터")


class CompanyIn(serializers.Serializer):
    """One company with its headquarters. What is left out stays as it is; '' takes a value away."""

    business_number = serializers.CharField(help_text="본사의 사업자등록번호. 이 번호로 있는 기업을 찾습니다")
    name_ko = serializers.CharField(required=False, help_text="기업명. 새 기업에는 꼭")
    name_en = serializers.CharField(required=False, allow_blank=True)
    corporate_number = serializers.CharField(required=False, allow_blank=True)
    kind = serializers.ChoiceField(CompanyKind.choices, required=False)
    size = serializers.ChoiceField(CompanySize.choices, required=False)
    founded_on = serializers.DateField(required=False)
    industry = serializers.CharField(required=False, allow_blank=True, help_text="업종코드")
    main_product = serializers.CharField(required=False, allow_blank=True)
    representative = serializers.CharField(required=False, allow_blank=True)
    contact_name = serializers.CharField(required=False, allow_blank=True)
    phone = serializers.CharField(required=False, allow_blank=True)
    email = serializers.CharField(required=False, allow_blank=True)
    homepage = serializers.CharField(required=False, allow_blank=True)
    region = serializers.CharField(required=False, help_text="본사의 시·군·구 코드나 이름. 새 기업에는 꼭")
    address = serializers.CharField(required=False, allow_blank=True)
    number_reason = serializers.CharField(required=False, allow_blank=True, help_text="검증번호가 맞지 않는 사유")


class CompaniesIn(serializers.Serializer):
    rows = CompanyIn(many=True, help_text="1,000건까지")


class CompanyOutcomeOut(serializers.Serializer):
    row = serializers.IntegerField(help_text="순번(0부터)")
    outcome = serializers.ChoiceField([("new", "새로"), ("changed", "바뀜"), ("same", "같음"), ("error", "오류")])
    public_id = serializers.UUIDField(required=False, help_text="기업 번호. 오류가 아니면 언제나")
    fields = serializers.ListField(  # type: ignore[assignment]
        child=serializers.CharField(), required=False, help_text="바뀐 항목"
    )
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="항목별 잘못"
    )
    warnings = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="항목별 확인할 점"
    )


class CompaniesOut(serializers.Serializer):
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()
    error = serializers.IntegerField()
    rows = CompanyOutcomeOut(many=True)
