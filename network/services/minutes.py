"""The minutes of a meeting: written, filed with the signed paper, approved, and from then on fixed."""

from collections.abc import Callable

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from network.enums import MeetingState
from network.models import Meeting
from network.papers import check_paper
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.errors import Refusal

Approved = Callable[[Meeting], None]
approved: list[Approved] = []


def register_minutes_approved(callback: Approved) -> Approved:
    """Call `callback(meeting)` inside the transaction that approves its minutes. For an `AppConfig.ready`."""
    if callback not in approved:
        approved.append(callback)
    return callback


def _locked(meeting: Meeting) -> Meeting:
    meeting = Meeting.objects.select_for_update(no_key=True, of=("self",)).select_related("council").get(pk=meeting.pk)
    if meeting.minutes_approved_at is not None:
        raise Refusal("minutes_approved", "이미 승인된 회의록은 바꿀 수 없습니다.")
    return meeting


@transaction.atomic
def write_minutes(*, meeting: Meeting, minutes: str, actor: User, file: File | None = None) -> Meeting:
    """Write the minutes of an open or closed meeting anew, with the signed paper if there is one."""
    meeting = _locked(meeting)
    if meeting.state not in {MeetingState.OPEN, MeetingState.CLOSED}:
        raise Refusal("meeting_not_open", "열리지 않은 회의의 회의록은 쓸 수 없습니다.")
    if not minutes.strip():
        raise Refusal("minutes_empty", "회의록을 적어 주세요.", {"minutes": "회의록을 적어 주세요."})
    with deed("write_minutes", actor=actor) as done:
        meeting.minutes = minutes
        if file is not None:
            paper = check_paper(file)
            meeting.minutes_filename, meeting.minutes_sha256 = paper.filename, paper.sha256
            meeting.minutes_file.save("", paper.content, save=False)
        meeting.full_clean()
        meeting.save()
        done.about(meeting, sha256=meeting.minutes_sha256)
    return meeting


@transaction.atomic
def approve_minutes(*, meeting: Meeting, actor: User) -> Meeting:
    """Approve the minutes of a closed meeting; text, paper and everything else of the meeting are fixed from then on."""
    meeting = _locked(meeting)
    if meeting.state != MeetingState.CLOSED:
        raise Refusal("meeting_not_closed", "폐회한 뒤에 회의록을 승인할 수 있습니다.")
    if not meeting.minutes.strip():
        raise Refusal("minutes_empty", "회의록이 비어 있습니다. 먼저 회의록을 적어 주세요.")
    with deed("approve_minutes", actor=actor) as done:
        meeting.minutes_approved_at, meeting.minutes_approved_by = timezone.now(), actor
        meeting.full_clean()
        meeting.save()
        done.about(meeting, sha256=meeting.minutes_sha256)
        for callback in approved:
            callback(meeting)
    return meeting
