"""Two 시·도 with firms, a technopark, an office with its head, the ministry; a plan at any stage."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from companies.models import Company, Industry
from crisis.conversion import services
from crisis.conversion.enums import ConversionKind, EditionState
from crisis.conversion.loaders import load_conversion
from crisis.conversion.models import ConversionPlan, Diagnosis, Milestone, PlanEdition
from portal.directory.enums import OrganizationKind, Role
from portal.directory.models import Region, User
from tests.factories.companies import CompanyFactory
from tests.factories.directory import OrganizationFactory, RegionFactory, person

TODAY = date(2026, 3, 2)
START, END = date(2026, 4, 1), date(2028, 3, 31)
WORDS = {"background": "수요 감소", "content": "새 부품", "effect": "매출 회복"}


@dataclass
class Land:
    sido: Region
    city: Region
    other: Region
    firm: Company
    partner: Company
    old: Industry
    new: Industry
    tp: User
    clerk: User
    head: User
    stranger: User
    far_tp: User
    ministry: User


@pytest.fixture(autouse=True)
def _clock(time_machine: Any, settings: Any, tmp_path: Any) -> None:
    time_machine.move_to("2026-03-02 10:00:00+09:00", tick=False)
    settings.MEDIA_ROOT = tmp_path


def firm(region: Region, name: str, industry: Industry) -> Company:
    facts: dict[str, Any] = {"size": "SMALL", "founded_on": date(2010, 5, 1), "industry": industry}
    return CompanyFactory(name_ko=name, in_region=region, **facts)


@pytest.fixture
def land(db: None) -> Land:
    load_conversion()
    old = Industry.objects.create(revision=11, code="30310", depth=5, name_ko="자동차 엔진 부품")
    new = Industry.objects.create(revision=11, code="28202", depth=5, name_ko="축전지")
    sido, other = RegionFactory(), RegionFactory()
    city = RegionFactory(sigungu=True, parent=sido)
    far = RegionFactory(sigungu=True, parent=other)
    technopark = OrganizationFactory(kind=OrganizationKind.TECHNOPARK, of_region=sido)
    office = OrganizationFactory(of_region=sido)
    return Land(
        sido, city, other, firm(city, "가온정밀", old), firm(far, "나래테크", old), old, new,
        tp=person(role=Role.TECHNOPARK, organization=technopark), clerk=person(organization=office),
        head=person(role=Role.OFFICE_HEAD, organization=office),
        stranger=person(region=RegionFactory()), far_tp=person(role=Role.TECHNOPARK, region=other),
        ministry=person(role=Role.HQ),
    )  # fmt: skip


def paper(name: str = "증빙.pdf", text: bytes = b"%PDF-1.4 proof") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text)


def diagnosed(land: Land) -> Diagnosis:
    """Finished, with a result document and one score."""
    one = services.request_diagnosis(
        company=land.firm, subjects=["CONVERSION", "LABOUR"], reason="수요 감소", centre=None, actor=land.tp
    )
    one = services.begin_diagnosis(
        diagnosis=one, begun_on=TODAY, examiner="김진단", centre=None, seen=one.version, actor=land.tp
    )
    services.attach_file(to=one, title="진단 보고서", file=paper("진단.pdf"), actor=land.tp)
    return services.finish_diagnosis(
        diagnosis=one, finished_on=TODAY, findings="전환이 필요함", recommendation="CONVERSION", scores={},
        seen=one.version, actor=land.tp,
    )  # fmt: skip


def drafted(land: Land, kind: str = ConversionKind.INDUSTRY_CHANGE, **facts: Any) -> ConversionPlan:
    return services.draft_plan(
        company=land.firm, title="전기차 부품으로 전환", kind=kind, starts_on=START, ends_on=END, actor=land.tp, **facts
    )


def filled(land: Land, *, joint: bool = False, kind: str = ConversionKind.INDUSTRY_CHANGE) -> ConversionPlan:
    plan = drafted(land, kind)
    plan = services.save_edition(
        plan=plan, facts={**WORDS, "budget_loan": 500_000_000, "budget_own": 200_000_000}, seen=plan.version,
        goals={"SALES_SHARE": (Decimal(0), Decimal(40))}, actor=land.tp,
    )  # fmt: skip
    to = land.new if kind == ConversionKind.INDUSTRY_CHANGE else None
    for company in [land.firm, land.partner] if joint else [land.firm]:
        services.put_member(
            plan=plan, company=company, part="설계", from_industry=land.old, to_industry=to, seen=plan.version,
            actor=land.tp,
        )  # fmt: skip
        plan.refresh_from_db()
    for title, due in (("설비 도입", date(2026, 6, 6)), ("양산", date(2027, 12, 31))):
        services.put_milestone(
            plan=plan, milestone=None, title=title, text="", due=due, seen=plan.version, actor=land.tp
        )
        plan.refresh_from_db()
    return plan


def submitted(land: Land, **facts: Any) -> ConversionPlan:
    plan = filled(land, **facts)
    return services.submit_plan(plan=plan, seen=plan.version, actor=land.tp)


def approve(plan: ConversionPlan, land: Land, number: str = "제2026-1호") -> ConversionPlan:
    return services.approve_plan(
        plan=plan, approval_number=number, decided_on=timezone.localdate(), reason="타당함", seen=plan.version,
        actor=land.head,
    )  # fmt: skip


def approved(land: Land, **facts: Any) -> ConversionPlan:
    return approve(submitted(land, **facts), land)


def edition_of(plan: ConversionPlan) -> PlanEdition:
    return plan.editions.get(state=EditionState.APPROVED)


def report(milestone: Milestone, land: Land, *, check: bool = True) -> Milestone:
    services.attach_file(to=milestone, title="사진", file=paper(f"{milestone.pk}.pdf"), actor=land.tp)
    done = services.report_milestone(milestone=milestone, result="마침", seen=milestone.version, actor=land.tp)
    return services.check_milestone(milestone=done, seen=done.version, actor=land.clerk) if check else done


def carried_out(land: Land, **facts: Any) -> ConversionPlan:
    """Every step checked and the completion reported: goals reached."""
    plan = approved(land, **facts)
    for one in edition_of(plan).milestones.all():
        report(one, land)
    services.report_completion(
        plan=plan, outcome="양산 중", results={"SALES_SHARE": Decimal(45)}, seen=plan.version, actor=land.tp
    )
    plan.refresh_from_db()
    return plan
