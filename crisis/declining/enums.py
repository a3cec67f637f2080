"""Words and workflow of regions in decline."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeclineKind(TextChoices):
    """How the state lists a 시·군·구 for its falling population."""

    DECLINE = "DECLINE", _("인구감소지역")
    WATCH = "WATCH", _("인구감소 관심지역")


class ComplexField(TextChoices):
    """What is done for a rural complex (농공단지)."""

    IMAGE = "IMAGE", _("낙후 이미지 개선")
    PRODUCT = "PRODUCT", _("특화상품 개발")
    PEOPLE = "PEOPLE", _("인력 지원")
    FACILITY = "FACILITY", _("노후 기반시설 정비")
    MARKET = "MARKET", _("판로 지원")
    SAFETY = "SAFETY", _("환경·안전")
    OTHER = "OTHER", _("그 밖")


class MeasureState(TextChoices):
    NEED = "NEED", _("필요 확인")
    PLANNED = "PLANNED", _("계획")
    RUNNING = "RUNNING", _("추진 중")
    DONE = "DONE", _("완료")
    DROPPED = "DROPPED", _("중단")


# Tuples: they stand in constraints, whose text must be the same in every process.
MEASURED = (MeasureState.PLANNED, MeasureState.RUNNING, MeasureState.DONE)
MEASURE_NEXT: dict[str, frozenset[str]] = {
    MeasureState.NEED: frozenset({MeasureState.PLANNED, MeasureState.RUNNING, MeasureState.DROPPED}),
    MeasureState.PLANNED: frozenset({MeasureState.RUNNING, MeasureState.DONE, MeasureState.DROPPED}),
    MeasureState.RUNNING: frozenset({MeasureState.DONE, MeasureState.DROPPED}),
    MeasureState.DONE: frozenset(),
    MeasureState.DROPPED: frozenset({MeasureState.NEED}),
}
SOURCES = ("national", "sido", "sigungu", "private")
SOURCE_WORDS = {"national": _("국비"), "sido": _("시·도비"), "sigungu": _("시·군·구비"), "private": _("민간")}


class ResourceKind(TextChoices):
    PRODUCT = "PRODUCT", _("지역 특산물")
    INDUSTRY = "INDUSTRY", _("밀집 업종")
    CRAFT = "CRAFT", _("전통 기술·문화")
    NATURE = "NATURE", _("자연·관광 자원")
    OTHER = "OTHER", _("그 밖")


class FirmRole(TextChoices):
    """What a firm does with a local resource."""

    GROWER = "GROWER", _("원료 생산")
    MAKER = "MAKER", _("제조·가공")
    SELLER = "SELLER", _("유통·판매")
    VISITOR = "VISITOR", _("체험·관광")
    RESEARCH = "RESEARCH", _("연구·시험")
    OTHER = "OTHER", _("그 밖")


class SupportKind(TextChoices):
    """Support for SMEs that goes with a project or a resource (plan ⑨)."""

    COMMERCIALISE = "COMMERCIALISE", _("사업화")
    UPGRADE = "UPGRADE", _("제품 고도화")
    TRAINING = "TRAINING", _("인력 교육")
    FUNDS = "FUNDS", _("자금")
    MARKET = "MARKET", _("판로")
    OTHER = "OTHER", _("그 밖")


class ZoneKind(TextChoices):
    """What a special zone is for: the portal's own grouping."""

    LOCAL_PRODUCT = "LOCAL_PRODUCT", _("향토 자원")
    INDUSTRY = "INDUSTRY", _("산업·연구")
    LOGISTICS = "LOGISTICS", _("유통·물류")
    TOURISM = "TOURISM", _("관광·레저")
    EDUCATION = "EDUCATION", _("교육")
    WELFARE = "WELFARE", _("의료·복지")
    OTHER = "OTHER", _("그 밖")


class ExceptionCode(TextChoices):
    """Which law a special zone is excepted from: the portal's own grouping, the words of each stand in its text."""

    FARMLAND = "FARMLAND", _("농지")
    FOREST = "FOREST", _("산지")
    ROAD = "ROAD", _("도로·교통")
    OUTDOOR_AD = "OUTDOOR_AD", _("옥외광고")
    FOOD = "FOOD", _("식품 표시·위생")
    LIQUOR = "LIQUOR", _("주류")
    PATENT = "PATENT", _("특허 심사")
    EDUCATION = "EDUCATION", _("학교·교육")
    IMMIGRATION = "IMMIGRATION", _("출입국·체류")
    MEDICAL = "MEDICAL", _("의료·복지")
    PUBLIC_PROPERTY = "PUBLIC_PROPERTY", _("공유재산")
    OTHER = "OTHER", _("그 밖")


