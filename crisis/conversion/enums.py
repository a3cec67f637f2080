"""Words and workflows of business conversion."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Subject(TextChoices):
    """What a restructuring diagnosis looks at (plan of 2023, task 8)."""

    CONVERSION = "CONVERSION", _("사업전환")
    DIGITAL = "DIGITAL", _("디지털전환")
    LABOUR = "LABOUR", _("노동전환")


class DiagnosisState(TextChoices):
    REQUESTED = "REQUESTED", _("신청")
    EXAMINING = "EXAMINING", _("진단 중")
    DONE = "DONE", _("진단 완료")
    REFUSED = "REFUSED", _("진단하지 않음")
    WITHDRAWN = "WITHDRAWN", _("철회")


DIAGNOSIS_NEXT: dict[str, frozenset[str]] = {
    DiagnosisState.REQUESTED: frozenset({DiagnosisState.EXAMINING, DiagnosisState.REFUSED, DiagnosisState.WITHDRAWN}),
    DiagnosisState.EXAMINING: frozenset({DiagnosisState.DONE, DiagnosisState.REFUSED, DiagnosisState.WITHDRAWN}),
    DiagnosisState.DONE: frozenset(),
    DiagnosisState.REFUSED: frozenset(),
    DiagnosisState.WITHDRAWN: frozenset(),
}
# Tuples: they stand in constraints, whose text must be the same in every process.
DIAGNOSIS_OPEN = (DiagnosisState.REQUESTED, DiagnosisState.EXAMINING)


class Recommendation(TextChoices):
    CONVERSION = "CONVERSION", _("사업전환 권고")
    DIGITAL = "DIGITAL", _("디지털전환 권고")
    LABOUR = "LABOUR", _("노동전환 권고")
    SEVERAL = "SEVERAL", _("함께 추진 권고")
    NONE = "NONE", _("현 사업 유지")


class Referral(TextChoices):
    """Where a finished diagnosis leads."""

    PLAN = "PLAN", _("사업전환계획 수립")
    OTHER = "OTHER", _("다른 지원 연계")
    NONE = "NONE", _("연계하지 않음")


class ConversionKind(TextChoices):
    """What counts as conversion; which of them a day knows is `ConversionRule`."""

    INDUSTRY_CHANGE = "INDUSTRY_CHANGE", _("업종 변경")
    INDUSTRY_ADDITION = "INDUSTRY_ADDITION", _("업종 추가")
    NEW_GOODS = "NEW_GOODS", _("같은 업종의 새로운 제품")
    NEW_SERVICE = "NEW_SERVICE", _("같은 업종의 새로운 서비스")
    NEW_MODEL = "NEW_MODEL", _("같은 업종의 제공방식·사업모델 전환")


INDUSTRY_KINDS = (ConversionKind.INDUSTRY_CHANGE, ConversionKind.INDUSTRY_ADDITION)
SAME_INDUSTRY_KINDS = (ConversionKind.NEW_GOODS, ConversionKind.NEW_SERVICE, ConversionKind.NEW_MODEL)


class PlanState(TextChoices):
    """How the plan stands as a whole; each of its editions has a state of its own."""

    PREPARING = "PREPARING", _("준비 중")
    RUNNING = "RUNNING", _("이행 중")
    COMPLETING = "COMPLETING", _("완료 심사")
    COMPLETED = "COMPLETED", _("완료")
    REFUSED = "REFUSED", _("승인하지 않음")
    CANCELLED = "CANCELLED", _("승인 취소")
    WITHDRAWN = "WITHDRAWN", _("철회")


PLAN_NEXT: dict[str, frozenset[str]] = {
    PlanState.PREPARING: frozenset({PlanState.RUNNING, PlanState.REFUSED, PlanState.WITHDRAWN}),
    PlanState.RUNNING: frozenset({PlanState.COMPLETING, PlanState.CANCELLED}),
    PlanState.COMPLETING: frozenset({PlanState.RUNNING, PlanState.COMPLETED, PlanState.CANCELLED}),
    PlanState.COMPLETED: frozenset(),
    PlanState.REFUSED: frozenset(),
    PlanState.CANCELLED: frozenset(),
    PlanState.WITHDRAWN: frozenset(),
}
IN_EXECUTION = (PlanState.RUNNING, PlanState.COMPLETING)
ONCE_APPROVED = (PlanState.RUNNING, PlanState.COMPLETING, PlanState.COMPLETED, PlanState.CANCELLED)


class EditionState(TextChoices):
    DRAFT = "DRAFT", _("작성 중")
    SUBMITTED = "SUBMITTED", _("심사 중")
    RETURNED = "RETURNED", _("보완 요청")
    APPROVED = "APPROVED", _("승인")
    REPLACED = "REPLACED", _("새 판으로 바뀜")
    REFUSED = "REFUSED", _("승인하지 않음")
    WITHDRAWN = "WITHDRAWN", _("철회")


EDITION_NEXT: dict[str, frozenset[str]] = {
    EditionState.DRAFT: frozenset({EditionState.SUBMITTED, EditionState.WITHDRAWN}),
    EditionState.SUBMITTED: frozenset({EditionState.RETURNED, EditionState.APPROVED, EditionState.REFUSED}),
    EditionState.RETURNED: frozenset({EditionState.SUBMITTED, EditionState.WITHDRAWN}),
    EditionState.APPROVED: frozenset({EditionState.REPLACED}),
    EditionState.REPLACED: frozenset(),
    EditionState.REFUSED: frozenset(),
    EditionState.WITHDRAWN: frozenset(),
}
EDITABLE = (EditionState.DRAFT, EditionState.RETURNED)
EDITION_OPEN = (EditionState.DRAFT, EditionState.SUBMITTED, EditionState.RETURNED)
EDITION_APPROVED = (EditionState.APPROVED, EditionState.REPLACED)


class GoalMeasure(TextChoices):
    SALES_SHARE = "SALES_SHARE", _("새 사업 매출 비중")
    EMPLOYEE_SHARE = "EMPLOYEE_SHARE", _("새 사업 상시근로자 비중")


class MilestoneState(TextChoices):
    OPEN = "OPEN", _("할 일")
    REPORTED = "REPORTED", _("확인 대기")
    RETURNED = "RETURNED", _("보완 요청")
    CHECKED = "CHECKED", _("확인")
    REPLACED = "REPLACED", _("새 판으로 바뀜")


MILESTONE_NEXT: dict[str, frozenset[str]] = {
    MilestoneState.OPEN: frozenset({MilestoneState.REPORTED, MilestoneState.REPLACED}),
    MilestoneState.REPORTED: frozenset({MilestoneState.CHECKED, MilestoneState.RETURNED}),
    MilestoneState.RETURNED: frozenset({MilestoneState.REPORTED, MilestoneState.REPLACED}),
    MilestoneState.CHECKED: frozenset(),
    MilestoneState.REPLACED: frozenset(),
}
OWED = (MilestoneState.OPEN, MilestoneState.RETURNED)


class Channel(TextChoices):
    VISIT = "VISIT", _("방문")
    PHONE = "PHONE", _("전화")
    ONLINE = "ONLINE", _("화상·전자우편")
    MEETING = "MEETING", _("회의")


BUDGETS = ("national", "sido", "sigungu", "loan", "own")
"""Sources of a plan's money: grants by level of government, policy loans, the firms' own."""

EDITION_WORDS = ("background", "content", "effect")
