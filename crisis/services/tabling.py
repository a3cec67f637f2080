"""What a council is asked: the proposals of a round, single areas on field evidence, departures, corrections."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from crisis.enums import AreaLevel, DeterminationState, ReasonCode
from crisis.models import Area, Determination, Floor, Result, Round
from crisis.rules import council
from crisis.selectors import floors_of
from network import services as network
from network.enums import Outcome
from network.models import AgendaItem, Meeting
from portal.directory.audit import deed
from portal.directory.models import User
from portal.directory.scope import jurisdiction_of
from portal.kernel.errors import Refusal

OK = "OK"
DECIDED_LEVELS = (AreaLevel.SIGUNGU, AreaLevel.CLUSTER)

_FIELDS = {
    council.NO_REASON: "reason_code",
    council.UNKNOWN_REASON: "reason_code",
    council.NO_TEXT: "reason_text",
    council.NO_SURVEY: "field_survey",
}


def refuse_shortfalls(
    determination: Determination, found: Iterable[council.Shortfall], *, before_the_vote: bool = False
) -> None:
    """Refuse with everything that is missing at once; votes cannot be missing before there was a vote."""
    missing = [one for one in found if not (before_the_vote and one.code == council.NO_MAJORITY)]
    if missing:
        raise Refusal(
            "departure_not_carried",
            f"{determination.area.name_ko}: " + " ".join(one.message for one in missing),
            {_FIELDS[one.code]: one.message for one in missing if one.code in _FIELDS},
        )


def tableable(*, meeting: Meeting, round: Round) -> QuerySet[Result]:
    """Official results of the council's own areas that nobody has decided or is deciding in this round."""
    scope = jurisdiction_of(meeting.council.organization_id, meeting.held_on)
    taken = Determination.objects.filter(
        round=round, state__in=[DeterminationState.DRAFT, DeterminationState.CONFIRMED]
    ).values("area_id")
    areas = Area.objects.filter(scope.regions("region"), level__in=DECIDED_LEVELS).exclude(pk__in=taken)
    return (
        Result.objects.filter(run__round=round, official=True, run__finished_at__isnull=False, area__in=areas)
        .select_related("area__region", "run")
        .order_by("area__code")
    )


def _model_stage(result: Result) -> str | None:
    """None where the data allow no stage: a stage carried over from the last round proposes nothing (method §5)."""
    return result.model_stage if result.status == OK else None


def _draft(result: Result, round: Round, item: AgendaItem, floors: Collection[Floor]) -> Determination:
    """An unsaved draft whose proposal is the worst of the model stage and the floors, decided as proposed."""
    stages = [floor.stage for floor in floors]
    model = _model_stage(result)
    proposed = council.proposal(model, stages)
    return Determination(
        area=result.area,
        round=round,
        result=result,
        agenda_item=item,
        model_stage=model,
        floor_stage=council.proposal(None, stages),
        proposed_stage=proposed,
        stage=proposed,
        is_demo=item.meeting.is_demo,
    )


def _keep_floors(drafts: Iterable[Determination], floors: dict[int, list[Floor]]) -> None:
    through = Determination.floors.through
    through.objects.bulk_create(
        [
            through(determination_id=draft.pk, floor_id=floor.pk)
            for draft in drafts
            for floor in floors.get(draft.area_id, [])
        ]
    )


@transaction.atomic
def table_round(*, meeting: Meeting, round: Round, actor: User, areas: Collection[int] | None = None) -> AgendaItem:
    """Put every proposal of a round for the council's areas on the agenda as one item, decided as proposed.

    The proposal is the worst of the model stage and the floors active on the day of the meeting, as known now. With
    `areas` (primary keys) only those of them are tabled; the others can follow in an item of their own. Areas without
    a proposal (판정보류 and no floor) are left out: `table_area` takes them, on field evidence.
    """
    found = [row for row in tableable(meeting=meeting, round=round) if areas is None or row.area_id in areas]
    floors = floors_of([row.area_id for row in found], meeting.held_on)
    results = [row for row in found if row.status == OK or row.area_id in floors]
    if not results:
        raise Refusal(
            "nothing_to_table", "이 회차에 상정할 지역이 없습니다. 산출이 끝났는지, 이미 상정했는지 확인해 주세요."
        )
    item = network.add_item(
        meeting=meeting, title=f"{round.title} 위기징후 단계 결정(원안, {len(results)}개 지역)", actor=actor
    )
    with deed("table_round", actor=actor) as done:
        drafts = Determination.objects.bulk_create(
            [_draft(result, round, item, floors.get(result.area_id, [])) for result in results]
        )
        _keep_floors(drafts, floors)
        done.about(item, round=round.code, areas=len(results), with_floor=len(floors))
    return item


@transaction.atomic
def table_area(
    *, meeting: Meeting, result: Result, stage: str, reason_code: str, reason_text: str, field_survey: str, actor: User
) -> AgendaItem:
    """Put one area whose data allow no stage before the council, on the evidence of a field survey, as its own item."""
    round = result.run.round
    if not tableable(meeting=meeting, round=round).filter(pk=result.pk).exists():
        raise Refusal("not_tableable", "이 협의회가 상정할 수 없는 지역이거나 이미 심의 중인 지역입니다.")
    floors = floors_of([result.area_id], meeting.held_on)
    if result.status == OK or result.area_id in floors:
        raise Refusal("has_a_proposal", "제안이 있는 지역입니다. 회차를 상정한 뒤 결정안을 바꾸어 주세요.")
    item = network.add_item(
        meeting=meeting, title=f"{round.title} {result.area.name_ko} 단계 결정(자료 부족, 현장조사)", actor=actor
    )
    draft = _draft(result, round, item, ())
    _depart(draft, stage, reason_code, reason_text, field_survey)
    with deed("table_area", actor=actor, reason=reason_text) as done:
        draft.full_clean()
        draft.save()
        done.about(draft, region=result.area.region, stage=stage)
    return item


