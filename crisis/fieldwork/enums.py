"""Words and workflow of field surveys."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CampaignKind(TextChoices):
    QUARTER = "QUARTER", _("분기 조사")
    AD_HOC = "AD_HOC", _("수시 조사")


class CampaignState(TextChoices):
    DRAFT = "DRAFT", _("준비 중")
    OPEN = "OPEN", _("조사 중")
    CLOSED = "CLOSED", _("마감")
    CONFIRMED = "CONFIRMED", _("결과 확정")
    CANCELLED = "CANCELLED", _("취소")


NEXT_STATES: dict[str, frozenset[str]] = {
    CampaignState.DRAFT: frozenset({CampaignState.OPEN, CampaignState.CANCELLED}),
    CampaignState.OPEN: frozenset({CampaignState.CLOSED}),
    CampaignState.CLOSED: frozenset({CampaignState.CONFIRMED}),
    CampaignState.CONFIRMED: frozenset(),
    CampaignState.CANCELLED: frozenset(),
}
# A tuple: it stands in a constraint, whose text must be the same in every process.
ENDED = (CampaignState.CLOSED, CampaignState.CONFIRMED)


class UnitState(TextChoices):
    """How far a workplace's sheet has come, or why there is none."""

    PENDING = "PENDING", _("아직 없음")
    DRAFT = "DRAFT", _("작성 중")
    SUBMITTED = "SUBMITTED", _("제출")
    REFUSED = "REFUSED", _("응답 거절")
    NO_CONTACT = "NO_CONTACT", _("연락 안 됨")
    SHUT = "SHUT", _("휴·폐업 확인")


NO_ANSWER = (UnitState.REFUSED, UnitState.NO_CONTACT, UnitState.SHUT)
UNFINISHED = (UnitState.PENDING, UnitState.DRAFT)


class UnitOrigin(TextChoices):
    """How a workplace came into the sample."""

    DRAWN = "DRAWN", _("추출")
    CHOSEN = "CHOSEN", _("직접 고름")
    REPLACEMENT = "REPLACEMENT", _("대체")


class CellKind(TextChoices):
    ANSWERED = "ANSWERED", _("응답 업체 수")
    INDEX = "INDEX", _("경기실사지수(BSI)")
    CHOSEN = "CHOSEN", _("복수 응답 비율(%)")
