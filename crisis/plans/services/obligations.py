"""Obligations open, move and end with what councils decide. Runs inside the confirming transaction."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.enums import STAGE_RANK, Stage
from crisis.models import Area, Determination
from crisis.plans.enums import ObligationState, TermCode
from crisis.plans.models import Obligation, Plan
from crisis.plans.selectors import province_of
from crisis.plans.services.common import deadline, plan_url
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.directory.services import notify, settle_notices
from portal.kernel.errors import Refusal

ALARMED = (Stage.CAUTION, Stage.SEVERE)


def notice_key(obligation: Obligation) -> str:
    return f"plan-obligation:{obligation.pk}"


def on_confirmed(determination: Determination) -> None:
    """A stage came into force. Caution or severe owes a plan, unless one covers the area; good ends what was owed."""
    period = determination.effective
    if period is not None and period.upper is not None and period.upper <= timezone.localdate():
        return  # a correction of days gone by owes nothing now
    if Obligation.objects.filter(determination=determination).exists():
        return
    if determination.stage in ALARMED:
        _alarmed(determination)
    else:
        _recovered(determination)


def on_superseded(old: Determination, new: Determination) -> None:
    """A decision was corrected: what followed from the old one follows from the new one, if that alarms at all."""
    if new.stage in ALARMED:
        with deed("open_plan_obligation", actor=new.confirmed_by):
            for obligation in Obligation.objects.filter(determination=old):
                obligation.determination, obligation.stage = new, new.stage or ""
                obligation.save(update_fields=["determination", "stage", "updated_at"])


def _alarmed(determination: Determination) -> None:
    area, today = determination.area, timezone.localdate()
    with deed("open_plan_obligation", actor=determination.confirmed_by) as done:
        Plan.objects.in_effect().filter(obligations__area=area, recovered_on__isnull=False).update(recovered_on=None)
        standing = Obligation.objects.select_for_update(no_key=True).open().filter(area=area).first()
        if standing is not None:  # still owed: by the day it was owed by
            standing.determination, standing.stage = determination, determination.stage or ""
            standing.save(update_fields=["determination", "stage", "updated_at"])
            return
        legal = deadline(TermCode.PLAN, today)
        covering = _covering(area, legal)
        if covering is not None and not _worse(covering, area, determination.stage or ""):
            return
        obligation = Obligation(
            area=area,
            sido=province_of(area, today),
            determination=determination,
            stage=determination.stage or "",
            opened_on=today,
            legal_due=legal,
            due_on=legal,
            plan=covering,
            is_demo=determination.is_demo,
        )
        obligation.full_clean()
        obligation.save()
        done.about(obligation, region=obligation.sido, due=obligation.due_on.isoformat(), stage=obligation.stage)
    title = _("%(area)s: %(stage)s 단계 예방계획을 내야 합니다") if covering is None else _(
        "%(area)s: %(stage)s 단계로 나빠져 예방계획을 바꿔야 합니다"
    )  # fmt: skip
    notify(
        kind="plan_obligation",
        key=notice_key(obligation),
        title=title % {"area": area.name_ko, "stage": Stage(obligation.stage).label},
        url=plan_url(covering) if covering else reverse("plans:obligations"),
        regions=[obligation.sido_id],
        capability=Capability.WRITE_PLANS,
        due=obligation.due_on,
    )


def _covering(area: Area, day: date) -> Plan | None:
    """A plan in effect for the area that still runs when a new one would be due."""
    return (
        Plan.objects.in_effect()
        .filter(obligations__area=area, obligations__state=ObligationState.MET, ends_on__gte=day)
        .order_by("-ends_on")
        .first()
    )


def _worse(plan: Plan, area: Area, stage: str) -> bool:
    """Whether the stage is worse than any the plan was approved for in this area."""
    answered = plan.obligations.filter(area=area, state=ObligationState.MET).values_list("stage", flat=True)
    return STAGE_RANK[stage] > max(STAGE_RANK[one] for one in answered)


def _recovered(determination: Determination) -> None:
    area, actor = determination.area, determination.confirmed_by
    for obligation in Obligation.objects.select_for_update(no_key=True, of=("self",)).unanswered().filter(area=area):
        _release(obligation, None, _("협의회가 양호로 결정했습니다."), actor)
    for plan in Plan.objects.in_effect().filter(obligations__area=area).distinct():
        areas = set(plan.obligations.values_list("area_id", flat=True))
        good = Determination.objects.in_force_on(timezone.localdate()).filter(area__in=areas, stage=Stage.GOOD)
        if areas - {area.pk} <= set(good.values_list("area_id", flat=True)) and plan.recovered_on is None:
            plan.recovered_on = determination.effective.lower
            plan.save(update_fields=["recovered_on", "updated_at"])
            notify(
                kind="plan_recovered",
                key=f"plan-recovered:{plan.pk}:{determination.pk}",
                title=_("‘%(plan)s’의 모든 지역이 양호입니다. 끝까지 이행하거나 평가하고 일찍 끝낼 수 있습니다")
                % {"plan": plan.title},
                url=plan_url(plan),
                regions=[plan.sido_id],
                capability=Capability.WRITE_PLANS,
            )


def _release(obligation: Obligation, by: User | None, reason: str, actor: User | None) -> None:
    with deed("release_plan_obligation", actor=actor, reason=reason) as done:
        obligation.state, obligation.release_reason = ObligationState.RELEASED, reason
        obligation.released_at, obligation.released_by = timezone.now(), by
        obligation.full_clean()
        obligation.save()
        done.about(obligation, region=obligation.sido)
    settle_notices(notice_key(obligation))


@transaction.atomic
def release_obligation(*, obligation: Obligation, reason: str, actor: User) -> Obligation:
    """The ministry lets a 시·도 off, with a reason. Refuses when a plan was approved for it already."""
    if not scope_of(actor).within(Capability.RATE_PLANS).nationwide:
        raise Refusal("not_allowed", _("예방계획 의무는 본부 담당자만 해제할 수 있습니다."))
    held = Obligation.objects.select_for_update(no_key=True, of=("self",)).select_related("sido").get(pk=obligation.pk)
    if held.state != ObligationState.OPEN:
        raise Refusal("obligation_state", _("이미 끝난 의무입니다."))
    if not reason.strip():
        raise Refusal("reason_missing", _("해제하는 사유를 적어 주세요."), {"reason": _("사유를 적어 주세요.")})
    _release(held, actor, reason.strip(), actor)
    return held
