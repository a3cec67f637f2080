"""Tiers, kinds of cases and their workflows. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Tier(TextChoices):
    """Growth stages of the plan (strategy 1 ①)."""

    POTENTIAL = "POTENTIAL", _("잠재기업")
    PRELIMINARY = "PRELIMINARY", _("예비선도기업")
    LEADING = "LEADING", _("선도기업")
    SUPRA_REGIONAL = "SUPRA_REGIONAL", _("초광역 선도기업")


class Track(TextChoices):
    """Two ladders side by side: a leading firm may be supra-regional as well (statuses overlap, support does not)."""

    MAIN = "MAIN", _("주축산업 성장단계")
    SUPRA = "SUPRA", _("초광역 협력")


TRACK_OF: dict[str, str] = {
    Tier.POTENTIAL: Track.MAIN,
    Tier.PRELIMINARY: Track.MAIN,
    Tier.LEADING: Track.MAIN,
    Tier.SUPRA_REGIONAL: Track.SUPRA,
}
TIER_RANK: dict[str, int] = {"": 0, Tier.POTENTIAL: 1, Tier.PRELIMINARY: 2, Tier.LEADING: 3, Tier.SUPRA_REGIONAL: 1}
"""Height on the tier's own ladder; the empty text is no tier."""


class Programme(TextChoices):
    """Under which programme criteria are set."""

    MAIN_INDUSTRY = "MAIN_INDUSTRY", _("지역주력산업 육성(주축산업)")
    INNOVATION_LEADER = "INNOVATION_LEADER", _("지역혁신 선도기업")
    SUPRA_REGION = "SUPRA_REGION", _("초광역 선도기업 육성")
    STAR = "STAR", _("지역스타기업")
    GLOBAL = "GLOBAL", _("글로벌강소기업")


class CriteriaState(TextChoices):
    DRAFT = "DRAFT", _("초안")
    ADOPTED = "ADOPTED", _("확정")
    RETIRED = "RETIRED", _("폐지")


CRITERIA_NEXT_STATES: dict[str, frozenset[str]] = {
    CriteriaState.DRAFT: frozenset({CriteriaState.ADOPTED}),
    CriteriaState.ADOPTED: frozenset({CriteriaState.RETIRED}),
    CriteriaState.RETIRED: frozenset(),
}


class CaseKind(TextChoices):
    ENTRY = "ENTRY", _("신규 선정")
    PROMOTION = "PROMOTION", _("승급")
    RETENTION = "RETENTION", _("유지")
    DEMOTION = "DEMOTION", _("하향")
    CANCELLATION = "CANCELLATION", _("취소")
    APPEAL = "APPEAL", _("이의신청")


ADVERSE_KINDS = frozenset({CaseKind.DEMOTION, CaseKind.CANCELLATION})
"""Decisions against the firm: it is heard before they are made."""


class CaseState(TextChoices):
    CANDIDATE = "CANDIDATE", _("후보")
    IN_REVIEW = "IN_REVIEW", _("검토 중")
    REVIEWED = "REVIEWED", _("결정 대기")
    HEARING = "HEARING", _("의견청취 중")
    HEARD = "HEARD", _("의견청취 완료")
    APPROVED = "APPROVED", _("결정")
    REJECTED = "REJECTED", _("불승인")
    WITHDRAWN = "WITHDRAWN", _("철회")


# One table for services, buttons and tests. Whether a step past REVIEWED is open also depends on the kind: see
# `steps_of`.
CASE_NEXT_STATES: dict[str, frozenset[str]] = {
    CaseState.CANDIDATE: frozenset({CaseState.IN_REVIEW, CaseState.WITHDRAWN}),
    CaseState.IN_REVIEW: frozenset({CaseState.REVIEWED, CaseState.WITHDRAWN}),
    CaseState.REVIEWED: frozenset(
        {CaseState.IN_REVIEW, CaseState.HEARING, CaseState.APPROVED, CaseState.REJECTED, CaseState.WITHDRAWN}
    ),
    CaseState.HEARING: frozenset({CaseState.HEARD, CaseState.WITHDRAWN}),
    CaseState.HEARD: frozenset({CaseState.APPROVED, CaseState.REJECTED, CaseState.WITHDRAWN}),
    CaseState.APPROVED: frozenset(),
    CaseState.REJECTED: frozenset(),
    CaseState.WITHDRAWN: frozenset(),
}
OPEN_STATES = (
    CaseState.CANDIDATE,
    CaseState.IN_REVIEW,
    CaseState.REVIEWED,
    CaseState.HEARING,
    CaseState.HEARD,
)
DECIDED_STATES = (CaseState.APPROVED, CaseState.REJECTED)


def steps_of(kind: str, state: str) -> frozenset[str]:
    """Where a case of this kind may go from this state: the firm is heard first where the decision is against it."""
    steps = CASE_NEXT_STATES[state]
    if state == CaseState.REVIEWED:
        return steps - ({CaseState.APPROVED} if kind in ADVERSE_KINDS else {CaseState.HEARING})
    return steps


class Opinion(TextChoices):
    """What the technopark recommends."""

    SUITABLE = "SUITABLE", _("적합")
    CONDITIONAL = "CONDITIONAL", _("조건부 적합")
    UNSUITABLE = "UNSUITABLE", _("부적합")


