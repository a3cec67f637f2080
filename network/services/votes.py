"""An item is put to the vote: who takes no part, who voted how, and whether it passed.

The decree knows two majorities (§11): of the enrolled, to meet, and of those present, to decide. A recused member is
counted in neither for the matter they are recused from; that reading is a choice, to be confirmed with the ministry.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from network.enums import BallotChoice, MeetingState, Outcome, RecusalKind
from network.models import AgendaItem, Ballot, Recusal, Seat
from network.rules import Tally, Vote, has_quorum, majority_of
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.errors import Refusal


def _locked(item: AgendaItem) -> AgendaItem:
    found = AgendaItem.objects.select_for_update(no_key=True, of=("self",)).select_related("meeting__council")
    return found.get(pk=item.pk)


def _refuse_if_decided(item: AgendaItem) -> None:
    if item.outcome != Outcome.PENDING:
        raise Refusal("already_decided", "이미 의결된 안건입니다.")


@transaction.atomic
def record_recusal(*, item: AgendaItem, seat: Seat, kind: str, reason: str, actor: User) -> Recusal:
    """A member of the council takes no part in an undecided item, for a stated reason."""
    item = _locked(item)
    _refuse_if_decided(item)
    meeting = item.meeting
    if not seat.votes or not meeting.council.seats.in_force_on(meeting.held_on).filter(pk=seat.pk).exists():
        raise Refusal("not_a_seat", "이 회의의 재적 위원이 아닙니다. 명단을 다시 확인해 주세요.")
    if not reason.strip():
        raise Refusal("reason_needed", "사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    if item.recusals.filter(seat=seat).exists():
        raise Refusal("already_recused", "이 안건에서 이미 빠진 위원입니다.")
    with deed("record_recusal", actor=actor, reason=reason) as done:
        recusal = Recusal(item=item, seat=seat, kind=RecusalKind(kind), reason=reason.strip(), recorded_by=actor)
        recusal.full_clean()
        recusal.save()
        done.about(item, seat=str(seat), kind=kind)
    return recusal


@transaction.atomic
def drop_recusal(*, recusal: Recusal, actor: User, reason: str) -> None:
    """Take back a recusal entered by mistake, before the vote; the history keeps it."""
    item = _locked(recusal.item)
    _refuse_if_decided(item)
    if not reason.strip():
        raise Refusal("reason_needed", "사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    with deed("drop_recusal", actor=actor, reason=reason) as done:
        done.about(item, seat=str(recusal.seat))
        recusal.delete()


def voters_of(item: AgendaItem) -> list[Seat]:
    """The seats that may vote on an item of an opened meeting: those present and not recused, the chair first."""
    present = item.meeting.attendances.filter(present=True).exclude(seat__in=item.recusals.values("seat"))
    seats = [row.seat for row in present.select_related("seat").order_by("seat_id")]
    return sorted(seats, key=lambda seat: seat.position != "CHAIR")


@transaction.atomic
def decide_item(
    *,
    item: AgendaItem,
    actor: User,
    tally: Tally | None = None,
    votes: Sequence[Vote] | None = None,
    dissent: str = "",
    minutes: str = "",
) -> AgendaItem:
    """Record the vote on an item, by name (`votes`) or as a count (`tally`); exactly one of the two.

    Everyone who is present and not recused is counted once: for, against or abstaining. Passed when more than half of
    them are for it. Refuses a closed meeting, a decided item, votes that do not add up and a lost quorum.
    """
    item = _locked(item)
    meeting = item.meeting
    if meeting.state != MeetingState.OPEN or meeting.present_count is None or meeting.enrolled_count is None:
        raise Refusal("meeting_not_open", "개의한 회의에서만 표결할 수 있습니다. 먼저 출석을 확인하고 개의해 주세요.")
    _refuse_if_decided(item)
    recused = set(item.recusals.values_list("seat_id", flat=True))
    voters = {seat.pk for seat in voters_of(item)}
    enrolled = meeting.enrolled_count - len(recused)
    if not has_quorum(enrolled=enrolled, present=len(voters)):
        raise Refusal(
            "no_quorum_for_item",
            f"제척·기피·회피 위원을 빼면 의사정족수에 미치지 못합니다. 재적 {enrolled}명 가운데 {majority_of(enrolled)}명이 있어야 하는데 {len(voters)}명입니다.",
        )
    if (tally is None) == (votes is None):
        raise ValueError("give either a tally or votes")
    if votes is not None:
        _refuse_strange_votes(votes, voters)
        tally = Tally.of(votes)
    assert tally is not None  # noqa: S101 - one of the two was given
    if tally.cast != len(voters):
        raise Refusal(
            "votes_do_not_add_up",
            f"찬성·반대·기권을 더하면 {tally.cast}표인데 표결할 위원은 {len(voters)}명입니다. 표 수를 다시 확인해 주세요.",
        )
    with deed("decide_agenda_item", actor=actor) as done:
        if votes is not None:
            Ballot.objects.bulk_create(
                [Ballot(item=item, seat_id=one.seat_id, choice=one.choice, dissent=one.dissent) for one in votes]
            )
        item.votes_for, item.votes_against, item.abstentions = tally.votes_for, tally.votes_against, tally.abstentions
        item.recused_count = len(recused)
        item.outcome = Outcome.PASSED if tally.passes(present=len(voters)) else Outcome.REJECTED
        item.dissent, item.minutes, item.decided_at = dissent, minutes, timezone.now()
        item.full_clean()
        item.save()
        done.about(
            item, outcome=item.outcome, votes_for=tally.votes_for, votes_against=tally.votes_against,
            recused=len(recused), by_name=votes is not None,
        )  # fmt: skip
    return item


def _refuse_strange_votes(votes: Sequence[Vote], voters: set[int]) -> None:
    """Each voter once, nobody else, and only votes that exist."""
    seats = [vote.seat_id for vote in votes]
    if len(seats) != len(set(seats)) or set(seats) != voters:
        raise Refusal(
            "votes_do_not_add_up",
            "표결할 위원마다 한 표씩 적어 주세요. 출석하지 않았거나 이 안건에서 빠진 위원은 표결할 수 없습니다.",
        )
    if any(vote.choice not in BallotChoice.values for vote in votes):
        raise Refusal("unknown_vote", "찬성, 반대, 기권 가운데 하나를 골라 주세요.")
