"""Growth strategies: plan by tier, start, close steps with results, finish."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from companies.models import Company
from companies.tiers.enums import STRATEGY_NEXT_STATES, SUPPORT_OF, StepState, StrategyState, Support, Tier
from companies.tiers.models import GrowthStep, GrowthStrategy
from companies.tiers.services.case_steps import written
from portal.directory.audit import deed
from portal.directory.models import Organization, Region, User
from portal.kernel.errors import Refusal


@transaction.atomic
def plan_strategy(
    *,
    company: Company,
    region: Region,
    tier: str,
    goal: str,
    officer: User,
    start: date,
    end: date,
    actor: User,
    diagnosis: str = "",
    with_usual_steps: bool = True,
    is_demo: bool = False,
) -> GrowthStrategy:
    """A draft plan for a firm of a tier, with the support the plan names for that tier as steps to be adjusted."""
    company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    if GrowthStrategy.objects.running().filter(company=company).exists():
        raise Refusal("strategy_running", _("이 기업의 추진 중인 성장전략이 이미 있습니다."))
    with deed("plan_strategy", actor=actor) as done:
        strategy = GrowthStrategy(
            company=company,
            region=region,
            tier=Tier(tier),
            goal=goal,
            diagnosis=diagnosis,
            officer=officer,
            starts_on=start,
            ends_on=end,
            is_demo=is_demo,
        )
        strategy.full_clean()
        strategy.save()
        if with_usual_steps:
            _usual_steps(strategy)
        done.about(strategy, region=region, tier=tier, officer=officer.login_id)
    return strategy


def _usual_steps(strategy: GrowthStrategy) -> None:
    """The tier's kinds of support, one after another, due at even distances within the plan."""
    kinds = SUPPORT_OF[strategy.tier]
    days = (strategy.ends_on - strategy.starts_on).days
    GrowthStep.objects.bulk_create(
        [
            GrowthStep(
                strategy=strategy,
                number=at,
                support=kind,
                title=str(Support(kind).label),
                due_on=strategy.starts_on + timedelta(days=days * at // len(kinds)),
            )
            for at, kind in enumerate(kinds, start=1)
        ]
    )


def _locked(strategy: GrowthStrategy) -> GrowthStrategy:
    return (
        GrowthStrategy.objects.select_for_update(no_key=True, of=("self",))
        .select_related("region", "company")
        .get(pk=strategy.pk)
    )


@transaction.atomic
def move_strategy(*, strategy: GrowthStrategy, state: str, actor: User, result: str = "") -> GrowthStrategy:
    """Start, complete or stop a plan. Starting needs a step; ending needs a result, completing no open step."""
    strategy = _locked(strategy)
    if state not in STRATEGY_NEXT_STATES[strategy.state]:
        raise Refusal("strategy_state", _("지금 상태에서는 할 수 없는 일입니다."))
    steps = strategy.steps.all()
    if state == StrategyState.ACTIVE and not steps.exists():
        raise Refusal("no_steps", _("지원 단계를 하나 이상 넣고 시작하세요."))
    if state == StrategyState.COMPLETED and steps.filter(state=StepState.PLANNED).exists():
        raise Refusal("open_steps", _("아직 끝나지 않은 단계가 있습니다. 완료하거나 취소한 뒤에 마쳐 주세요."))
    if state != StrategyState.ACTIVE:
        result = written(result, "result", _("결과를 적어 주세요."))
    with deed("move_strategy", actor=actor, reason=result) as done:
        strategy.state, strategy.result = state, result
        strategy.full_clean()
        strategy.save()
        done.about(strategy, region=strategy.region, state=state)
    return strategy


def _open(strategy: GrowthStrategy) -> GrowthStrategy:
    strategy = _locked(strategy)
    if strategy.state not in (StrategyState.DRAFT, StrategyState.ACTIVE):
        raise Refusal("strategy_over", _("끝난 성장전략은 고칠 수 없습니다."))
    return strategy


@transaction.atomic
def change_officer(*, strategy: GrowthStrategy, officer: User, actor: User) -> GrowthStrategy:
    """Hand the firm to another officer."""
    strategy = _open(strategy)
    with deed("change_officer", actor=actor) as done:
        strategy.officer = officer
        strategy.save(update_fields=["officer", "updated_at"])
        done.about(strategy, region=strategy.region, officer=officer.login_id)
    return strategy


@transaction.atomic
def add_step(
    *,
    strategy: GrowthStrategy,
    support: str,
    title: str,
    due_on: date,
    actor: User,
    agency: Organization | None = None,
) -> GrowthStep:
    """Add a support to a plan that is not over, due within it."""
    strategy = _open(strategy)
    if not strategy.starts_on <= due_on <= strategy.ends_on:
        raise Refusal(
            "due_outside", _("기한은 전략 기간 안이어야 합니다."), {"due_on": _("전략 기간 안의 날을 고르세요.")}
        )
    with deed("add_growth_step", actor=actor) as done:
        last = strategy.steps.aggregate(last=Max("number"))["last"] or 0
        step = GrowthStep(
            strategy=strategy, number=last + 1, support=support, title=title, due_on=due_on, agency=agency
        )
        step.full_clean()
        step.save()
        done.about(step, region=strategy.region, support=support)
    return step


@transaction.atomic
def close_step(*, step: GrowthStep, done_well: bool, on: date, result: str, actor: User) -> GrowthStep:
    """A step was done, or will not be; either way it says what came of it."""
    strategy = _open(step.strategy)
    step = GrowthStep.objects.select_for_update(no_key=True, of=("self",)).get(pk=step.pk)
    if strategy.state != StrategyState.ACTIVE:
        raise Refusal("strategy_not_started", _("시작한 성장전략의 단계만 마칠 수 있습니다."))
    if step.state != StepState.PLANNED:
        raise Refusal("step_closed", _("이미 마친 단계입니다."))
    with deed("close_growth_step", actor=actor, reason=result) as done:
        step.state = StepState.DONE if done_well else StepState.DROPPED
        step.closed_on, step.result = on, written(result, "result", _("결과를 적어 주세요."))
        step.full_clean()
        step.save()
        done.about(step, region=strategy.region, state=step.state)
    return step