class CancelGround(TextChoices):
    """Why a status is cancelled (notice 2026-39: fraud must, the others may)."""

    FRAUD = "FRAUD", _("거짓·부정한 방법으로 선정")
    CRITERIA_LOST = "CRITERIA_LOST", _("선정기준 미충족")
    CLOSED = "CLOSED", _("부도·휴업·폐업")
    VIOLATION = "VIOLATION", _("중대한 위반")
    OWN_WISH = "OWN_WISH", _("기업의 포기")


class ScreeningKind(TextChoices):
    CANDIDATES = "CANDIDATES", _("후보 찾기")
    WHAT_IF = "WHAT_IF", _("기준 변경 시뮬레이션")


class Finding(TextChoices):
    """What a screening says of one firm."""

    ENTERS = "ENTERS", _("새로 충족")
    LEAVES = "LEAVES", _("더는 충족하지 않음")
    RENEWS = "RENEWS", _("유지 심사 대상")
    UNCLEAR = "UNCLEAR", _("자료 부족")


class Fact(TextChoices):
    """What the registry does not hold and somebody states with a document."""

    MAIN_INDUSTRY = "MAIN_INDUSTRY", _("주축산업 또는 전·후방 연관 업종")
    FUTURE_INDUSTRY = "FUTURE_INDUSTRY", _("미래 신산업 연계 업종")
    LARGE_AFFILIATE = "LARGE_AFFILIATE", _("대기업 관계회사")
    TAX_ARREARS = "TAX_ARREARS", _("국세·지방세 체납")
    DEFAULTED = "DEFAULTED", _("채무불이행")
    RND_BANNED = "RND_BANNED", _("연구개발 참여제한")
    STAR_COMPANY = "STAR_COMPANY", _("지역스타기업")
    OUTSIDE_LINK = "OUTSIDE_LINK", _("초광역권 밖 기업과의 협약·거래 실적")
    SALES_TEST = "SALES_TEST", _("공고의 매출 요건 충족")
    LOCAL_YOUTH_SHARE = "LOCAL_YOUTH_SHARE", _("전년 신규채용 중 지역 청년 비율(%)")
    EXPORTS_USD = "EXPORTS_USD", _("전년 수출액(달러)")


NUMBER_FACTS = frozenset({Fact.LOCAL_YOUTH_SHARE, Fact.EXPORTS_USD})


class TargetMeasure(TextChoices):
    EVER = "EVER", _("누적 발굴")
    HELD = "HELD", _("현재 보유")


class StrategyState(TextChoices):
    DRAFT = "DRAFT", _("수립 중")
    ACTIVE = "ACTIVE", _("추진 중")
    COMPLETED = "COMPLETED", _("완료")
    STOPPED = "STOPPED", _("중단")


STRATEGY_NEXT_STATES: dict[str, frozenset[str]] = {
    StrategyState.DRAFT: frozenset({StrategyState.ACTIVE, StrategyState.STOPPED}),
    StrategyState.ACTIVE: frozenset({StrategyState.COMPLETED, StrategyState.STOPPED}),
    StrategyState.COMPLETED: frozenset(),
    StrategyState.STOPPED: frozenset(),
}


class StepState(TextChoices):
    PLANNED = "PLANNED", _("예정")
    DONE = "DONE", _("완료")
    DROPPED = "DROPPED", _("취소")


class Support(TextChoices):
    """The support the plan names, by tier (strategy 1 ①, 지역 주축기업 성장전략(안))."""

    RND_TECHNOLOGY = "RND_TECHNOLOGY", _("기술창출 연구개발")
    IP_FILING = "IP_FILING", _("지식재산 출원")
    PERFORMANCE_CERT = "PERFORMANCE_CERT", _("제품성능 인증")
    EQUIPMENT = "EQUIPMENT", _("연구장비 지원")
    RND_MARKET = "RND_MARKET", _("신시장 개척 연구개발")
    RND_PLANNING = "RND_PLANNING", _("연구개발 기획지원")
    INVESTMENT = "INVESTMENT", _("투자유치 지원")
    JOINT_RND = "JOINT_RND", _("밸류체인 기반 공동기술개발")
    MARKET_OPENING = "MARKET_OPENING", _("시장 개척")
    MARKETING = "MARKETING", _("마케팅")
    STANDARDS = "STANDARDS", _("국제 표준규격 인증지원")
    COMMERCIALISATION = "COMMERCIALISATION", _("사업화 지원")
    FINANCE = "FINANCE", _("융자·보증 후속 지원")


SUPPORT_OF: dict[str, tuple[str, ...]] = {
    Tier.POTENTIAL: (Support.RND_TECHNOLOGY, Support.IP_FILING, Support.PERFORMANCE_CERT, Support.EQUIPMENT),
    Tier.PRELIMINARY: (Support.RND_MARKET, Support.RND_PLANNING, Support.INVESTMENT),
    Tier.LEADING: (Support.JOINT_RND, Support.MARKET_OPENING, Support.MARKETING, Support.STANDARDS),
    Tier.SUPRA_REGIONAL: (Support.RND_PLANNING, Support.JOINT_RND, Support.COMMERCIALISATION, Support.FINANCE),
}
