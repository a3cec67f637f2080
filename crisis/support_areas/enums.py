"""Words and workflow of special support areas."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ground(TextChoices):
    """Why an area may be designated (Act §23①)."""

    DECLINED = "DECLINED", _("낙후·쇠퇴로 집적·생산이 전국 평균에 크게 못 미침")
    MAIN_INDUSTRY = "MAIN_INDUSTRY", _("주된 산업·대기업의 구조조정·이전으로 생산·판매 급감")
    DISASTER = "DISASTER", _("대규모 재난")
    EQUIVALENT = "EQUIVALENT", _("이에 준하는 사유")


class Initiative(TextChoices):
    APPLICATION = "APPLICATION", _("시·도의 신청")
    OWN_MOTION = "OWN_MOTION", _("본부 직권")


class CaseState(TextChoices):
    DRAFT = "DRAFT", _("작성 중")
    SUBMITTED = "SUBMITTED", _("신청")
    RETURNED = "RETURNED", _("보완 요청")
    UNDER_REVIEW = "UNDER_REVIEW", _("검토 중")
    DESIGNATED = "DESIGNATED", _("지정")
    REJECTED = "REJECTED", _("지정하지 않음")
    WITHDRAWN = "WITHDRAWN", _("철회")
    RELEASED = "RELEASED", _("해제")
    EXPIRED = "EXPIRED", _("기간 만료")


NEXT_STATES: dict[str, frozenset[str]] = {
    CaseState.DRAFT: frozenset({CaseState.SUBMITTED, CaseState.UNDER_REVIEW, CaseState.WITHDRAWN}),
    CaseState.SUBMITTED: frozenset({CaseState.RETURNED, CaseState.UNDER_REVIEW, CaseState.WITHDRAWN}),
    CaseState.RETURNED: frozenset({CaseState.SUBMITTED, CaseState.WITHDRAWN}),
    CaseState.UNDER_REVIEW: frozenset({CaseState.DESIGNATED, CaseState.REJECTED, CaseState.WITHDRAWN}),
    CaseState.DESIGNATED: frozenset({CaseState.RELEASED, CaseState.EXPIRED}),
    CaseState.REJECTED: frozenset(),
    CaseState.WITHDRAWN: frozenset(),
    CaseState.RELEASED: frozenset(),
    CaseState.EXPIRED: frozenset(),
}
EDITABLE = frozenset({CaseState.DRAFT, CaseState.RETURNED})
OPINIONS_OPEN = frozenset({CaseState.UNDER_REVIEW, CaseState.DESIGNATED})
# A tuple: it stands in a constraint, whose text must be the same in every process.
DECIDED = (CaseState.DESIGNATED, CaseState.RELEASED, CaseState.EXPIRED)


class Purpose(TextChoices):
    """What an opinion or an inquiry serves."""

    DESIGNATION = "DESIGNATION", _("지정")
    EXTENSION = "EXTENSION", _("연장")
    RELEASE = "RELEASE", _("해제")


class OpinionKind(TextChoices):
    RESEARCH = "RESEARCH", _("전문연구기관")
    MINISTRY = "MINISTRY", _("관계 부처")
    PROVINCE = "PROVINCE", _("시·도")
    OFFICE = "OFFICE", _("지방청")


class Stance(TextChoices):
    AGREE = "AGREE", _("동의")
    CONDITIONAL = "CONDITIONAL", _("조건부 동의")
    DISAGREE = "DISAGREE", _("반대")


class MemberKind(TextChoices):
    """From where a member of the inquiry comes (decree §27)."""

    MSS = "MSS", _("중소벤처기업부")
    MINISTRY = "MINISTRY", _("관계 부처")
    EXPERT = "EXPERT", _("외부 전문가")


class TermKind(TextChoices):
    FIRST = "FIRST", _("지정")
    EXTENSION = "EXTENSION", _("연장")


class ReportState(TextChoices):
    OWED = "OWED", _("제출 대기")
    SUBMITTED = "SUBMITTED", _("제출")
    RETURNED = "RETURNED", _("보완 요청")
    ACCEPTED = "ACCEPTED", _("확인")


REPORT_NEXT_STATES: dict[str, frozenset[str]] = {
    ReportState.OWED: frozenset({ReportState.SUBMITTED}),
    ReportState.SUBMITTED: frozenset({ReportState.RETURNED, ReportState.ACCEPTED}),
    ReportState.RETURNED: frozenset({ReportState.SUBMITTED}),
    ReportState.ACCEPTED: frozenset(),
}


class ProgrammeField(TextChoices):
    """What a preferential programme gives (Act §25)."""

    FINANCE = "FINANCE", _("금융·재정")
    RND = "RND", _("연구개발·사업화")
    MARKET = "MARKET", _("판로·수출·자문")
    PEOPLE = "PEOPLE", _("고용·교육")
    FACILITY = "FACILITY", _("시설")
    TAX = "TAX", _("세제")
    PROCUREMENT = "PROCUREMENT", _("공공조달")


CASE_WORDS = ("range_text", "production", "sales", "employment", "needed_support", "revival_plan")
REPORT_WORDS = ("economy", "support_results", "local_support", "other")
