"""A plan ends with an evaluation: after its year, or before when all its areas are better."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans.enums import PlanState, Rating
from crisis.plans.models import Plan, PlanEvaluation
from crisis.plans.services.common import keep, locked, plan_url, refuse_stranger, remember, step
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.directory.services import notify, settle_notices
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal


@transaction.atomic
def submit_evaluation(
    *, plan: Plan, outcome: str, lessons: str, early_reason: str = "", seen: int, actor: User
) -> PlanEvaluation:
    """The 시·도's own evaluation. Before the plan's year is over it needs recovery of all areas and a reason."""
    plan = locked(plan)
    refuse_stranger(actor, plan.sido_id, Capability.WRITE_PLANS)
    refuse_stale(plan, seen)
    if plan.state != PlanState.RUNNING:
        raise Refusal("plan_state", _("이행 중인 계획만 종료 평가를 할 수 있습니다."))
    early = timezone.localdate() <= plan.ends_on
    if early and plan.recovered_on is None:
        raise Refusal("not_over", _("계획 기간이 끝나거나 모든 지역이 양호가 된 다음에 종료 평가를 할 수 있습니다."))
    wanted = {"outcome": outcome, "lessons": lessons} | ({"early_reason": early_reason} if early else {})
    if missing := {name: _("내용을 적어 주세요.") for name, text in wanted.items() if not text.strip()}:
        raise Refusal("evaluation_incomplete", _("종료 평가에 빠진 내용이 있습니다."), missing)
    evaluation = PlanEvaluation.objects.filter(plan=plan).first() or PlanEvaluation(plan=plan)
    with deed("evaluate_plan", actor=actor) as done:
        evaluation.early, evaluation.early_reason = early, early_reason.strip() if early else ""
        evaluation.outcome, evaluation.lessons = outcome.strip(), lessons.strip()
        evaluation.submitted_at, evaluation.submitted_by = timezone.now(), actor
        evaluation.full_clean()
        evaluation.save()
        keep(plan)
        done.about(plan, region=plan.sido, early=early)
    notify(
        kind="plan_evaluated", key=f"plan-evaluated:{plan.pk}:{plan.version}",
        title=_("‘%(plan)s’ 종료 평가를 기다립니다") % {"plan": plan.title}, url=plan_url(plan),
        capability=Capability.RATE_PLANS,
    )  # fmt: skip
    return evaluation


@transaction.atomic
def close_plan(*, plan: Plan, rating: str, note: str, seen: int, actor: User) -> Plan:
    """The ministry rates the whole plan and closes it; nothing of it changes afterwards."""
    plan = locked(plan)
    if not scope_of(actor).within(Capability.RATE_PLANS).nationwide:
        raise Refusal("not_allowed", _("예방계획은 본부 담당자만 종료할 수 있습니다."))
    refuse_stale(plan, seen)
    evaluation = PlanEvaluation.objects.filter(plan=plan).first()
    if evaluation is None:
        raise Refusal("not_evaluated", _("시·도의 종료 평가가 있어야 종료할 수 있습니다."))
    if rating not in Rating.values:
        raise Refusal("rating_missing", _("종합 평가를 고르세요."), {"rating": _("종합 평가를 고르세요.")})
    with deed("close_plan", actor=actor) as done:
        step(plan, PlanState.CLOSED)
        evaluation.rating, evaluation.note = rating, note.strip()
        evaluation.closed_at, evaluation.closed_by = timezone.now(), actor
        evaluation.full_clean()
        evaluation.save()
        keep(plan)
        remember(plan, actor, evaluation.get_rating_display())
        done.about(plan, region=plan.sido, rating=rating, early=evaluation.early)
    settle_notices(f"plan-evaluation-late:{plan.pk}")
    return plan
