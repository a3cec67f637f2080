"""Coded words of validation. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CalibrationSource(TextChoices):
    """Where the pooled values of a and d come from."""

    STORED = "STORED", _("보관된 공식 산출 결과")
    REPLAYED = "REPLAYED", _("이 초안으로 지난 회차를 다시 계산")


class WorkState(TextChoices):
    """A computation somebody asked for."""

    QUEUED = "QUEUED", _("계산 중")
    DONE = "DONE", _("끝남")
    FAILED = "FAILED", _("실패")


class AlarmKind(TextChoices):
    """What an official result said that asks for attention."""

    SEVERE = "SEVERE", _("심각")
    CAUTION = "CAUTION", _("주의")
    WATCH = "WATCH", _("관찰")


class RatingReason(TextChoices):
    """Why an alarm was useful or not. The first three go with useful, the others with not useful."""

    CONFIRMED_ON_SITE = "CONFIRMED_ON_SITE", _("현장에서 위기 징후를 확인함")
    ACTED_ON = "ACTED_ON", _("조사·지원에 바로 씀")
    EARLY = "EARLY", _("다른 경로보다 먼저 알려 줌")
    NOT_SEEN_ON_SITE = "NOT_SEEN_ON_SITE", _("현장에 징후가 없음")
    ONE_FIRM = "ONE_FIRM", _("한두 기업의 일시적 요인")
    SEASONAL = "SEASONAL", _("계절·정책에 따른 변동")
    DATA_FAULT = "DATA_FAULT", _("자료가 잘못됨")
    KNOWN_BEFORE = "KNOWN_BEFORE", _("이미 알고 있던 일")
    TOO_LATE = "TOO_LATE", _("이미 늦은 경보")
    OTHER = "OTHER", _("그 밖의 사유(비고에 적음)")


USEFUL_REASONS = frozenset({RatingReason.CONFIRMED_ON_SITE, RatingReason.ACTED_ON, RatingReason.EARLY})


class EventKind(TextChoices):
    """What happened in an area, as somebody documents it."""

    CLOSURE = "CLOSURE", _("주요 사업장 폐쇄·이전")
    LAYOFF = "LAYOFF", _("대규모 감원·휴업")
    DESIGNATION = "DESIGNATION", _("위기지역 등의 지정")
    RECOVERY = "RECOVERY", _("회복 확인")


#: Events that say the alarm was right.
CRISIS_EVENTS = frozenset({EventKind.CLOSURE, EventKind.LAYOFF, EventKind.DESIGNATION})
