"""States of a feed and of a suspect value. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FeedState(TextChoices):
    """Where a series stands on a day, against the calendar by which its source publishes."""

    FRESH = "FRESH", _("최신")
    DUE = "DUE", _("받을 때")
    LATE = "LATE", _("지연")
    NONE = "NONE", _("받은 적 없음")
    ENDED = "ENDED", _("공표 중단")


class SuspectOrigin(TextChoices):
    """Where a suspect value was noticed."""

    ENTRY = "ENTRY", _("입력할 때")
    RUN = "RUN", _("산출할 때")


class SuspectState(TextChoices):
    WAITING = "WAITING", _("확인 대기")
    VERIFIED = "VERIFIED", _("맞는 값")
    REJECTED = "REJECTED", _("반려")
    SUPERSEDED = "SUPERSEDED", _("새 값이 들어옴")


SUSPECT_NEXT_STATES: dict[str, frozenset[str]] = {
    SuspectState.WAITING: frozenset({SuspectState.VERIFIED, SuspectState.REJECTED, SuspectState.SUPERSEDED}),
    SuspectState.VERIFIED: frozenset(),
    SuspectState.REJECTED: frozenset(),
    SuspectState.SUPERSEDED: frozenset(),
}


class RegionCodes(TextChoices):
    """Whose codes a table of the statistics portal names its regions by."""

    KOSTAT = "KOSTAT", _("통계청 행정구역분류")
    MOIS = "MOIS", _("행정표준코드")
