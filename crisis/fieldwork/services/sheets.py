"""A workplace's sheet is written, handed in, corrected; or why there is none is told.

Writers hold the campaign shared and the sheet's row: closing waits for whoever is writing, and the late find it closed.
`seen` is the version the writer had before their eyes (0: nothing yet).
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from crisis.fieldwork.enums import NO_ANSWER, CampaignState, UnitState
from crisis.fieldwork.models import Campaign, Unit, UnitRevision
from crisis.fieldwork.rules import questionnaire as rules
from crisis.fieldwork.services.common import locked, needs_runner, shared
from crisis.fieldwork.services.results import derive_results
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.intake.models import Upload
from portal.kernel import display
from portal.kernel.errors import ChangedMeanwhile, Refusal

Answers = Mapping[str, Any]


def _held(unit: Unit, campaign: Campaign) -> Unit:
    rows = Unit.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("place__cluster__region", "workplace__company").get(pk=unit.pk)
    found.campaign = campaign
    return found


def _for_entry(unit: Unit, actor: User) -> Unit:
    """The sheet held for writing. Refuses strangers, days outside the entry period, a campaign that is not open."""
    campaign = shared(unit.campaign)
    held = _held(unit, campaign)
    if not scope_of(actor).within(Capability.ENTER_SURVEYS).holds(held.place.cluster.region_id):
        raise Refusal("out_of_scope", "관할 지역의 조사표가 아니거나 이 일을 할 권한이 없습니다.")
    today = timezone.localdate()
    if campaign.state == CampaignState.DRAFT or (campaign.state == CampaignState.OPEN and today < campaign.opens_on):
        raise Refusal("not_open", f"아직 열지 않은 조사입니다. 여는 날: {display.day(campaign.opens_on)}")
    if not campaign.takes_entry_on(today):
        raise Refusal("closed", "마감한 조사에는 새 답을 적을 수 없습니다.")
    return held


def _refuse_stale(unit: Unit, seen: int) -> None:
    if unit.version != seen:
        raise ChangedMeanwhile(unit)


def _keep(unit: Unit, actor: User | None, *, reason: str = "", upload: Upload | None = None) -> None:
    """Save under the next version and keep that version for ever."""
    unit.version += 1
    # Rows and keys were looked up a moment ago and the tables keep their constraints: only what was written is judged.
    unit.clean_fields(exclude=[field.name for field in Unit._meta.fields if field.is_relation])
    unit.save()
    UnitRevision.objects.create(
        unit=unit, version=unit.version, state=unit.state, answers=unit.answers, outcome_note=unit.outcome_note,
        reason=reason, actor=actor, upload=upload,
    )  # fmt: skip


def _set_state(unit: Unit, state: str, actor: User | None) -> None:
    """Keeps the first handing in of a sheet that stays handed in."""
    if state != UnitState.SUBMITTED:
        unit.submitted_at = unit.submitted_by = None
    elif unit.state != UnitState.SUBMITTED:
        unit.submitted_at, unit.submitted_by = timezone.now(), actor
    unit.state = state


def _clean(unit: Unit, answers: Answers, *, complete: bool) -> dict[str, Any]:
    """The answers to be kept. Refuses codes that are not asked and, by field, what is wrong."""
    form = unit.campaign.form.questionnaire
    if strange := rules.unknown(form, answers):
        raise Refusal("unknown_fields", f"이 양식에 없는 항목입니다: {', '.join(strange)}")
    kept = {code: value for code, value in answers.items() if value not in (None, "", [])}
    if faults := rules.faults(form, kept, complete=complete):
        raise Refusal(
            "incomplete", f"고칠 항목이 {len(faults)}개 있습니다.",
            {code: " ".join(told) for code, told in faults.items()},
        )  # fmt: skip
    return kept


@transaction.atomic
def save_sheet(
    *, unit: Unit, answers: Answers, seen: int, actor: User, submit: bool = False, reason: str = "",
    upload: Upload | None = None,
) -> Unit:  # fmt: skip
    """Keep answers as a draft, or hand them in with `submit`. Equal answers make no new version.

    A sheet already handed in stays handed in: it is changed only whole and with a `reason`. Writing answers takes a
    coded outcome back. Refuses: outside the entry period, replaced workplaces, faults by field, `ChangedMeanwhile`.
    """
    held = _for_entry(unit, actor)
    _refuse_stale(held, seen)
    if Unit.objects.filter(replaces=held).exists():
        raise Refusal("replaced", "다른 사업장으로 대체한 표본입니다. 대체한 사업장의 조사표에 적어 주세요.")
    handed_in = held.state == UnitState.SUBMITTED
    kept = _clean(held, answers, complete=submit or handed_in)
    state = UnitState.SUBMITTED if submit or handed_in else UnitState.DRAFT
    if held.version and kept == held.answers and state == held.state:
        return held
    if handed_in and not reason.strip():
        raise Refusal("reason_missing", "제출한 답을 고치는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    verb = "correct_field_sheet" if handed_in else "submit_field_sheet" if submit else "save_field_sheet"
    with deed(verb, actor=actor, reason=reason) as done:
        held.answers, held.outcome_note = kept, ""
        _set_state(held, state, actor)
        _keep(held, actor, reason=reason.strip(), upload=upload)
        done.about(held, region=held.place.cluster.region, version=held.version)
    return held


@transaction.atomic
def record_outcome(
    *, unit: Unit, outcome: str, note: str = "", seen: int, actor: User, upload: Upload | None = None
) -> Unit:
    """Tell why there is no answer: refused, not reached, closed. Refuses for a sheet handed in."""
    held = _for_entry(unit, actor)
    _refuse_stale(held, seen)
    if outcome not in NO_ANSWER:
        raise Refusal("outcome_unknown", "거절, 연락 안 됨, 휴·폐업 가운데 하나를 골라 주세요.")
    if held.state == UnitState.SUBMITTED:
        raise Refusal("handed_in", "이미 제출한 조사표입니다. 답을 고치려면 사유를 적어 고쳐 주세요.")
    if (held.state, held.outcome_note) == (outcome, note.strip()):
        return held
    with deed("record_field_outcome", actor=actor) as done:
        held.outcome_note = note.strip()
        _set_state(held, outcome, actor)
        _keep(held, actor, upload=upload)
        done.about(held, region=held.place.cluster.region, outcome=outcome)
    return held


@transaction.atomic
def correct_sheet(*, unit: Unit, answers: Answers, reason: str, seen: int, actor: User) -> Unit:
    """Correct a sheet that was handed in, after the campaign closed: the results follow, the indicator at the next
    confirmation. Refuses what was never handed in (late answers), no reason, anybody but who runs the campaign."""
    campaign = locked(unit.campaign)
    needs_runner(actor, campaign.sido_id)
    if campaign.state not in {CampaignState.CLOSED, CampaignState.CONFIRMED}:
        raise Refusal("campaign_open", "조사 중에는 조사표에서 바로 고쳐 주세요.")
    held = _held(unit, campaign)
    _refuse_stale(held, seen)
    if held.state != UnitState.SUBMITTED:
        raise Refusal("closed", "마감한 조사에는 새 답을 적을 수 없습니다. 제출했던 답만 고칠 수 있습니다.")
    if not reason.strip():
        raise Refusal("reason_missing", "제출한 답을 고치는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    kept = _clean(held, answers, complete=True)
    if kept == held.answers:
        return held
    with deed("correct_field_sheet", actor=actor, reason=reason) as done:
        held.answers = kept
        _keep(held, actor, reason=reason.strip())
        if campaign.state == CampaignState.CONFIRMED:
            campaign.corrected_at = timezone.now()
            campaign.save(update_fields=["corrected_at", "updated_at"])
        derive_results(campaign)
        done.about(held, region=held.place.cluster.region, version=held.version)
    return held


@transaction.atomic
def undo_upload_of_sheets(*, upload: Upload, actor: User) -> dict[str, int]:
    """Take back what a file wrote: each sheet is as it was before, unless somebody changed it since.

    Refuses once the campaign is closed, or if nothing can be taken back.
    """
    first: dict[int, UnitRevision] = {}
    last: dict[int, int] = {}
    for revision in UnitRevision.objects.filter(upload=upload).order_by("unit", "version"):
        first.setdefault(revision.unit_id, revision)
        last[revision.unit_id] = revision.version
    restored = kept = 0
    for unit in Unit.objects.filter(pk__in=first).select_related("campaign").order_by("pk"):
        held = _for_entry(unit, actor)
        if held.version != last[held.pk]:
            kept += 1
            continue
        before = held.revisions.filter(version=first[held.pk].version - 1).first()
        held.answers, held.outcome_note = (before.answers, before.outcome_note) if before else ({}, "")
        _set_state(held, before.state if before else UnitState.PENDING, actor)
        _keep(held, actor, reason="파일 되돌리기", upload=None)
        restored += 1
    if not restored:
        raise Refusal("nothing_to_undo", "되돌릴 조사표가 없습니다. 이 파일의 조사표는 모두 그 뒤에 다시 바뀌었습니다.")
    return {"restored": restored, "kept": kept}
