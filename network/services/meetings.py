"""A council meets: planned, opened with its quorum, each item put to the vote, closed."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from network.enums import MEETING_NEXT_STATES, MeetingState, Outcome
from network.models import AgendaItem, Attendance, Council, Meeting
from network.rules import has_quorum, majority_of
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.errors import Refusal


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(no_key=True, of=("self",)).select_related("council").get(pk=meeting.pk)


def _step(meeting: Meeting, state: str) -> None:
    if state not in MEETING_NEXT_STATES[meeting.state]:
        raise Refusal(
            "meeting_state",
            f"‘{meeting.get_state_display()}’ 상태의 회의는 ‘{MeetingState(state).label}’(으)로 바꿀 수 없습니다.",
        )
    meeting.state = state


@transaction.atomic
def plan_meeting(*, council: Council, held_on: date, place: str, actor: User, is_demo: bool = False) -> Meeting:
    """Call a meeting; it gets the council's next number."""
    Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    last = council.meetings.aggregate(last=Max("number"))["last"] or 0
    with deed("plan_meeting", actor=actor) as done:
        meeting = Meeting(council=council, number=last + 1, held_on=held_on, place=place, is_demo=is_demo)
        meeting.full_clean()
        meeting.save()
        done.about(meeting, held_on=held_on.isoformat())
    return meeting


@transaction.atomic
def open_meeting(*, meeting: Meeting, present: Collection[int], actor: User) -> Meeting:
    """Open a meeting with those present (`present`: primary keys of seats); refused without a quorum.

    The enrolled are the voting seats on the day of the meeting (decree §11: a majority of them must be there).
    """
    meeting = _locked(meeting)
    seats = [seat for seat in meeting.council.seats.in_force_on(meeting.held_on) if seat.votes]
    here = [seat for seat in seats if seat.pk in set(present)]
    if set(present) - {seat.pk for seat in seats}:
        raise Refusal(
            "not_a_seat", "이 회의의 재적 위원이 아닌 사람이 출석으로 표시되어 있습니다. 명단을 다시 확인해 주세요."
        )
    if not has_quorum(enrolled=len(seats), present=len(here)):
        raise Refusal(
            "no_quorum",
            f"의사정족수에 미치지 못합니다. 재적 {len(seats)}명 가운데 {majority_of(len(seats))}명이 있어야 하는데 {len(here)}명이 출석했습니다.",
        )
    if meeting.held_on > timezone.localdate():
        raise Refusal("meeting_not_yet", "아직 오지 않은 날의 회의는 열 수 없습니다.")
    with deed("open_meeting", actor=actor) as done:
        _step(meeting, MeetingState.OPEN)
        meeting.opened_at = timezone.now()
        meeting.enrolled_count, meeting.present_count = len(seats), len(here)
        meeting.save()
        chosen = {seat.pk for seat in here}
        Attendance.objects.bulk_create(
            [Attendance(meeting=meeting, seat=seat, present=seat.pk in chosen) for seat in seats]
        )
        done.about(meeting, enrolled=len(seats), present=len(here))
    return meeting


@transaction.atomic
def add_item(*, meeting: Meeting, title: str, actor: User) -> AgendaItem:
    """Put a matter on the agenda of a meeting that is not over."""
    meeting = _locked(meeting)
    if meeting.state not in {MeetingState.PLANNED, MeetingState.OPEN}:
        raise Refusal("meeting_over", "끝난 회의에는 안건을 더할 수 없습니다.")
    last = meeting.items.aggregate(last=Max("number"))["last"] or 0
    with deed("add_agenda_item", actor=actor) as done:
        item = AgendaItem(meeting=meeting, number=last + 1, title=title)
        item.full_clean()
        item.save()
        done.about(item, meeting=str(meeting))
    return item


@transaction.atomic
def withdraw_item(*, item: AgendaItem) -> AgendaItem:
    """Take an undecided item off the agenda; it stays on record as withdrawn."""
    item = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if item.outcome != Outcome.PENDING:
        raise Refusal("already_decided", "이미 의결된 안건은 거둘 수 없습니다.")
    item.outcome = Outcome.WITHDRAWN
    item.save(update_fields=["outcome", "updated_at"])
    return item


@transaction.atomic
def close_meeting(*, meeting: Meeting, minutes: str, actor: User) -> Meeting:
    """Close a meeting once every item is decided. Its minutes may still be worked on until they are approved."""
    meeting = _locked(meeting)
    waiting = meeting.items.filter(outcome=Outcome.PENDING).count()
    if waiting:
        raise Refusal(
            "items_pending", f"의결하지 않은 안건이 {waiting}건 있습니다. 의결하거나 다음 회의로 넘긴 뒤 폐회해 주세요."
        )
    with deed("close_meeting", actor=actor) as done:
        _step(meeting, MeetingState.CLOSED)
        meeting.closed_at, meeting.minutes = timezone.now(), minutes
        meeting.save()
        done.about(meeting)
    return meeting
