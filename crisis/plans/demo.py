"""Demo: prevention plans of 경상남도 for areas that invented meetings decided, every one marked 예시.

Needs the demo's accounts and the demo council's decisions; without open demo obligations it does nothing. Loading twice
changes nothing. The story: one plan for two areas is carried out, with one report rated, one waiting and one late; one
plan waits for the office; what is left is still owed.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from crisis.plans import services
from crisis.plans.models import Obligation, Plan, PlanMeasure, QuarterlyReport
from crisis.plans.rules import quarter_start
from portal.directory.models import User

MARK = "(예시)"
SIDO = "48"
PEOPLE = {"writer": "sido-gyeongnam", "office": "gyeongnam", "ministry": "hq", "centre": "cc-gyeongnam"}
_M = 1_000_000

MEASURES: tuple[dict[str, Any], ...] = (
    {
        "kind": "RND", "title": "조선기자재 기업의 해상풍력 부품 개발", "lead_name": "경남테크노파크",
        "content": "조선 기자재 기업 12곳이 해상풍력 하부구조물 부품을 함께 개발하고 인증을 받도록 돕는다.",
        "partners": "중소조선연구원", "budget_national": 1_800 * _M, "budget_sido": 600 * _M,
        "budget_sigungu": 300 * _M, "budget_private": 250 * _M,
        "targets": (("시제품", "건", "0", "12"), ("신규 고용", "명", "0", "40")),
    },
    {
        "kind": "FUNDS", "title": "긴급경영안정자금 이차보전", "lead_name": "경상남도",
        "content": "매출이 줄어든 밀집지역 기업의 운전자금 이자를 2년 동안 보태 준다.",
        "partners": "경남신용보증재단", "budget_national": 0, "budget_sido": 900 * _M, "budget_sigungu": 450 * _M,
        "budget_private": 0, "targets": (("지원 기업", "개사", "0", "150"),),
    },
)  # fmt: skip


def _draft(obligations: list[Obligation], title: str, start: date, people: dict[str, User]) -> Plan:
    writer = people["writer"]
    plan = services.draft_plan(
        sido=obligations[0].sido, obligations=obligations, title=f"{title}{MARK}", starts_on=start, actor=writer,
        is_demo=True,
    )  # fmt: skip
    texts = {
        "diagnosis": "주력 제조업의 수출과 고용이 1년 전보다 크게 줄어 협력기업의 가동률이 떨어짐.",
        "goal": "1년 뒤 종사자 수를 올해 수준으로 지키고, 사업 다각화 기업의 매출 비중을 10% 늘림.",
        "structure": "경상남도가 총괄하고 테크노파크·신용보증재단이 과제를 맡으며, 위기지원센터가 분기마다 점검함.",
    }
    plan = services.save_plan(plan=plan, facts=texts, seen=plan.version, actor=writer)
    for one in MEASURES:
        facts = {name: value for name, value in one.items() if name != "targets"}
        targets = [
            {"name": name, "unit": unit, "baseline": Decimal(now), "target": Decimal(then)}
            for name, unit, now, then in one["targets"]
        ]
        services.put_measure(
            plan=plan, measure=None, seen=0, targets=targets, actor=writer,
            facts={**facts, "starts_on": plan.starts_on, "ends_on": plan.ends_on},
        )  # fmt: skip
    return services.submit_plan(plan=plan, seen=plan.version, actor=writer)


def _report(measure: PlanMeasure, at: int, won: int, people: dict[str, User]) -> QuarterlyReport:
    report = measure.reports.order_by("quarter")[at]
    first = measure.targets.order_by("position").first()
    return services.save_report(
        report=report, spent={"national": won // 2, "sido": won - won // 2}, submit=True, actor=people["writer"],
        result="공고를 마치고 참여 기업을 골라 협약을 맺음.", problems="", seen=report.version,
        values={first.pk: Decimal(at + 3)} if first else {},
    )  # fmt: skip


@transaction.atomic
def load_plans_demo() -> int:
    """Returns how many plans were made: two, or none when they are there or nothing is owed."""
    people = {key: User.objects.filter(login_id=login, is_demo=True).first() for key, login in PEOPLE.items()}
    if Plan.objects.filter(is_demo=True).exists() or not all(people.values()):
        return 0
    found: dict[str, User] = {key: user for key, user in people.items() if user is not None}
    owed = list(
        Obligation.objects.open().filter(is_demo=True, sido__code=SIDO, plan=None).order_by("due_on", "area__code")[:3]
    )
    if not owed:
        return 0
    before = quarter_start(quarter_start(timezone.localdate()) - timedelta(days=1))
    plan = _draft(owed[:2], "경남 위기지역 예방계획", before, found)
    plan = services.review_plan(
        plan=plan, opinion="원인 분석과 과제가 맞물려 있어 타당함.", seen=plan.version, actor=found["office"]
    )
    plan = services.approve_plan(plan=plan, seen=plan.version, actor=found["ministry"])
    first = plan.measures.order_by("number").first()
    if first is not None:  # the second measure's report of the last quarter stays late
        rated = _report(first, 0, 320 * _M, found)
        rated = services.check_report(
            report=rated, finding="CONFIRMED", note="", seen=rated.version, actor=found["centre"]
        )
        services.rate_report(
            report=rated,
            rating="FAIR",
            note="다음 분기에 인증 일정을 당길 것.",
            seen=rated.version,
            actor=found["ministry"],
        )
        _report(first, 1, 410 * _M, found)
    if len(owed) < 3:
        return 1
    _draft(owed[2:], "경남 산업단지 예방계획", timezone.localdate(), found)
    return 2
