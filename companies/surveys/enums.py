"""Words and workflow of surveys and regional industries."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LegalHead(TextChoices):
    """What a field of a form serves: the subjects of decree §37 and the trend survey of §31."""

    GENERAL = "GENERAL", _("일반 현황")
    MANAGEMENT = "MANAGEMENT", _("경영")
    PERSONNEL = "PERSONNEL", _("인력")
    TECHNOLOGY = "TECHNOLOGY", _("기술·지식재산")
    TRADE = "TRADE", _("통상·해외 동향")
    OTHER = "OTHER", _("그 밖")
    TREND = "TREND", _("경기 동향(영 제31조)")


class SubmissionState(TextChoices):
    DRAFT = "DRAFT", _("작성 중")
    SUBMITTED = "SUBMITTED", _("제출")
    RETURNED = "RETURNED", _("돌려보냄")
    APPROVED = "APPROVED", _("승인")


NEXT_STATES: dict[str, frozenset[str]] = {
    SubmissionState.DRAFT: frozenset({SubmissionState.SUBMITTED}),
    SubmissionState.SUBMITTED: frozenset({SubmissionState.RETURNED, SubmissionState.APPROVED}),
    SubmissionState.RETURNED: frozenset({SubmissionState.SUBMITTED}),
    SubmissionState.APPROVED: frozenset(),
}
EDITABLE = frozenset({SubmissionState.DRAFT, SubmissionState.RETURNED})
HANDED_IN = frozenset({SubmissionState.SUBMITTED, SubmissionState.APPROVED})


class Mark(TextChoices):
    """What a reviewer says of one field."""

    OK = "OK", _("맞음")
    FIX = "FIX", _("고칠 것")
    COMMENT = "COMMENT", _("의견")


class TargetKind(TextChoices):
    SAMPLE = "SAMPLE", _("표본")
    CENSUS = "CENSUS", _("전수")


class ExceptionKind(TextChoices):
    """For whom the lock is opened."""

    REGION = "REGION", _("지역 전체")
    TARGET = "TARGET", _("한 기업")


class IndustryKind(TextChoices):
    MAIN = "MAIN", _("주축산업")
    FUTURE = "FUTURE", _("미래 신산업")
    COOPERATIVE = "COOPERATIVE", _("미래 신산업(지역 협력)")
