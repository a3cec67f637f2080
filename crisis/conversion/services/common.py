"""What every deed needs: locks, permissions, steps, where a firm sits, who is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse

from companies.models import Company, Workplace
from crisis.conversion.enums import DIAGNOSIS_NEXT, EDITION_NEXT, MILESTONE_NEXT, PLAN_NEXT
from crisis.conversion.models import (
    ConversionPlan,
    ConversionRule,
    Diagnosis,
    Milestone,
    PlanEdition,
    PlanMember,
)
from portal.directory.audit import deed
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Holiday, Region, User
from portal.directory.scope import scope_of
from portal.directory.services import notify
from portal.kernel.deadlines import next_working_day
from portal.kernel.errors import Refusal

_TABLES = {Diagnosis: DIAGNOSIS_NEXT, ConversionPlan: PLAN_NEXT, PlanEdition: EDITION_NEXT, Milestone: MILESTONE_NEXT}


def seat_of(company: Company) -> Region:
    """The 시·군·구 of the headquarters, or of another workplace, or the leading region. Refuses where there is none."""
    sites = Workplace.objects.filter(company=company).select_related("region__parent")
    found = sites.order_by("-is_headquarters", "pk").first()
    if found is not None:
        return found.region
    if company.lead_region is not None:
        return company.lead_region
    raise Refusal(
        "company_nowhere",
        f"{company}은(는) 사업장이 없어 어느 지역의 기업인지 알 수 없습니다. 사업장을 먼저 적어 주세요.",
    )


def sido_of(region: Region) -> Region:
    return region.parent if region.level == RegionLevel.SIGUNGU and region.parent else region


def needs_worker(actor: User, company: Company) -> None:
    """Only those who handle conversion where the firm has a workplace."""
    mine = scope_of(actor).within(Capability.WORK_CONVERSION)
    if mine.is_empty or not Company.objects.visible_to(mine).filter(pk=company.pk).exists():
        raise Refusal("out_of_scope", f"{company}은(는) 관할 지역의 기업이 아니거나 이 일을 할 권한이 없습니다.")


def needs_office(actor: User, sido_id: int, capability: str) -> None:
    """Only the regional office of the 시·도, or the ministry."""
    if not scope_of(actor).within(capability).holds(sido_id):
        raise Refusal("out_of_scope", "관할 지방청이나 본부의 담당자만 할 수 있는 일입니다.")


def lead_of(plan: ConversionPlan) -> Company:
    """The firm that stands for the plan."""
    return PlanMember.objects.select_related("company").get(plan=plan, is_lead=True).company


def locked(plan: ConversionPlan) -> ConversionPlan:
    """The plan with its row held: whoever changes anything of a plan queues here."""
    return ConversionPlan.objects.select_for_update(no_key=True, of=("self",)).select_related("sido").get(pk=plan.pk)


def locked_diagnosis(diagnosis: Diagnosis) -> Diagnosis:
    rows = Diagnosis.objects.select_for_update(no_key=True, of=("self",)).select_related("company", "sido")
    return rows.get(pk=diagnosis.pk)


def open_edition(plan: ConversionPlan) -> PlanEdition:
    """The edition being worked on. Refuses when there is none."""
    found = plan.editions.open().first()  # type: ignore[attr-defined]
    if found is None:
        raise Refusal("no_open_edition", "작성하거나 심사 중인 차수가 없습니다. 계획을 바꾸려면 변경을 시작해 주세요.")
    found.plan = plan
    return found  # type: ignore[no-any-return]


def step(row: Any, state: str) -> None:
    """Move on as the table of states allows, or say why not."""
    if state not in _TABLES[type(row)][row.state]:
        label = type(row)._meta.get_field("state").flatchoices  # type: ignore[union-attr]
        raise Refusal("state", f"‘{row.get_state_display()}’에서는 ‘{dict(label)[state]}’(으)로 바꿀 수 없습니다.")
    row.state = state


def keep(row: Any) -> None:
    """Save under the next version."""
    row.version += 1
    row.full_clean()
    row.save()


def rule_on(day: date) -> ConversionRule:
    """The rule of a day. Refuses when none is on record: nothing is judged by guess."""
    rule = ConversionRule.objects.in_force_on(day).first()
    if rule is None:
        raise Refusal("no_rule", "이 날에 적용할 사업전환 기준이 없습니다. 기준을 먼저 적어 주세요.")
    return rule


def due_day(day: date) -> date:
    """The day itself, or the working day it moves to."""
    return next_working_day(day, Holiday.objects.days())


def plan_url(plan: ConversionPlan) -> str:
    return reverse("conversion:plan", args=[plan.code])


def diagnosis_url(diagnosis: Diagnosis) -> str:
    return reverse("conversion:diagnosis", args=[diagnosis.code])


@contextmanager
def recorded(
    verb: str, subject: models.Model, region: Region, *, actor: User | None, reason: str = "", **facts: Any
) -> Iterator[None]:
    """Do a deed under its name: history carries it, the record of deeds has it."""
    with deed(verb, actor=actor, reason=reason) as done:
        yield
        done.about(subject, region=region, **facts)


def tell(plan: ConversionPlan, what: str, title: str, *, capability: str, due: date | None = None) -> int:
    """Tell whoever holds a capability where the lead firm sits. Once for each `what`."""
    return notify(
        kind="conversion_plan", key=f"conversion-plan:{plan.code}:{what}", title=title, url=plan_url(plan), due=due,
        regions=[seat_of(lead_of(plan)).pk], capability=capability,
    )  # fmt: skip
