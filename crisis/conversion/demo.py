"""Demo: invented firms (예시) of 경상남도 on their way to another business. Loading twice changes nothing.

The story: a joint plan of two firms is carried out with one step checked and one reported, a single plan waits for the
office, a third was completed, one diagnosis is under way. Without demo firms or accounts nothing is made.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from companies.enums import OperatingState
from companies.models import Company, Industry
from crisis.conversion import services
from crisis.conversion.enums import ConversionKind, EditionState, Recommendation, Subject
from crisis.conversion.loaders import load_conversion
from crisis.conversion.models import ConversionPlan, ConversionRule, Diagnosis, Milestone
from crisis.conversion.services.common import seat_of
from portal.directory.models import User

MARK, SIDO = "(예시)", "48"
WORKER, OFFICE, HEAD = "tp-gyeongnam", "gyeongnam", "gyeongnam-head"
People = dict[str, User]
WORDS = {
    "background": "예시: 주거래처의 발주가 줄어 지금 제품의 매출이 3년째 감소함.",
    "content": "예시: 보유한 가공 설비와 인력으로 전동화 부품을 만들고 새 거래처에 공급함.",
    "effect": "예시: 2년 안에 새 사업의 매출 비중을 목표까지 올리고 고용을 지킴.",
    "eligibility_note": "예시: 중소기업확인서와 법인등기로 확인함.",
}
_M = 1_000_000


def _paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.txt", f"예시 문서: {name}".encode(), content_type="text/plain")


def _firms() -> list[Company]:
    """Demo firms of the 시·도 that the rule of today does not refuse."""
    rule, today = ConversionRule.objects.in_force_on(timezone.localdate()).get(), timezone.localdate()
    young = date(today.year - rule.running_years - 1, 1, 1)
    rows = Company.objects.not_merged().filter(
        is_demo=True, state=OperatingState.OPERATING, founded_on__lte=young, industry__isnull=False
    )
    rows = rows.exclude(size__in=["MID_SIZED", "LARGE"]).select_related("industry", "lead_region__parent")
    found = [one for one in rows.order_by("name_key", "pk")[:400] if _sido(one) == SIDO]
    return found[:6]


def _sido(company: Company) -> str:
    if not company.workplaces.exists():  # type: ignore[attr-defined]
        return ""
    region = seat_of(company)
    return str(region.parent.code if region.parent and region.parent.parent_id else region.code)


def _diagnosed(company: Company, people: People) -> Diagnosis:
    worker, today = people[WORKER], timezone.localdate()
    made = services.request_diagnosis(
        company=company, subjects=[Subject.CONVERSION, Subject.LABOUR], centre=None, actor=worker, is_demo=True,
        reason="예시: 매출이 줄어 새 사업을 찾고 있음.",
    )  # fmt: skip
    made = services.begin_diagnosis(
        diagnosis=made, begun_on=today, examiner="예시 진단위원", centre=None, seen=made.version, actor=worker
    )
    services.attach_file(to=made, title="진단 보고서(예시)", file=_paper(made.code), actor=worker)
    return services.finish_diagnosis(
        diagnosis=made, finished_on=today, findings="예시: 지금 제품의 시장은 줄고, 보유한 기술은 새 부품에 쓸 수 있음.",
        recommendation=Recommendation.CONVERSION, scores={}, seen=made.version, actor=worker,
    )  # fmt: skip


def _planned(firms: list[Company], title: str, people: People) -> ConversionPlan:
    worker, today = people[WORKER], timezone.localdate()
    plan = services.draft_plan(
        company=firms[0], title=f"{title}{MARK}", kind=ConversionKind.NEW_GOODS, starts_on=today,
        ends_on=today + timedelta(days=700), diagnosis=_diagnosed(firms[0], people), actor=worker, is_demo=True,
    )  # fmt: skip
    plan = services.save_edition(
        plan=plan, facts={**WORDS, "budget_loan": 800 * _M, "budget_national": 150 * _M, "budget_own": 300 * _M},
        goals={"SALES_SHARE": (Decimal(0), Decimal(35))}, seen=plan.version, actor=worker,
    )  # fmt: skip
    for company in firms[1:]:
        industry: Industry | None = company.industry
        services.put_member(
            plan=plan, company=company, part="시험·인증", from_industry=industry, to_industry=None, seen=plan.version,
            actor=worker,
        )  # fmt: skip
        plan.refresh_from_db()
    for at, step in enumerate(("설비 개조", "시제품 제작", "양산 준비"), start=1):
        services.put_milestone(
            plan=plan, milestone=None, title=f"{step}{MARK}", text="", due=today + timedelta(days=90 * at),
            seen=plan.version, actor=worker,
        )  # fmt: skip
        plan.refresh_from_db()
    return services.submit_plan(plan=plan, seen=plan.version, actor=worker)


def _approved(plan: ConversionPlan, people: People) -> ConversionPlan:
    today = timezone.localdate()
    plan = services.approve_plan(
        plan=plan, approval_number=f"예시-{plan.code}", decided_on=today, reason="예시: 타당함.", seen=plan.version,
        actor=people[HEAD],
    )  # fmt: skip
    services.assign_manager(
        plan=plan, manager=people[WORKER], on=today, note="", seen=plan.version, actor=people[OFFICE]
    )
    plan.refresh_from_db()
    services.log_contact(
        plan=plan, on=today, channel="VISIT", text="예시: 현장을 찾아 설비 일정을 살핌.", actor=people[WORKER]
    )
    return plan


def _reported(plan: ConversionPlan, at: int, people: People) -> Milestone:
    step = plan.editions.get(state=EditionState.APPROVED).milestones.order_by("number")[at]  # type: ignore[attr-defined]
    services.attach_file(to=step, title="사진(예시)", file=_paper(f"{plan.code}-{at}"), actor=people[WORKER])
    return services.report_milestone(milestone=step, result="예시: 마침.", seen=step.version, actor=people[WORKER])


@transaction.atomic
def load_conversion_demo() -> int:
    """Returns how many plans were made: three, or none when they are there, or firms or accounts are not."""
    load_conversion()
    rows = {login: User.objects.filter(login_id=login, is_demo=True).first() for login in (WORKER, OFFICE, HEAD)}
    people: People = {login: user for login, user in rows.items() if user is not None}
    if len(people) < len(rows) or ConversionPlan.objects.filter(is_demo=True).exists():
        return 0
    firms = _firms()
    if len(firms) < 5:
        return 0
    joint = _approved(_planned(firms[:2], "전동화 부품 공동 전환", people), people)
    first = _reported(joint, 0, people)
    services.check_milestone(milestone=first, seen=first.version, actor=people[OFFICE])
    _reported(joint, 1, people)
    done = _approved(_planned([firms[2]], "정밀가공에서 의료기기 부품으로", people), people)
    for at in range(3):
        step = _reported(done, at, people)
        services.check_milestone(milestone=step, seen=step.version, actor=people[OFFICE])
    services.report_completion(
        plan=done, outcome="예시: 새 부품의 공급 계약을 맺음.", results={"SALES_SHARE": Decimal(38)}, seen=done.version,
        actor=people[WORKER],
    )  # fmt: skip
    done.refresh_from_db()
    services.approve_completion(
        plan=done, decided_on=timezone.localdate(), opinion="예시: 목표를 이룸.", seen=done.version, actor=people[HEAD]
    )
    _planned([firms[3]], "금형에서 이차전지 케이스로", people)
    services.request_diagnosis(
        company=firms[4], subjects=[Subject.DIGITAL], reason="예시: 공정 자동화를 검토함.", centre=None,
        actor=people[WORKER], is_demo=True,
    )  # fmt: skip
    return 3
