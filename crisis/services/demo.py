"""Invented council meetings on the real results of a past round, marked 예시."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.module_loading import import_string

from crisis.enums import FloorKind, ReasonCode, Stage
from crisis.models import Determination, Result, Round
from crisis.services.determinations import confirm_item
from crisis.services.floors import open_floor
from crisis.services.tabling import OK, set_stage, table_correction, table_round, tableable
from network import services as network
from network.enums import BallotChoice, RecusalKind
from network.models import AgendaItem, Council, Meeting
from network.rules import Vote
from portal.directory.enums import Role
from portal.directory.models import User
from portal.kernel.errors import Refusal

OFFICES = ("RO-GYEONGNAM", "RO-JEONBUK", "RO-ULSAN")
SHOWCASE = "RO-GYEONGNAM"  # the council that shows everything: a floor, a departure, a recusal, dissent, a correction
ROUND, HELD_ON, CORRECTED_ON = "2024H2", date(2025, 1, 24), date(2025, 2, 28)


LATER = (
    "crisis.plans.demo.load_plans_demo",
    "crisis.validation.demo.load_validation_demo",
    "crisis.workbench.demo.load_workbench_demo",
)
"""What rests on decided rounds, by name: apps above this one. Loading twice changes nothing."""


def load_what_follows() -> None:
    """Load what the demo shows of rounds and decisions, once the meetings were held."""
    for path in LATER:
        import_string(path)()


def hold_meetings() -> int | None:
    """Let three demo councils decide the round. None while the round is not evaluated; else how many met."""
    round = Round.objects.evaluated().filter(code=ROUND).first()
    if round is None:
        return None
    actor = User.objects.filter(is_demo=True, memberships__role=Role.HQ).order_by("pk").first()
    if actor is None:
        return 0
    councils = Council.objects.filter(is_demo=True, organization__code__in=OFFICES).select_related("organization")
    return sum(_hold(council, round, actor) for council in councils if not council.meetings.exists())


@transaction.atomic
def _hold(council: Council, round: Round, actor: User) -> int:
    meeting = network.plan_meeting(council=council, held_on=HELD_ON, place="예시 회의실", actor=actor, is_demo=True)
    results = [row for row in tableable(meeting=meeting, round=round) if row.status == OK]
    if not results:
        raise Refusal("nothing_to_table", f"{council}: 상정할 지역이 없습니다.")
    showcase = council.organization.code == SHOWCASE
    if showcase:
        _floor(results, actor)
    table_round(meeting=meeting, round=round, actor=actor)
    meeting = _open(meeting, actor, absent=1)
    if showcase:
        _depart(meeting, actor)
    for item in meeting.items.order_by("number"):
        _decide(item, actor, recuse=showcase and item.number == 1)
    _close(meeting, actor, "예시 회의록: 안건을 차례로 심의해 의결함.")
    if showcase:
        _correct(council, round, actor)
    return 1


def _open(meeting: Meeting, actor: User, *, absent: int) -> Meeting:
    voting = [seat.pk for seat in meeting.council.seats.in_force_on(meeting.held_on) if seat.votes]
    return network.open_meeting(meeting=meeting, present=voting[: len(voting) - absent], actor=actor)


def _floor(results: Sequence[Result], actor: User) -> None:
    """An invented loss of an anchor firm where the figures alone say 양호."""
    quiet = next((row for row in results if row.model_stage == Stage.GOOD), None)
    if quiet is not None:
        open_floor(
            area=quiet.area, kind=FloorKind.ANCHOR_LOSS, share=Decimal("12.5"), start=date(2024, 12, 1), actor=actor,
            evidence="예시: 지역 고용의 12.5%를 맡던 가상 기업이 2024년 12월에 가동을 멈춤.", is_demo=True,
        )  # fmt: skip


def _depart(meeting: Meeting, actor: User) -> None:
    """One area in caution is decided as good, for a reason: an item of its own."""
    rows = Determination.objects.awaiting_council().filter(agenda_item__meeting=meeting, model_stage=Stage.CAUTION)
    alarmed = rows.order_by("area__code").first()
    if alarmed is not None:
        set_stage(
            determination=alarmed, stage=Stage.GOOD, reason_code=ReasonCode.RECOVERY_CONFIRMED,
            reason_text="예시: 하반기 수주가 회복된 것을 입주기업 면담으로 확인함.",
            field_survey="예시: 2025. 1. 15. 입주기업 5곳 방문.", actor=actor,
        )  # fmt: skip


def _decide(item: AgendaItem, actor: User, *, recuse: bool) -> None:
    """Votes by name: one abstains and, where the council departs, one is against with an opinion."""
    if recuse:
        network.record_recusal(
            item=item, seat=network.voters_of(item)[-1], kind=RecusalKind.WITHDREW,
            reason="예시: 심의 대상 지역에 사업장을 둔 기업의 대표", actor=actor,
        )  # fmt: skip
    drafts = Determination.objects.awaiting_council().filter(agenda_item=item)
    departs = any(row.departs and not row.is_correction for row in drafts)
    votes = [Vote(seat.pk, BallotChoice.FOR) for seat in network.voters_of(item)]
    votes[1] = Vote(votes[1].seat_id, BallotChoice.ABSTAIN)
    if departs:
        opinion = "예시: 수출이 아직 줄고 있어 한 회차 더 지켜보아야 함."
        votes[2] = Vote(votes[2].seat_id, BallotChoice.AGAINST, opinion)
    corrects = any(row.is_correction for row in drafts)
    said = "예시: 빠진 신고를 확인하고 정정하기로 함." if corrects else "예시: 산출 근거를 검토하고 원안대로 의결함."
    if departs:
        said = "예시: 회복 근거를 검토해 조정하기로 함."
    confirm_item(item=item, votes=votes, minutes=said, actor=actor)


def _close(meeting: Meeting, actor: User, minutes: str) -> None:
    network.close_meeting(meeting=meeting, minutes=minutes, actor=actor)
    network.approve_minutes(meeting=meeting, actor=actor)


def _correct(council: Council, round: Round, actor: User) -> None:
    """A month later one decision is put right: as known and as corrected can be told apart on its page."""
    rows = Determination.objects.confirmed().filter(round=round, agenda_item__meeting__council=council)
    wrong = rows.filter(stage=Stage.GOOD, proposed_stage=Stage.GOOD).order_by("area__code").last()
    if wrong is None:
        return
    meeting = network.plan_meeting(
        council=council, held_on=CORRECTED_ON, place="예시 회의실", actor=actor, is_demo=True
    )
    meeting = _open(meeting, actor, absent=0)
    draft = table_correction(
        determination=wrong, meeting=meeting, stage=Stage.CAUTION, start=HELD_ON, actor=actor,
        correction_reason="예시: 의결한 뒤 휴·폐업 신고가 빠진 것을 확인함.",
        reason_code=ReasonCode.DATA_ERROR, reason_text="예시: 휴·폐업 신고 누락.",
    )  # fmt: skip
    _decide(draft.agenda_item, actor, recuse=False)
    _close(meeting, actor, "예시 회의록: 결정 한 건을 정정함.")
