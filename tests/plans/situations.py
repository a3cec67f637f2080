"""Alarms and plans at each step, made through the services as people make them."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from crisis.enums import Stage
from crisis.models import Result, Round
from crisis.plans import services
from crisis.plans.models import Obligation, Plan
from crisis.plans.rules import year_after
from tests.api.facts import decision, evaluated_round, result
from tests.factories.crisis import RuleSetFactory

MONTHS = {"2025H1": date(2025, 5, 1), "2025H2": date(2025, 11, 1), "2026H1": date(2026, 5, 1)}


def decided(area, stage, code="2025H1", start=date(2025, 8, 1), end=None, **facts):
    """A confirmed decision on an area, nobody told yet."""
    found = Round.objects.filter(code=code).first()
    if found is None:
        rules = Round.objects.first().rule_set if Round.objects.exists() else RuleSetFactory()
        _, run = evaluated_round(code, MONTHS[code], rule_set=rules)
    else:
        run = found.runs.get()
    row = Result.objects.filter(run=run, area=area).first() or result(run, area)
    return decision(row, stage=stage, start=start, end=end, **facts)


def alarm(area, stage=Stage.CAUTION, **facts):
    """An area that was just decided: the obligation that follows, if one does."""
    with transaction.atomic():
        made = decided(area, stage, **facts)
        services.on_confirmed(made)
    return Obligation.objects.filter(determination=made).first()


FACTS = {
    "kind": "RND", "title": "조선기자재 다각화", "content": "해상풍력 부품 공동개발", "lead_name": "가남테크노파크",
    "partners": "", "budget_national": 1_500_000_000, "budget_sido": 500_000_000, "budget_sigungu": 300_000_000,
    "budget_private": 0,
}  # fmt: skip
TARGETS = [
    {"name": "신규 고용", "unit": "명", "baseline": Decimal("0.00"), "target": Decimal("30.00")},
    {"name": "사업화 매출", "unit": "억원", "baseline": None, "target": Decimal("12.50")},
]


def measure(plan, actor, *, title="조선기자재 다각화", start=None, end=None, **facts):
    return services.put_measure(
        plan=plan, measure=None, seen=0, actor=actor, targets=TARGETS,
        facts={**FACTS, "title": title, "starts_on": start or plan.starts_on, "ends_on": end or plan.ends_on, **facts},
    )  # fmt: skip


def draft(obligations, actor, start=date(2025, 9, 1), *, whole=True):
    """A draft; with its texts and one measure unless `whole` is false."""
    plan = services.draft_plan(
        sido=obligations[0].sido, obligations=obligations, title="가남도 위기예방계획", starts_on=start, actor=actor
    )
    if not whole:
        return plan
    texts = {"diagnosis": "수주 감소", "goal": "고용 유지", "structure": "도·지방청·센터"}
    plan = services.save_plan(plan=plan, facts=texts, seen=plan.version, actor=actor)
    measure(plan, actor)
    return plan


def fresh(plan):
    return Plan.objects.get(pk=plan.pk)


def submitted(obligations, actor, **more):
    plan = draft(obligations, actor, **more)
    return services.submit_plan(plan=plan, seen=plan.version, actor=actor)


def reviewed(obligations, actor, office, **more):
    plan = submitted(obligations, actor, **more)
    return services.review_plan(plan=plan, opinion="타당함", seen=plan.version, actor=office)


def approved(obligations, people, **more):
    plan = reviewed(obligations, people.writer, people.office, **more)
    return services.approve_plan(plan=plan, seen=plan.version, actor=people.ministry)


def reported(report, actor, *, submit=True, spent=None, result="시제품 3건"):
    return services.save_report(
        report=report, spent=spent or {"national": 300_000_000}, result=result, problems="", values={},
        seen=report.version, submit=submit, actor=actor,
    )  # fmt: skip


def last_day(plan):
    return year_after(plan.starts_on)