@transaction.atomic
def table_correction(
    *,
    determination: Determination,
    meeting: Meeting,
    stage: str,
    correction_reason: str,
    start: date,
    actor: User,
    reason_code: str = "",
    reason_text: str = "",
    field_survey: str = "",
) -> Determination:
    """Put a correction of a confirmed determination before its council: a new one that will supersede it from `start`.

    The correction is judged against the same proposal, by the same rules. From the first day of the old decision on, the
    old one becomes 정정됨 as a whole; from a later day it keeps its days before. Nothing happens until the council votes.
    """
    old = (
        Determination.objects.select_for_update(no_key=True, of=("self",))
        .select_related("area__region", "round", "result", "agenda_item__meeting__council")
        .get(pk=determination.pk)
    )
    if old.state != DeterminationState.CONFIRMED or old.effective is None:
        raise Refusal("not_confirmed", "확정되어 있는 결정만 정정할 수 있습니다.")
    if old.agenda_item.meeting.council_id != meeting.council_id:
        raise Refusal("other_council", "결정한 협의회의 회의에만 정정을 상정할 수 있습니다.")
    if old.corrections.exclude(state=DeterminationState.WITHDRAWN).exists():
        raise Refusal("already_corrected", "이미 정정했거나 정정을 심의 중인 결정입니다.")
    if not correction_reason.strip():
        sentence = "무엇이 잘못되었고 어떻게 확인했는지 정정 사유를 적어 주세요."
        raise Refusal("reason_needed", sentence, {"correction_reason": sentence})
    if start < old.effective.lower or (old.effective.upper is not None and start >= old.effective.upper):
        sentence = "정정은 그 결정이 적용되는 기간 안의 날부터 할 수 있습니다."
        raise Refusal("outside_the_period", sentence, {"start": sentence})
    if stage == old.stage:
        raise Refusal("nothing_corrected", "정정할 단계가 지금 단계와 같습니다.", {"stage": "다른 단계를 골라 주세요."})
    item = network.add_item(meeting=meeting, title=f"{old.round.title} {old.area.name_ko} 단계 결정 정정", actor=actor)
    draft = Determination(
        area=old.area, round=old.round, result=old.result, agenda_item=item, model_stage=old.model_stage,
        floor_stage=old.floor_stage, proposed_stage=old.proposed_stage, supersedes=old,
        correction_reason=correction_reason.strip(), corrects_from=start, is_demo=old.is_demo,
    )  # fmt: skip
    _depart(draft, stage, reason_code, reason_text, field_survey)
    with deed("table_correction", actor=actor, reason=correction_reason) as done:
        draft.full_clean()
        draft.save()
        draft.floors.set(old.floors.all())
        done.about(draft, region=old.area.region, stage=stage, corrects=old.pk, start=start.isoformat())
    return draft


def _depart(draft: Determination, stage: str, reason_code: str, reason_text: str, field_survey: str) -> None:
    """Give a draft its stage with the reasons a departure needs; refuses with all that is missing."""
    refuse_shortfalls(
        draft,
        council.shortfalls(
            draft.proposed_stage,
            stage,
            reason_code=reason_code,
            reason_text=reason_text,
            field_survey=bool(field_survey.strip()),
            allowed_reasons=ReasonCode.values,
        ),
        before_the_vote=True,
    )
    departs = stage != draft.proposed_stage
    draft.stage = stage
    draft.reason_code = ReasonCode(reason_code) if departs else ""
    draft.reason_text = reason_text if departs else ""
    draft.field_survey = field_survey


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
    if determination.is_correction:
        raise Refusal("correction_is_fixed", "정정안은 안건을 거두고 다시 상정해 주세요.")
    if determination.proposed_stage is None and not stage:
        raise Refusal("stage_needed", "결정 단계를 골라 주세요.", {"stage": "단계를 골라 주세요."})
    departed = determination.departs
    _depart(determination, stage, reason_code, reason_text, field_survey)
    item = determination.agenda_item
    meeting = item.meeting
    with deed("set_stage", actor=actor, reason=reason_text) as done:
        if determination.departs and not departed:
            determination.agenda_item = network.add_item(
                meeting=meeting,
                title=f"{determination.round.title} {determination.area.name_ko} 단계 결정(제안과 다름)",
                actor=actor,
            )
        elif not determination.departs and departed:
            determination.agenda_item = _collective_item(determination, meeting, actor)
        determination.full_clean()
        determination.save()
        if determination.agenda_item_id != item.pk:
            _withdraw_if_empty(item)
        done.about(determination, region=determination.area.region, stage=stage, proposed=determination.proposed_stage)
    return determination


def _collective_item(determination: Determination, meeting: Meeting, actor: User) -> AgendaItem:
    """The pending item of the same meeting and round in which areas are decided as proposed."""
    sibling = (
        Determination.objects.awaiting_council()
        .filter(round=determination.round, agenda_item__meeting=meeting, agenda_item__outcome=Outcome.PENDING)
        .filter(stage__isnull=False, supersedes=None)
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
