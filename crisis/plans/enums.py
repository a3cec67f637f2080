"""Words and workflows of prevention plans. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TermCode(TextChoices):
    """What a figure of `PlanTerm` is for."""

    PLAN = "PLAN", _("예방계획 제출 기한")
    REPORT = "REPORT", _("분기 이행 보고 기한")
    EVALUATION = "EVALUATION", _("종료 평가 기한")
    SPENDING_GAP = "SPENDING_GAP", _("집행 부진 기준")


class TermUnit(TextChoices):
    WORKING_DAYS = "WORKING_DAYS", _("근무일")
    POINTS = "POINTS", _("%p")


# No notice with official terms could be found: these stand until one is read, and are shown as provisional.
SHIPPED_TERMS: dict[str, tuple[int, str]] = {
    TermCode.PLAN: (30, TermUnit.WORKING_DAYS),
    TermCode.REPORT: (15, TermUnit.WORKING_DAYS),
    TermCode.EVALUATION: (30, TermUnit.WORKING_DAYS),
    TermCode.SPENDING_GAP: (30, TermUnit.POINTS),
}


class ObligationState(TextChoices):
    OPEN = "OPEN", _("계획 필요")
    MET = "MET", _("계획 승인")
    RELEASED = "RELEASED", _("의무 해제")


class PlanState(TextChoices):
    DRAFT = "DRAFT", _("작성 중")
    SUBMITTED = "SUBMITTED", _("검토 중")
    RETURNED = "RETURNED", _("돌려보냄")
    APPROVED = "APPROVED", _("승인(시작 전)")
    RUNNING = "RUNNING", _("이행 중")
    AMENDING = "AMENDING", _("변경 작성 중")
    CLOSED = "CLOSED", _("종료")


PLAN_NEXT_STATES: dict[str, frozenset[str]] = {
    PlanState.DRAFT: frozenset({PlanState.SUBMITTED}),
    PlanState.SUBMITTED: frozenset({PlanState.RETURNED, PlanState.APPROVED, PlanState.RUNNING}),
    PlanState.RETURNED: frozenset({PlanState.SUBMITTED}),
    PlanState.APPROVED: frozenset({PlanState.RUNNING, PlanState.AMENDING, PlanState.CLOSED}),
    PlanState.RUNNING: frozenset({PlanState.AMENDING, PlanState.CLOSED}),
    PlanState.AMENDING: frozenset({PlanState.SUBMITTED}),
    PlanState.CLOSED: frozenset(),
}
EDITABLE = frozenset({PlanState.DRAFT, PlanState.RETURNED, PlanState.AMENDING})


class MeasureKind(TextChoices):
    """Heads of decree §30③ and of the plan of 2023."""

    RND = "RND", _("연구개발·사업화")
    FUNDS = "FUNDS", _("자금·보증")
    CONVERSION = "CONVERSION", _("사업전환·사업다각화")
    CONSULTING = "CONSULTING", _("진단·컨설팅")
    PATENT = "PATENT", _("특허·기술보호")
    TRAINING = "TRAINING", _("인력양성")
    SALES = "SALES", _("판로·수출")
    FACILITY = "FACILITY", _("설비·공정 개선")
    REGULATION = "REGULATION", _("규제 개선")
    OTHER = "OTHER", _("그 밖의 지원")


class PlanField(TextChoices):
    """Parts of a plan and of a measure a reviewer can speak of."""

    TITLE = "title", _("계획 이름")
    DIAGNOSIS = "diagnosis", _("위기 원인과 현황")
    GOAL = "goal", _("목표")
    STRUCTURE = "structure", _("추진체계")
    TERM = "starts_on", _("계획 기간")
    MEASURE_TITLE = "measure_title", _("과제 이름")
    CONTENT = "content", _("과제 내용")
    LEAD = "lead_name", _("주관 기관")
    BUDGET = "budget", _("예산")
    PERIOD = "period", _("과제 기간")
    TARGETS = "targets", _("성과지표")


PLAN_FIELDS = (PlanField.TITLE, PlanField.DIAGNOSIS, PlanField.GOAL, PlanField.STRUCTURE, PlanField.TERM)
MEASURE_FIELDS = (
    PlanField.MEASURE_TITLE, PlanField.CONTENT, PlanField.LEAD, PlanField.BUDGET, PlanField.PERIOD, PlanField.TARGETS,
)  # fmt: skip


class ReportState(TextChoices):
    OWED = "OWED", _("보고 전")
    SUBMITTED = "SUBMITTED", _("점검 대기")
    CHECKED = "CHECKED", _("점검 마침")
    RETURNED = "RETURNED", _("돌려보냄")
    RATED = "RATED", _("평가 마침")


REPORT_NEXT_STATES: dict[str, frozenset[str]] = {
    ReportState.OWED: frozenset({ReportState.SUBMITTED}),
    ReportState.SUBMITTED: frozenset({ReportState.CHECKED, ReportState.RETURNED, ReportState.RATED}),
    ReportState.CHECKED: frozenset({ReportState.RATED, ReportState.RETURNED}),
    ReportState.RETURNED: frozenset({ReportState.SUBMITTED}),
    ReportState.RATED: frozenset(),
}
REPORTABLE = frozenset({ReportState.OWED, ReportState.RETURNED})


class Finding(TextChoices):
    """What the crisis centre found on the spot."""

    CONFIRMED = "CONFIRMED", _("보고와 같음")
    DIFFERS = "DIFFERS", _("보고와 다름")
    UNSEEN = "UNSEEN", _("확인하지 못함")


class Rating(TextChoices):
    """The portal's own three grades: no official grade set for prevention plans was found."""

    GOOD = "GOOD", _("우수")
    FAIR = "FAIR", _("보통")
    POOR = "POOR", _("미흡")


class Standing(TextChoices):
    """How a measure stands today; the first that applies."""

    DROPPED = "DROPPED", _("제외")
    LATE = "LATE", _("보고 지연")
    FAILING = "FAILING", _("이행 미흡")
    UNDERSPENT = "UNDERSPENT", _("집행 부진")
    ON_TRACK = "ON_TRACK", _("정상")
    NOT_YET = "NOT_YET", _("시작 전")


SOURCES = ("national", "sido", "sigungu", "private")
SOURCE_WORDS = {"national": _("국비"), "sido": _("시·도비"), "sigungu": _("시·군·구비"), "private": _("민간")}
