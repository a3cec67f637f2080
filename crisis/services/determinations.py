"""The council has voted: what passed comes into force, once, and everyone who builds on it learns of it (method §8)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from crisis.enums import DETERMINATION_NEXT_STATES, DeterminationState, ReviewState
from crisis.models import Determination, Review, Round, StageChange
from crisis.rules import council
from crisis.selectors import floors_of
from crisis.services import hooks
from crisis.services.rounds import half_of
from crisis.services.tabling import refuse_shortfalls
from network import services as network
from network.enums import Outcome
from network.models import AgendaItem
from network.rules import Tally, Vote
from portal.directory.audit import deed
from portal.directory.models import User
from portal.directory.services import settle_notices
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from portal.kernel.queue import defer

_RELATIONS = {"area", "round", "result", "agenda_item", "confirmed_by", "supersedes"}


def _step(determination: Determination, state: str) -> None:
    if state not in DETERMINATION_NEXT_STATES[determination.state]:
        raise Refusal(
            "determination_state",
            f"‘{determination.get_state_display()}’인 결정은 ‘{DeterminationState(state).label}’(으)로 바꿀 수 없습니다.",
        )
    determination.state = state


@transaction.atomic
def confirm_item(
    *,
    item: AgendaItem,
    actor: User,
    tally: Tally | None = None,
    votes: Sequence[Vote] | None = None,
    dissent: str = "",
    minutes: str = "",
) -> AgendaItem:
    """Record the council's vote on an item and, if it passed, put its stages in force from the day of the meeting.

    The vote is given by name (`votes`) or as a count (`tally`). Refuses as `network.decide_item` does, a departure that
    the vote does not carry, and an item whose floors have changed since it was tabled. Of two heads who confirm at once
    the second finds it decided.
    """
    item = network.decide_item(item=item, tally=tally, votes=votes, actor=actor, dissent=dissent, minutes=minutes)
    drafts = list(
        Determination.objects.awaiting_council()
        .select_for_update(no_key=True, of=("self",))
        .filter(agenda_item=item)
        .select_related("area__region", "round")
        .prefetch_related("floors")
        .order_by("area_id")
    )
    passed = item.outcome == Outcome.PASSED
    if passed:
        _refuse_moved_floors(drafts, item.meeting.held_on)
    with deed("confirm_determinations", actor=actor) as done:
        for determination in drafts:
            determination.agenda_item = item
            if passed:
                _confirm(determination, actor)
            else:
                _step(determination, DeterminationState.WITHDRAWN)
                determination.save(update_fields=["state", "updated_at"])
        if passed:
            hooks.tell_confirmed(item, drafts)
        done.about(item, outcome=item.outcome, areas=len(drafts))
    if passed:
        defer("crisis.tasks.announce_stage_changes")
    return item


def _refuse_moved_floors(drafts: Sequence[Determination], day: date) -> None:
    """What the council voted on must still be the proposal: a floor entered or ended since the tabling changes it."""
    fresh = [draft for draft in drafts if not draft.is_correction]
    now = floors_of([draft.area_id for draft in fresh], day)
    moved = [
        draft.area.name_ko
        for draft in fresh
        if {floor.pk for floor in now.get(draft.area_id, [])} != {floor.pk for floor in draft.floors.all()}
    ]
    if moved:
        raise Refusal(
            "floors_changed",
            f"상정한 뒤 하한 사유가 바뀐 지역이 있습니다: {', '.join(moved[:10])}. 안건을 거두고 다시 상정해 주세요.",
        )


def _carried(determination: Determination) -> None:
    """Refuse a departure that its reasons or its votes do not carry."""
    item = determination.agenda_item
    cast = (item.votes_for or 0) + (item.votes_against or 0) + (item.abstentions or 0)
    refuse_shortfalls(
        determination,
        council.shortfalls(
            determination.proposed_stage,
            determination.stage or "",
            reason_code=determination.reason_code,
            reason_text=determination.reason_text,
            field_survey=bool(determination.field_survey.strip()),
            votes_for=item.votes_for or 0,
            votes_total=cast,
        ),
    )


def override_ends(round: Round, start: date) -> date:
    """The day on which an override of a round lapses unless the next round is decided before: it lasts one round.

    That is some days after the next cut-off, so that the council can meet in between (a policy choice).
    """
    next_cutoff = half_of(timezone.localdate(round.cutoff) + timedelta(days=1))[2]
    grace = timedelta(days=council.OVERRIDE_GRACE_DAYS)
    return max(timezone.localdate(next_cutoff), start) + grace


def _confirm(determination: Determination, actor: User) -> None:
    _carried(determination)
    before: Determination | None
    if determination.is_correction:
        before, start, end = _make_room_for_correction(determination)
    else:
        before, start, end = _make_room(determination, determination.agenda_item.meeting.held_on)
    if determination.departs:
        lapse = override_ends(determination.round, start)
        end = lapse if end is None else min(end, lapse)
    _step(determination, DeterminationState.CONFIRMED)
    determination.effective = determination.effective_at_confirmation = period(start, end)
    determination.confirmed_at, determination.confirmed_by = timezone.now(), actor
    # Fields only: relations and constraints were judged when it was tabled and are judged by the database now. Asking
    # for each of them again is twenty questions an area, and a council decides up to two hundred at once.
    determination.clean_fields(exclude=_RELATIONS)
    determination.save()
    if determination.is_correction and before is not None:
        _close_review(before, determination, actor)
        hooks.tell_superseded(before, determination)
    from_stage = before.stage if before else None
    if from_stage != determination.stage:
        StageChange.objects.create(
            determination=determination,
            area=determination.area,
            from_stage=from_stage,
            to_stage=determination.stage,
            on=start,
        )


def _make_room(determination: Determination, start: date) -> tuple[Determination | None, date, date | None]:
    """End what is in force on the day. Returns it, the first day of the new decision and the day it must give way."""
    before = (
        Determination.objects.confirmed()
        .select_for_update(no_key=True, of=("self",))
        .filter(area=determination.area, effective__contains=start)
        .first()
    )
    if before is not None and before.effective is not None:
        if before.effective.lower >= start:
            raise Refusal(
                "already_in_force", f"{determination.area.name_ko}: 같은 날부터 적용되는 결정이 이미 있습니다."
            )
        before.effective = period(before.effective.lower, start)
        before.save(update_fields=["effective", "updated_at"])
    later = (
        Determination.objects.confirmed()
        .filter(area=determination.area, effective__startswith__gt=start)
        .order_by("effective__startswith")
        .first()
    )
    return before, start, later.effective.lower if later is not None and later.effective is not None else None


def _make_room_for_correction(determination: Determination) -> tuple[Determination, date, date | None]:
    """The corrected decision gives up its days from `corrects_from`; all of them, and it is 정정됨."""
    old = Determination.objects.select_for_update(no_key=True, of=("self",)).get(pk=determination.supersedes_id)
    start = determination.corrects_from
    if old.state != DeterminationState.CONFIRMED or old.effective is None or start is None:
        raise Refusal("not_confirmed", "정정할 결정이 더는 확정 상태가 아닙니다. 안건을 거두어 주세요.")
    first, end = old.effective.lower, old.effective.upper
    if start < first or (end is not None and start >= end):
        raise Refusal(
            "outside_the_period",
            f"{determination.area.name_ko}: 상정한 뒤 그 결정의 적용 기간이 바뀌어 정정 적용일이 기간을 벗어났습니다. 안건을 거두고 다시 상정해 주세요.",
        )
    if start == first:
        _step(old, DeterminationState.SUPERSEDED)
        old.superseded_at = timezone.now()
        old.save(update_fields=["state", "superseded_at", "updated_at"])
    else:
        old.effective = period(first, start)
        old.save(update_fields=["effective", "updated_at"])
    return old, start, end


def _close_review(old: Determination, correction: Determination, actor: User) -> None:
    """The review that led to a correction is done with it."""
    for review in Review.objects.open().select_for_update(no_key=True).filter(determination=old):
        review.state, review.correction = ReviewState.CORRECTED, correction
        review.decided_at, review.decided_by = correction.confirmed_at, actor
        review.reason = correction.correction_reason
        review.save()
        settle_notices(f"review:{review.pk}")
