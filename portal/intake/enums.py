"""States of an uploaded file and of its rows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UploadState(TextChoices):
    RECEIVED = "RECEIVED", _("접수")
    READING = "READING", _("읽는 중")
    READY = "READY", _("확인 대기")
    REJECTED = "REJECTED", _("고칠 곳 있음")
    COMMITTING = "COMMITTING", _("반영 중")
    COMMITTED = "COMMITTED", _("반영됨")
    UNDONE = "UNDONE", _("되돌림")
    DISCARDED = "DISCARDED", _("버림")


# A file may be read again: after a change of the books under a preview, after a fault of the reader was mended.
UPLOAD_NEXT_STATES: dict[str, frozenset[str]] = {
    UploadState.RECEIVED: frozenset({UploadState.READING, UploadState.DISCARDED}),
    UploadState.READING: frozenset({UploadState.READY, UploadState.REJECTED, UploadState.DISCARDED}),
    UploadState.READY: frozenset({UploadState.READING, UploadState.COMMITTING, UploadState.DISCARDED}),
    UploadState.REJECTED: frozenset({UploadState.READING, UploadState.DISCARDED}),
    UploadState.COMMITTING: frozenset({UploadState.COMMITTED, UploadState.READY}),
    UploadState.COMMITTED: frozenset({UploadState.UNDONE}),
    UploadState.UNDONE: frozenset(),
    UploadState.DISCARDED: frozenset(),
}
MOVING_STATES = frozenset({UploadState.RECEIVED, UploadState.READING, UploadState.COMMITTING})
"""A worker is at it: the page watches."""


class RowOutcome(TextChoices):
    NEW = "NEW", _("새 자료")
    CHANGED = "CHANGED", _("바뀜")
    SAME = "SAME", _("같음")
    WARNING = "WARNING", _("확인 필요")
    ERROR = "ERROR", _("오류")


WRITTEN_OUTCOMES = (RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.WARNING)
"""Rows a commit writes."""
