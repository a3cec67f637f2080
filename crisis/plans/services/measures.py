"""Measures of a plan are written, changed and taken out while the plan is open for writing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans.enums import SOURCES
from crisis.plans.models import MeasureTarget, Plan, PlanMeasure
from crisis.plans.services.common import changed, locked, refuse_finished, refuse_stranger
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

WRITABLE = frozenset(
    {"kind", "title", "content", "lead", "lead_name", "partners", "starts_on", "ends_on"}
    | {f"budget_{source}" for source in SOURCES}
)
MOST_TARGETS = 10


@transaction.atomic
def put_measure(
    *,
    plan: Plan,
    measure: PlanMeasure | None,
    facts: Mapping[str, Any],
    targets: Sequence[Mapping[str, Any]],
    seen: int,
    actor: User,
) -> PlanMeasure:
    """Add a measure (`measure` None, `seen` 0) or change one. `targets`: name, unit, baseline, target, in order.

    Two writers of one measure meet at its version; writers of different measures do not disturb each other.
    """
    plan = locked(plan)
    refuse_stranger(actor, plan.sido_id, Capability.WRITE_PLANS)
    refuse_finished(plan)
    if strange := set(facts) - WRITABLE:
        raise ValueError(f"not a measure's field: {sorted(strange)}")
    if measure is None:
        number = (plan.measures.aggregate(last=Max("number"))["last"] or 0) + 1
        row = PlanMeasure(plan=plan, number=number, version=0)
    else:
        row = PlanMeasure.objects.select_for_update(no_key=True).get(pk=measure.pk, plan=plan)
        refuse_stale(row, seen)
    _refuse_outside(plan, facts)
    with deed("put_plan_measure", actor=actor):
        different = changed(row, facts) or row.pk is None
        if different or _targets_of(row) != [_plain(one) for one in targets]:
            row.version += 1
            row.full_clean()
            row.save()
            _write_targets(row, targets)
    return row


def _refuse_outside(plan: Plan, facts: Mapping[str, Any]) -> None:
    start, end = facts.get("starts_on"), facts.get("ends_on")
    if start and end and (start < plan.starts_on or end > plan.ends_on):
        raise Refusal(
            "outside_term",
            _("과제 기간이 계획 기간을 벗어납니다."),
            {"starts_on": _("계획 기간 안의 날짜를 적어 주세요.")},
        )


def _plain(target: Mapping[str, Any]) -> tuple[Any, ...]:
    return (target["name"], target.get("unit", ""), target.get("baseline"), target["target"])


def _targets_of(row: PlanMeasure) -> list[tuple[Any, ...]]:
    return list(row.targets.values_list("name", "unit", "baseline", "target")) if row.pk else []


def _write_targets(row: PlanMeasure, targets: Sequence[Mapping[str, Any]]) -> None:
    """Make the rows say what is wanted: a target keeps its row, and its results, as long as its name stays."""
    names = [one["name"] for one in targets]
    if len(names) != len(set(names)):
        raise Refusal(
            "target_twice", _("같은 이름의 성과지표가 둘입니다."), {"targets": _("이름을 다르게 적어 주세요.")}
        )
    if len(names) > MOST_TARGETS:
        raise Refusal("too_many_targets", _("성과지표는 %(most)s개까지입니다.") % {"most": MOST_TARGETS})
    gone = row.targets.exclude(name__in=names)
    if used := gone.filter(results__isnull=False).first():
        raise Refusal(
            "target_in_use",
            _("‘%(name)s’은(는) 이미 실적을 보고한 지표여서 뺄 수 없습니다.") % {"name": used.name},
            {"targets": _("보고한 지표는 그대로 두세요.")},
        )
    gone.delete()
    have = {target.name: target for target in row.targets.all()}
    for position, one in enumerate(targets, start=1):
        target = have.get(one["name"]) or MeasureTarget(measure=row, name=one["name"])
        facts = {"position": position, "unit": one.get("unit", ""), "baseline": one.get("baseline")}
        if changed(target, {**facts, "target": one["target"]}) or target.pk is None:
            target.full_clean()
            target.save()


@transaction.atomic
def drop_measure(*, measure: PlanMeasure, reason: str, seen: int, actor: User) -> PlanMeasure | None:
    """Take a measure out: for good while the plan was never approved, with a reason and on record afterwards."""
    plan = locked(measure.plan)
    refuse_stranger(actor, plan.sido_id, Capability.WRITE_PLANS)
    refuse_finished(plan)
    row = PlanMeasure.objects.select_for_update(no_key=True).get(pk=measure.pk, plan=plan)
    refuse_stale(row, seen)
    with deed("drop_plan_measure", actor=actor, reason=reason.strip()) as done:
        done.about(row, region=plan.sido)
        if plan.approved_at is None:
            row.delete()
            return None
        if not reason.strip():
            raise Refusal("reason_missing", _("과제를 빼는 사유를 적어 주세요."), {"reason": _("사유를 적어 주세요.")})
        row.dropped_on, row.drop_reason = timezone.localdate(), reason.strip()
        row.version += 1
        row.full_clean()
        row.save()
    return row
