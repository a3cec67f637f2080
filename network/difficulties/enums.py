"""Words and workflow of the cases of firms in difficulty. Tuples, not sets: some stand in constraints."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseState(TextChoices):
    OPEN = "OPEN", _("진행 중")
    CLOSED = "CLOSED", _("종결")


class Source(TextChoices):
    """How the firm came to be known as one in difficulty."""

    ROUND = "ROUND", _("위기 단계 지역")
    SURVEY = "SURVEY", _("실태조사·현장조사")
    GRIEVANCE = "GRIEVANCE", _("애로 접수")
    REFERRAL = "REFERRAL", _("다른 기관의 의뢰")
    OWN_REPORT = "OWN_REPORT", _("기업이 스스로 알림")


class Severity(TextChoices):
    NORMAL = "NORMAL", _("보통")
    HIGH = "HIGH", _("높음")
    URGENT = "URGENT", _("긴급")


class Outcome(TextChoices):
    """How a case ended."""

    RECOVERED = "RECOVERED", _("정상화")
    RESTRUCTURED = "RESTRUCTURED", _("구조조정")
    CONVERTED = "CONVERTED", _("사업전환")
    TAKEN_OVER = "TAKEN_OVER", _("인수·합병")
    INSOLVENT = "INSOLVENT", _("폐업·도산")
    MOVED = "MOVED", _("이전")
    UNREACHABLE = "UNREACHABLE", _("연락 두절")


# Nobody is left to ask after these.
WITHOUT_FOLLOW_UP = (Outcome.INSOLVENT,)


class HandoverState(TextChoices):
    OFFERED = "OFFERED", _("답을 기다림")
    ACCEPTED = "ACCEPTED", _("받음")
    DECLINED = "DECLINED", _("받지 않음")
    WITHDRAWN = "WITHDRAWN", _("거두어들임")


class ActionKind(TextChoices):
    LOAN = "LOAN", _("융자")
    GUARANTEE = "GUARANTEE", _("보증")
    CONSULTING = "CONSULTING", _("컨설팅")
    CONVERSION = "CONVERSION", _("사업전환 진단")
    RND = "RND", _("연구개발")
    MEDIATION = "MEDIATION", _("조정·중재")
    VISIT = "VISIT", _("현장 방문")
    MEETING = "MEETING", _("회의")
    OTHER = "OTHER", _("그 밖의 조치")


# What costs nothing that could be given to a firm.
WITHOUT_MONEY = (ActionKind.MEDIATION, ActionKind.VISIT, ActionKind.MEETING)


class ActionState(TextChoices):
    PLANNED = "PLANNED", _("예정")
    DOING = "DOING", _("진행")
    DONE = "DONE", _("완료")
    DROPPED = "DROPPED", _("중단")


ACTION_NEXT_STATES: dict[str, frozenset[str]] = {
    ActionState.PLANNED: frozenset({ActionState.DOING, ActionState.DONE, ActionState.DROPPED}),
    ActionState.DOING: frozenset({ActionState.DONE, ActionState.DROPPED}),
    ActionState.DONE: frozenset(),
    ActionState.DROPPED: frozenset(),
}
UNFINISHED = (ActionState.PLANNED, ActionState.DOING)
FINISHED = (ActionState.DONE, ActionState.DROPPED)


class NoteKind(TextChoices):
    CALL = "CALL", _("전화")
    VISIT = "VISIT", _("방문")
    MEETING = "MEETING", _("면담·회의")
    MAIL = "MAIL", _("공문·전자우편")
    MEMO = "MEMO", _("메모")


class Audience(TextChoices):
    """Who reads a note or a file, of those who see the case at all."""

    BODIES = "BODIES", _("사례를 함께 맡은 기관")
    OWN = "OWN", _("우리 기관만")


# (code, name, English name): the portal's own list, kept as rows and provisional until an official one is read.
SHIPPED_KINDS = (
    ("FINANCE", "자금", "Finance"),
    ("SALES", "판로·매출", "Sales"),
    ("SUPPLY", "원자재·공급망", "Supply"),
    ("LABOUR", "인력·노무", "Labour"),
    ("ORDER_GIVER", "발주기업 의존", "Order-giver dependence"),
    ("FACILITIES", "설비·입지", "Facilities"),
    ("TECHNOLOGY", "기술·품질", "Technology"),
    ("EXPORT", "수출·통상", "Export"),
    ("REGULATION", "규제·인허가", "Regulation"),
    ("SUCCESSION", "가업승계", "Succession"),
    ("DISASTER", "재해·사고", "Disaster"),
    ("OTHER", "그 밖의 애로", "Other"),
)
