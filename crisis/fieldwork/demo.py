"""Three invented campaigns of 경남, marked 예시: two ended (to compare), one open with sheets in every state.

A few invented firms are added to two complexes, or every figure would be hidden. Nothing is confirmed: an invented index
must not stand among real figures; who tries the portal may confirm it by hand.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies.loaders_demo import demo_number
from companies.models import Cluster, Workplace, WorkplaceCluster
from companies.services import register_company
from crisis.fieldwork import services
from crisis.fieldwork.enums import CampaignKind
from crisis.fieldwork.loaders import load_fieldwork
from crisis.fieldwork.models import Campaign, FieldForm, Unit
from portal.directory.audit import deed
from portal.directory.models import Organization, Region, User

SIDO, CENTRE, BODY = ("MOIS", "48"), "cc-gyeongnam", "CC-GYEONGNAM"
TENANTS = {"C1176": 7, "C1179": 6, "C1170": 0}
"""Firms added to each complex; the last is left small, so that hiding can be seen."""
MARK = "예시"
_FIRST_SERIAL = 700_001
_FOUNDED = date(2015, 3, 2)


@transaction.atomic
def load_fieldwork_demo() -> int:
    """Returns how many campaigns were made: three, or none when they are there or accounts and complexes are not."""
    load_fieldwork()
    sido = Region.objects.filter(scheme=SIDO[0], code=SIDO[1]).first()
    centre = User.objects.filter(login_id=CENTRE, is_demo=True).first()
    body = Organization.objects.filter(code=BODY).first()
    inside = Cluster.objects.filter(code__in=TENANTS, region__parent=sido).select_related("region__parent")
    clusters = list(inside.order_by("code"))
    form = FieldForm.objects.filter(region=None).newest().first()
    ready = sido and centre and body and form and len(clusters) == len(TENANTS)
    if not ready or Campaign.objects.filter(is_demo=True).exists():
        return 0
    with deed("load_demo", actor=None, reason=f"{MARK} 자료"):
        _settle(clusters)
        for back in (2, 1, 0):
            _campaign(body, form, clusters, centre, back)  # type: ignore[arg-type]
    return 3


def _settle(clusters: list[Cluster]) -> None:
    serial = _FIRST_SERIAL
    for cluster in clusters:
        for at in range(TENANTS[cluster.code]):
            number, serial = demo_number(serial), serial + 1
            if Workplace.objects.filter(business_number=number).exists():
                continue
            company = register_company(
                facts={
                    "name_ko": f"{cluster.name_ko[:2]}부품{at + 1}{MARK}", "size": "SMALL" if at % 3 else "MEDIUM",
                    "founded_on": _FOUNDED, "main_product": f"기계 부품({MARK})",
                },
                business_number=number, region=cluster.region, address=f"{cluster.region.full_name} {MARK} 자료로 2",
                since=_FOUNDED, accept_duplicates=True, reason=f"{MARK} 자료", is_demo=True,
            )  # fmt: skip
            place = company.workplaces.get()
            WorkplaceCluster.objects.create(
                workplace=place, cluster=cluster, effective=place.effective, source=f"{MARK} 자료"
            )


def _quarter(back: int) -> date:
    """The last month of the quarter so many before the running one."""
    today = timezone.localdate()
    at = today.year * 4 + (today.month - 1) // 3 - back
    return date(at // 4, at % 4 * 3 + 3, 1)


def _campaign(body: Organization, form: FieldForm, clusters: list[Cluster], centre: User, back: int) -> None:
    sido = clusters[0].region.parent
    assert sido is not None  # they were found by it  # noqa: S101
    today, quarter = timezone.localdate(), _quarter(back)
    facts = {
        "title": f"{quarter.year}년 {quarter.month // 3}분기 위기지역 경기동향 조사({MARK})", "kind": CampaignKind.QUARTER,
        "quarter": quarter, "form": form, "opens_on": today if not back else min(quarter, today),
        "closes_on": today + timedelta(days=0 if back else 14), "purpose": "밀집지역의 위기징후를 미리 알아차림",
        "people": "밀집지역에 등록된 중소기업", "content": "경기 실적과 전망, 위기 원인, 지원 요청 사항. 답은 모두 지어낸 것입니다.",
    }  # fmt: skip
    campaign = services.plan_campaign(sido=sido, body=body, facts=facts, actor=centre, is_demo=True)
    campaign = services.set_clusters(campaign=campaign, clusters=clusters, seen=campaign.version, actor=centre)
    campaign = services.draw_sample(
        campaign=campaign, size=None, percent=100, seed=f"{MARK}-{quarter:%Y%m}", seen=campaign.version, actor=centre
    )
    services.assign_units(campaign=campaign, units=campaign.units.all(), interviewer=centre, actor=centre)
    campaign = services.open_campaign(campaign=campaign, seen=campaign.version, actor=centre)
    units = list(campaign.units.select_related("campaign__form").order_by("number"))
    for at, unit in enumerate(units):
        _answer(unit, at, back, centre)
    if back:
        services.close_campaign(campaign=campaign, actor=centre, reason=f"{MARK} 자료여서 바로 마감")


def _answer(unit: Unit, at: int, back: int, centre: User) -> None:
    """All but a few answer in the ended campaigns, half of them in the open one."""
    if at % 9 == 4:
        services.record_outcome(unit=unit, outcome="REFUSED", note="바쁘다고 함", seen=0, actor=centre)
    elif back or at % 2 == 0:
        services.save_sheet(unit=unit, answers=_answers(at, back), seen=0, actor=centre, submit=True)
    elif at % 3 == 0:
        services.save_sheet(unit=unit, answers={"economy_now": "SAME"}, seen=0, actor=centre)


def _answers(at: int, back: int) -> dict[str, Any]:
    """Worse from quarter to quarter, better in some firms than in others."""
    told = ("BETTER", "SAME", "SAME", "WORSE", "WORSE")
    shift = 2 - back
    answers: dict[str, Any] = {
        f"{topic}_{when}": told[
            min(4, (at * (3 + step) + step + (when == "now")) % 4 + (0 if (at + step) % 2 else shift))
        ]
        for step, topic in enumerate(("economy", "sales", "export", "profit", "funding", "employment"))
        for when in ("now", "next")
    }
    causes, wanted = (
        ("DEMAND", "EXPORT", "ANCHOR", "COST", "LABOUR", "RATE"),
        ("LOAN", "GUARANTEE", "RND", "MARKET", "SMART"),
    )
    answers["causes"] = sorted({causes[at % 3], causes[(at * 2 + 1) % 6]})
    answers["wanted"] = sorted({wanted[at % 2], wanted[(at * 3 + 2) % 5]})
    if at % 5 == 0:
        answers["opinion"] = f"주문이 한 곳에 몰려 있음({MARK})"
    return answers