class ProjectField(TextChoices):
    INDUSTRY = "INDUSTRY", _("산업·일자리")
    HOUSING = "HOUSING", _("주거·정주")
    CULTURE = "CULTURE", _("문화·관광")
    CARE = "CARE", _("교육·보육·의료")
    FARMING = "FARMING", _("농림·수산")
    OTHER = "OTHER", _("그 밖")


class Ministry(TextChoices):
    """Whose money it is, and who looks at a draft. MOIS is the fund itself (지방소멸대응기금)."""

    MOIS = "MOIS", _("행정안전부(기금)")
    MSS = "MSS", _("중소벤처기업부")
    MAFRA = "MAFRA", _("농림축산식품부")
    MOTIE = "MOTIE", _("산업통상부")
    MOEL = "MOEL", _("고용노동부")
    OTHER = "OTHER", _("그 밖의 부처")
    LOCAL = "LOCAL", _("지방비")
    PRIVATE = "PRIVATE", _("민간")


#: Both must have looked at a draft before it can be agreed (행안부–중기부 공동기획).
REVIEWERS = (Ministry.MOIS, Ministry.MSS)


class ProjectState(TextChoices):
    DRAFT = "DRAFT", _("작성 중")
    REVIEW = "REVIEW", _("공동 검토")
    RETURNED = "RETURNED", _("보완 요청")
    AGREED = "AGREED", _("합의")
    RUNNING = "RUNNING", _("집행 중")
    CLOSED = "CLOSED", _("종료")
    WITHDRAWN = "WITHDRAWN", _("철회")


PROJECT_NEXT: dict[str, frozenset[str]] = {
    ProjectState.DRAFT: frozenset({ProjectState.REVIEW, ProjectState.WITHDRAWN}),
    ProjectState.REVIEW: frozenset({ProjectState.RETURNED, ProjectState.AGREED, ProjectState.WITHDRAWN}),
    ProjectState.RETURNED: frozenset({ProjectState.REVIEW, ProjectState.WITHDRAWN}),
    ProjectState.AGREED: frozenset({ProjectState.RUNNING}),
    ProjectState.RUNNING: frozenset({ProjectState.CLOSED}),
    ProjectState.CLOSED: frozenset(),
    ProjectState.WITHDRAWN: frozenset(),
}
EDITABLE = (ProjectState.DRAFT, ProjectState.RETURNED)
DECIDED = (ProjectState.AGREED, ProjectState.RUNNING, ProjectState.CLOSED)
GOING = (ProjectState.AGREED, ProjectState.RUNNING)


class Stance(TextChoices):
    AGREE = "AGREE", _("동의")
    CONDITIONAL = "CONDITIONAL", _("조건부 동의")
    REVISE = "REVISE", _("보완 필요")


class IndicatorKind(TextChoices):
    JOBS = "JOBS", _("일자리")
    INFLOW = "INFLOW", _("전입 인구")
    OUTFLOW = "OUTFLOW", _("전출 인구")
    SALES = "SALES", _("매출")
    FIRMS = "FIRMS", _("지원 기업")
    OTHER = "OTHER", _("그 밖")


class ReportState(TextChoices):
    OWED = "OWED", _("제출 대기")
    SUBMITTED = "SUBMITTED", _("제출")
    RETURNED = "RETURNED", _("보완 요청")
    ACCEPTED = "ACCEPTED", _("확인")


REPORT_NEXT: dict[str, frozenset[str]] = {
    ReportState.OWED: frozenset({ReportState.SUBMITTED}),
    ReportState.SUBMITTED: frozenset({ReportState.RETURNED, ReportState.ACCEPTED}),
    ReportState.RETURNED: frozenset({ReportState.SUBMITTED}),
    ReportState.ACCEPTED: frozenset(),
}
REPORTABLE = (ReportState.OWED, ReportState.RETURNED)
COUNTED = (ReportState.SUBMITTED, ReportState.ACCEPTED)
PROJECT_FACTS = ("name", "purpose", "field", "plan", "starts_on", "ends_on")
