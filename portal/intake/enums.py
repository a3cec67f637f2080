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


UPLOAD_NEXT_STATES: dict[str, frozenset[str]] = {
    UploadState.RECEIVED: frozenset({UploadState.READING, UploadState.DISCARDED}),
    UploadState.READING: frozenset({UploadState.READY, UploadState.REJECTED}),
    UploadState.READY: frozenset({UploadState.COMMITTING, UploadState.DISCARDED}),
    UploadState.REJECTED: frozenset({UploadState.DISCARDED}),
    UploadState.COMMITTING: frozenset({UploadState.COMMITTED, UploadState.READY}),
    UploadState.COMMITTED: frozenset({UploadState.UNDONE}),
    UploadState.UNDONE: frozenset(),
    UploadState.DISCARDED: frozenset(),
}


class RowOutcome(TextChoices):
    NEW = "NEW", _("새 자료")
    CHANGED = "CHANGED", _("바뀜")
    SAME = "SAME", _("같음")
    WARNING = "WARNING", _("확인 필요")
    ERROR = "ERROR", _("오류")
