"""From the method's proposal to the stage in force: tabled, voted on, confirmed (method §8)."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from crisis.enums import DETERMINATION_NEXT_STATES, AreaLevel, DeterminationState, ReasonCode
from crisis.models import Area, Determination, Result, Round, StageChange
from crisis.rules import council
from network import services as network
from network.enums import Outcome
from network.models import AgendaItem, Meeting
from network.rules import Tally
from portal.directory.audit import deed
from portal.directory.models import User
from portal.directory.scope import jurisdiction_of
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from portal.kernel.queue import defer

OK = "OK"
DECIDED_LEVELS = (AreaLevel.SIGUNGU, AreaLevel.CLUSTER)


def _step(determination: Determination, state: str) -> None:
    if state not in DETERMINATION_NEXT_STATES[determination.state]:
        raise Refusal(
            "determination_state",
            f"‘{determination.get_state_display()}’인 결정은 ‘{DeterminationState(state).label}’(으)로 바꿀 수 없습니다.",
        )
    determination.state = state


def tableable(*, meeting: Meeting, round: Round) -> QuerySet[Result]:
    """Official results of the council's own areas that nobody has decided or is deciding in this round."""
    scope = jurisdiction_of(meeting.council.organization_id, meeting.held_on)
    taken = Determination.objects.filter(
        round=round, state__in=[DeterminationState.DRAFT, DeterminationState.CONFIRMED]
    ).values("area_id")
    areas = Area.objects.filter(scope.regions("region"), level__in=DECIDED_LEVELS).exclude(pk__in=taken)
    return (
        Result.objects.filter(run__round=round, official=True, run__finished_at__isnull=False, area__in=areas)
        .select_related("area", "run")
        .order_by("area__code")
    )


@transaction.atomic
def table_round(*, meeting: Meeting, round: Round, actor: User, areas: Collection[int] | None = None) -> AgendaItem:
    """Put every proposal of a round for the council's areas on the agenda as one item, decided as proposed.

    With `areas` (primary keys) only those of them are tabled; the others can follow in an item of their own.
    Areas whose data do not allow a stage (판정보류) are not tabled by themselves: a council may decide them only on
    field evidence.
    """
    results = [
        result
        for result in tableable(meeting=meeting, round=round)
        if result.status == OK and (areas is None or result.area_id in areas)
    ]
    if not results:
        raise Refusal(
            "nothing_to_table", "이 회차에 상정할 지역이 없습니다. 산출이 끝났는지, 이미 상정했는지 확인해 주세요."
        )
    item = network.add_item(
        meeting=meeting, title=f"{round.title} 위기징후 단계 결정(원안, {len(results)}개 지역)", actor=actor
    )
    with deed("table_round", actor=actor) as done:
        Determination.objects.bulk_create(
            [
                Determination(
                    area=result.area,
                    round=round,
                    result=result,
                    agenda_item=item,
                    model_stage=result.model_stage,
                    proposed_stage=result.model_stage,
                    stage=result.model_stage,
                    is_demo=meeting.is_demo,
                )
                for result in results
            ]
        )
        done.about(item, round=round.code, areas=len(results))
    return item


@transaction.atomic
def set_stage(
    *,
    determination: Determination,
    stage: str,
    reason_code: str,
    reason_text: str,
    field_survey: str,
    actor: User,
) -> Determination:
    """Depart from the proposal for one area, or return to it.

    A departure needs a reason code and text and becomes an agenda item of its own, to be voted on separately; two
    steps also need a field survey, and two thirds of the votes when it is decided.
    """
    determination = (
        Determination.objects.select_for_update(no_key=True, of=("self",))
        .select_related("area__region", "round", "agenda_item__meeting")
        .get(pk=determination.pk)
    )
    if determination.state != DeterminationState.DRAFT or determination.agenda_item.outcome != Outcome.PENDING:
        raise Refusal("determination_decided", "이미 의결된 지역은 바꿀 수 없습니다.")
    departs = stage != determination.proposed_stage
    _refuse_shortfalls(
        determination,
        council.shortfalls(
            determination.proposed_stage,
            stage,
            reason_code=reason_code,
            reason_text=reason_text,
            field_survey=bool(field_survey.strip()),
            allowed_reasons=ReasonCode.values,
        ),
        before_the_vote=True,
    )
    item = determination.agenda_item
    meeting = item.meeting
    with deed("set_stage", actor=actor, reason=reason_text) as done:
        if departs and not determination.departs:
            determination.agenda_item = network.add_item(
                meeting=meeting,
                title=f"{determination.round.title} {determination.area.name_ko} 단계 결정(제안과 다름)",
                actor=actor,
            )
        elif not departs and determination.departs:
            determination.agenda_item = _collective_item(determination, meeting, actor)
        determination.stage = stage
        determination.reason_code = ReasonCode(reason_code) if departs else ""
        determination.reason_text = reason_text if departs else ""
        determination.field_survey = field_survey
        determination.full_clean()
        determination.save()
        if determination.agenda_item_id != item.pk:
            _withdraw_if_empty(item)
        done.about(determination, region=determination.area.region, stage=stage, proposed=determination.proposed_stage)
    return determination


