"""Stages, states and their workflows. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """The three stages of decree §30."""

    GOOD = "GOOD", _("양호")
    CAUTION = "CAUTION", _("주의")
    SEVERE = "SEVERE", _("심각")


STAGE_RANK: dict[str, int] = {Stage.GOOD: 0, Stage.CAUTION: 1, Stage.SEVERE: 2}


class AreaLevel(TextChoices):
    NATION = "NATION", _("전국")
    SIDO = "SIDO", _("시·도")
    SIGUNGU = "SIGUNGU", _("시·군·구")
    CLUSTER = "CLUSTER", _("밀집지역")


class Frequency(TextChoices):
    MONTHLY = "M", _("매월")
    QUARTERLY = "Q", _("분기")
    HALF_YEARLY = "H", _("반기")


class IndicatorKind(TextChoices):
    LEVEL = "LEVEL", _("수준(증감률)")
    RATE = "RATE", _("비율(%p)")


class ObservationStatus(TextChoices):
    PRELIM = "PRELIM", _("잠정치")
    FINAL = "FINAL", _("확정치")


class BatchKind(TextChoices):
    FORM = "FORM", _("화면 입력")
    FILE = "FILE", _("파일")
    API = "API", _("연계")
    REFERENCE = "REFERENCE", _("과거 시점 적재")
    UNDO = "UNDO", _("되돌리기")


class RuleSetState(TextChoices):
    DRAFT = "DRAFT", _("초안")
    APPROVED = "APPROVED", _("승인")
    RETIRED = "RETIRED", _("폐지")


class RoundState(TextChoices):
    OPEN = "OPEN", _("자료 수집")
    EVALUATED = "EVALUATED", _("산출 완료")


class RunKind(TextChoices):
    OFFICIAL = "OFFICIAL", _("공식")
    PRELIMINARY = "PRELIMINARY", _("마감 전 미리보기")
    SHADOW = "SHADOW", _("병행")
    BACKTEST = "BACKTEST", _("사후검증")
    WHATIF = "WHATIF", _("가정")


class RunState(TextChoices):
    QUEUED = "QUEUED", _("대기")
    EVALUATING = "EVALUATING", _("산출 중")
    DONE = "DONE", _("끝남")
    FAILED = "FAILED", _("실패")


RUN_NEXT_STATES: dict[str, frozenset[str]] = {
    RunState.QUEUED: frozenset({RunState.EVALUATING, RunState.FAILED}),
    RunState.EVALUATING: frozenset({RunState.DONE, RunState.FAILED}),
    RunState.DONE: frozenset(),
    RunState.FAILED: frozenset({RunState.QUEUED}),
}


class DeterminationState(TextChoices):
    DRAFT = "DRAFT", _("심의 중")
    CONFIRMED = "CONFIRMED", _("확정")
    WITHDRAWN = "WITHDRAWN", _("철회")
    SUPERSEDED = "SUPERSEDED", _("정정됨")


DETERMINATION_NEXT_STATES: dict[str, frozenset[str]] = {
    DeterminationState.DRAFT: frozenset({DeterminationState.CONFIRMED, DeterminationState.WITHDRAWN}),
    DeterminationState.CONFIRMED: frozenset({DeterminationState.SUPERSEDED}),
    DeterminationState.WITHDRAWN: frozenset(),
    DeterminationState.SUPERSEDED: frozenset(),
}


class ReasonCode(TextChoices):
    """Why a council departs from the proposal."""

    PLANT_CLOSURE = "PLANT_CLOSURE", _("주요 사업장 폐쇄·이전")
    ANCHOR_ORDER_CUT = "ANCHOR_ORDER_CUT", _("앵커기업 물량 감소")
    DISASTER = "DISASTER", _("재난·재해")
    DATA_ERROR = "DATA_ERROR", _("자료 오류")
    DATA_LAG = "DATA_LAG", _("자료 시차")
    NO_DATA_FIELD_EVIDENCE = "NO_DATA_FIELD_EVIDENCE", _("자료 부족, 현장조사 근거")
    SEASONAL_ONE_OFF = "SEASONAL_ONE_OFF", _("계절·일회성 요인")
    RECOVERY_CONFIRMED = "RECOVERY_CONFIRMED", _("회복 확인")
    OTHER = "OTHER", _("그 밖의 사유")


class FloorKind(TextChoices):
    """What may hold the proposed stage up whatever the figures say (decree §30②2; method §8)."""

    DISASTER = "DISASTER", _("재난·재해")
    ANCHOR_LOSS = "ANCHOR_LOSS", _("주요 기업 이탈·감축")
    OTHER_DESIGNATION = "OTHER_DESIGNATION", _("다른 법에 따른 지정")
    OTHER = "OTHER", _("그 밖의 불가항력")


class ReviewState(TextChoices):
    """What became of a decision whose figures changed afterwards."""

    OPEN = "OPEN", _("검토 대기")
    KEPT = "KEPT", _("결정 유지")
    CORRECTED = "CORRECTED", _("정정함")
    RESOLVED = "RESOLVED", _("저절로 해소")


REVIEW_NEXT_STATES: dict[str, frozenset[str]] = {
    ReviewState.OPEN: frozenset({ReviewState.KEPT, ReviewState.CORRECTED, ReviewState.RESOLVED}),
    ReviewState.KEPT: frozenset(),
    ReviewState.CORRECTED: frozenset(),
    ReviewState.RESOLVED: frozenset(),
}
