from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClusterKind(TextChoices):
    """Kinds of places of decree §14①; industrial complexes are its item 3."""

    NATIONAL = "NATIONAL", _("국가산업단지")
    GENERAL = "GENERAL", _("일반산업단지")
    URBAN_HIGHTECH = "URBAN_HIGHTECH", _("도시첨단산업단지")
    AGRO = "AGRO", _("농공단지")
    MICRO_MANUFACTURERS = "MICRO_MANUFACTURERS", _("도시형소공인 집적지구")
    VENTURE = "VENTURE", _("벤처기업 집적시설·촉진지구")
    KNOWLEDGE_CENTRE = "KNOWLEDGE_CENTRE", _("지식산업센터")
    SHOPPING_STREET = "SHOPPING_STREET", _("상점가")
    MARKET = "MARKET", _("전통시장·상권활성화구역")
    ZONED = "ZONED", _("공업지역·특구")


class CompanyKind(TextChoices):
    CORPORATION = "CORPORATION", _("법인")
    INDIVIDUAL = "INDIVIDUAL", _("개인")


class CompanySize(TextChoices):
    MICRO = "MICRO", _("소상공인")
    SMALL = "SMALL", _("소기업")
    MEDIUM = "MEDIUM", _("중기업")
    MID_SIZED = "MID_SIZED", _("중견기업")
    LARGE = "LARGE", _("대기업")
    UNKNOWN = "UNKNOWN", _("미확인")


class CeilingKind(TextChoices):
    """Which ceiling of sales: of decree table 1 (중소기업) or table 3 (소기업)."""

    SME = "SME", _("중소기업")
    SMALL = "SMALL", _("소기업")


class OperatingState(TextChoices):
    OPERATING = "OPERATING", _("계속")
    SUSPENDED = "SUSPENDED", _("휴업")
    CLOSED = "CLOSED", _("폐업")


class NameKind(TextChoices):
    FORMER = "FORMER", _("옛 이름")
    ALIAS = "ALIAS", _("다른 표기")
    BRAND = "BRAND", _("상표·약칭")


class FigureSource(TextChoices):
    """Where a year's figures come from, the most trusted first: `yearly` takes them in this order."""

    AUDIT = "AUDIT", _("감사보고서·공시")
    TAX = "TAX", _("국세 신고자료")
    SURVEY = "SURVEY", _("실태조사")
    APPLICATION = "APPLICATION", _("지원 신청서")
    TECHNOPARK = "TECHNOPARK", _("테크노파크 조사")
    COMPANY = "COMPANY", _("기업 제출")
    OTHER = "OTHER", _("그 밖")


class FigureStatus(TextChoices):
    PRELIM = "PRELIM", _("잠정치")
    FINAL = "FINAL", _("확정치")


class CertificationKind(TextChoices):
    VENTURE = "VENTURE", _("벤처기업")
    INNOBIZ = "INNOBIZ", _("이노비즈")
    MAINBIZ = "MAINBIZ", _("메인비즈")
    ROOT = "ROOT", _("뿌리기업")
    MATERIALS = "MATERIALS", _("소재·부품·장비 전문기업")
    LAB = "LAB", _("기업부설연구소")
    RND_UNIT = "RND_UNIT", _("연구개발전담부서")
    OTHER = "OTHER", _("그 밖의 인증")


class PatentKind(TextChoices):
    PATENT = "PATENT", _("특허")
    UTILITY = "UTILITY", _("실용신안")
    DESIGN = "DESIGN", _("디자인")
    TRADEMARK = "TRADEMARK", _("상표")


class DifferenceState(TextChoices):
    PENDING = "PENDING", _("확인 대기")
    ACCEPTED = "ACCEPTED", _("받아들임")
    REJECTED = "REJECTED", _("받아들이지 않음")
    OUTDATED = "OUTDATED", _("새 자료로 바뀜")


DIFFERENCE_NEXT_STATES: dict[str, frozenset[str]] = {
    DifferenceState.PENDING: frozenset({DifferenceState.ACCEPTED, DifferenceState.REJECTED, DifferenceState.OUTDATED}),
    DifferenceState.ACCEPTED: frozenset(),
    DifferenceState.REJECTED: frozenset(),
    DifferenceState.OUTDATED: frozenset(),
}