_FIELDS = {
    council.NO_REASON: "reason_code",
    council.UNKNOWN_REASON: "reason_code",
    council.NO_TEXT: "reason_text",
    council.NO_SURVEY: "field_survey",
}


def _refuse_shortfalls(
    determination: Determination, found: list[council.Shortfall], *, before_the_vote: bool = False
) -> None:
    """Refuse with everything that is missing at once; votes cannot be missing before there was a vote."""
    missing = [one for one in found if not (before_the_vote and one.code == council.NO_MAJORITY)]
    if missing:
        raise Refusal(
            "departure_not_carried",
            f"{determination.area.name_ko}: " + " ".join(one.message for one in missing),
            {_FIELDS[one.code]: one.message for one in missing if one.code in _FIELDS},
        )


def _collective_item(determination: Determination, meeting: Meeting, actor: User) -> AgendaItem:
    """The pending item of the same meeting and round in which areas are decided as proposed."""
    sibling = (
        Determination.objects.awaiting_council()
        .filter(round=determination.round, agenda_item__meeting=meeting, agenda_item__outcome=Outcome.PENDING)
        .filter(stage__isnull=False)
        .exclude(pk=determination.pk)
        .select_related("agenda_item")
    )
    for other in sibling:
        if not other.departs:
            return other.agenda_item
    return network.add_item(meeting=meeting, title=f"{determination.round.title} 위기징후 단계 결정(원안)", actor=actor)


def _withdraw_if_empty(item: AgendaItem) -> None:
    """An item that no area is on any more leaves the agenda."""
    if not Determination.objects.awaiting_council().filter(agenda_item=item).exists():
        network.withdraw_item(item=item)


@transaction.atomic
def confirm_item(*, item: AgendaItem, tally: Tally, actor: User, dissent: str = "") -> AgendaItem:
    """Record the council's vote on an item and, if it passed, put its stages in force from the day of the meeting."""
    item = network.decide_item(item=item, tally=tally, actor=actor, dissent=dissent)
    drafts = list(
        Determination.objects.awaiting_council()
        .select_for_update(no_key=True, of=("self",))
        .filter(agenda_item=item)
        .select_related("area__region", "round")
        .order_by("area_id")
    )
    with deed("confirm_determinations", actor=actor) as done:
        for determination in drafts:
            if item.outcome == Outcome.PASSED:
                _confirm(determination, tally, item.meeting.held_on, actor)
            else:
                _step(determination, DeterminationState.WITHDRAWN)
                determination.save(update_fields=["state", "updated_at"])
        done.about(item, outcome=item.outcome, areas=len(drafts))
    if item.outcome == Outcome.PASSED:
        defer("crisis.tasks.announce_stage_changes")
    return item


def _confirm(determination: Determination, tally: Tally, start: date, actor: User) -> None:
    _refuse_shortfalls(
        determination,
        council.shortfalls(
            determination.proposed_stage,
            determination.stage or "",
            reason_code=determination.reason_code,
            reason_text=determination.reason_text,
            field_survey=bool(determination.field_survey.strip()),
            votes_for=tally.votes_for,
            votes_total=tally.cast,
        ),
    )
    before = (
        Determination.objects.confirmed()
        .select_for_update(no_key=True, of=("self",))
        .filter(area=determination.area, effective__contains=start)
        .first()
    )
    if before is not None:
        if before.effective.lower >= start:
            raise Refusal(
                "already_in_force", f"{determination.area.name_ko}: 같은 날부터 적용되는 결정이 이미 있습니다."
            )
        before.effective = period(before.effective.lower, start)
        before.save(update_fields=["effective", "updated_at"])
    _step(determination, DeterminationState.CONFIRMED)
    later = (
        Determination.objects.confirmed()
        .filter(area=determination.area, effective__startswith__gt=start)
        .order_by("effective__startswith")
        .first()
    )
    determination.effective = period(start, later.effective.lower if later else None)
    determination.confirmed_at, determination.confirmed_by = timezone.now(), actor
    determination.full_clean()
    determination.save()
    from_stage = before.stage if before else None
    if from_stage != determination.stage:
        StageChange.objects.create(
            determination=determination,
            area=determination.area,
            from_stage=from_stage,
            to_stage=determination.stage,
            on=start,
        )


@transaction.atomic
def withdraw_item(*, item: AgendaItem, actor: User, reason: str) -> None:
    """Take an undecided item with its drafts off the agenda."""
    item = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if item.outcome != Outcome.PENDING:
        raise Refusal("already_decided", "이미 의결된 안건은 거둘 수 없습니다.")
    if not reason.strip():
        raise Refusal("reason_needed", "안건을 거두는 사유를 적어 주세요.", {"reason": "사유를 적으세요."})
    with deed("withdraw_item", actor=actor, reason=reason) as done:
        done.about(item)
        Determination.objects.awaiting_council().filter(agenda_item=item).update(state=DeterminationState.WITHDRAWN)
        network.withdraw_item(item=item)


def claim_announcements(limit: int = 200) -> list[StageChange]:
    """Take unannounced stage changes for telling; each is taken once, whoever asks."""
    with transaction.atomic():
        rows = list(StageChange.objects.unannounced().select_for_update(skip_locked=True).order_by("pk")[:limit])
        StageChange.objects.filter(pk__in=[row.pk for row in rows]).update(announced_at=timezone.now())
    return rows
