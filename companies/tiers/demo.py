"""Demo: the invented companies (예시) of the registry led through tiers. Loading twice changes nothing.

The story: criteria of four tiers adopted for the demo, one more drafted for a main industry of 경남; firms that rose step
by step since the plan began, as far as their figures carry them; in 경남 one refused that appeals, one lowered after a
hearing, cases at every desk; supra-regional firms led by one region and seen by others; designations with half-yearly
reports, growth plans under way, targets of the region. Without demo companies or accounts nothing is made.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies.models import Company
from companies.surveys.models import RegionalIndustry
from companies.tiers import rules, services
from companies.tiers.enums import CaseKind, Fact, Opinion, Programme, StrategyState, TargetMeasure, Tier
from companies.tiers.models import CriteriaSet, GrowthStrategy, TierCase
from companies.tiers.selectors import gather
from companies.tiers.selectors.places import home_regions
from companies.tiers.services import Resolution
from portal.directory.audit import deed
from portal.directory.enums import RegionLevel
from portal.directory.models import Notice, Region, User
from portal.kernel.dates import period

MARK, SIDO = "예시", "48"
SINCE = date(2023, 4, 6)
DESK = ("tp-gyeongnam", "gyeongnam", "gyeongnam-head", "hq")
LADDER = (Tier.POTENTIAL, Tier.PRELIMINARY, Tier.LEADING)
INDUSTRY, CODES = "M-GN-2", ["291", "292"]
_E = 100_000_000


def _c(metric: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"metric": metric, "operator": operator, "value": value, **more}


_OPEN = _c("STATE", "IN", ["OPERATING"])
_HEADS = _c("EMPLOYEES", "GE", 10)
_STRENGTHS = [
    _c("EMPLOYEES_GROWTH", "GE", 8), _c("EXPORT_SHARE", "GE", 12), _c("SALES_CAGR", "GE", 8, years=3),
    _c("RND_RATIO", "GE", 5), _c("HAS_LAB", "IS", True),
]  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    Tier.POTENTIAL: {"all": [_OPEN, _c("SALES_LAST", "GE", 1 * _E)]},
    Tier.PRELIMINARY: {"all": [_OPEN, _HEADS, _c("SALES_AVERAGE", "GE", 40 * _E), _c("SALES_AVERAGE", "LT", 400 * _E)]},
    Tier.LEADING: {"all": [_OPEN, _HEADS, _c("SALES_AVERAGE", "GE", 100 * _E), {"k": 3, "of": _STRENGTHS}]},
    Tier.SUPRA_REGIONAL: {
        "all": [_OPEN, _HEADS, _c("HQ_OUTSIDE_CAPITAL", "IS", True), _c("OUTSIDE_LINK", "IS", True, at_review=True)]
    },
}
"""Invented thresholds: no national ones were published."""


def _criteria(tier: str, actor: User) -> CriteriaSet:
    """The demo's adopted set of a tier, for the whole country."""
    code = f"demo-{tier.lower().replace('_', '-')}"
    found = CriteriaSet.objects.filter(code=code).first()
    if found is not None:
        return found
    supra = tier == Tier.SUPRA_REGIONAL
    draft = services.draft_criteria(
        code=code, body=BODIES[tier], actor=actor, is_demo=True,
        facts={
            "title": f"{Tier(tier).label} 기준({MARK})",
            "programme": Programme.SUPRA_REGION if supra else Programme.MAIN_INDUSTRY,
            "tier": tier,
            "effective": period(SINCE),
            "term_years": 3,
            "needs_resolution": tier in (Tier.LEADING, Tier.SUPRA_REGIONAL),
            "source": "시연용으로 지은 기준",
        },
    )  # fmt: skip
    return services.adopt_criteria(criteria=draft, document=f"{MARK} 문서 제1호", start=SINCE, end=None, actor=actor)


def _industry_draft(region: Region, actor: User) -> None:
    """A stricter draft for one main industry, to be tried against the set in force."""
    industry = RegionalIndustry.objects.filter(code=INDUSTRY).first()
    code = "demo-gyeongnam-machines"
    if industry is None or CriteriaSet.objects.filter(code=code).exists():
        return
    base = _criteria(Tier.PRELIMINARY, actor)
    services.copy_criteria(
        criteria=base, code=code, actor=actor,
        facts={
            "title": f"경남 {industry.name_ko} 예비선도기업 기준 초안({MARK})", "region": region, "industry": industry,
            "industry_codes": CODES, "source": f"산업분류 코드는 시연용({MARK})",
        },
    )  # fmt: skip
    CriteriaSet.objects.filter(code=code).update(is_demo=True)


class _Story:
    """Deeds of the demo's desks: 경남's own, and the ministry's where no region's accounts are at hand."""

    def __init__(self, region: Region, people: dict[str, User]) -> None:
        self.region, self.today = region, timezone.localdate()
        self.reviewer, self.staff, self.head, self.hq = (people[name] for name in DESK)
        self.criteria = {tier: _criteria(tier, self.hq) for tier in BODIES}

    def at_home(self, region: Region) -> bool:
        return region.pk == self.region.pk

    def opened(self, company: Company, region: Region, kind: str, tier: str, on: date, **more: Any) -> TierCase:
        return services.open_case(
            company=company, region=region, kind=kind, criteria=self.criteria[tier], on=on,
            actor=self.staff if self.at_home(region) else self.hq, is_demo=True, **more,
        )  # fmt: skip

    def reviewed(self, case: TierCase) -> TierCase:
        services.begin_review(case=case, actor=self.reviewer)
        text = f"현장과 결산 자료를 확인함({MARK})"
        return services.submit_review(case=case, opinion=Opinion.SUITABLE, text=text, actor=self.reviewer)

    def given(self, company: Company, region: Region, tier: str, on: date) -> TierCase:
        """The firm gets a tier from a day on."""
        case = self.reviewed(self.opened(company, region, CaseKind.ENTRY, tier, on))
        return services.approve_case(
            case=case, start=on, end=None, text=f"심의를 거쳐 결정({MARK})",
            actor=self.head if self.at_home(region) else self.hq,
            resolution=Resolution(council=f"지원협의회({MARK})", item="등급 결정", on=on, meeting="제1차"),
        )  # fmt: skip

    def lowered(self, company: Company, tier: str) -> None:
        """Down one rung, after the firm was heard."""
        asked = self.opened(company, self.region, CaseKind.DEMOTION, tier, self.today, request_text="고용·매출 감소")
        case = services.notify_hearing(
            case=self.reviewed(asked), on=self.today, notice=f"사전통지({MARK})", actor=self.head
        )
        case = services.record_hearing(case=case, record=f"의견을 내지 않음({MARK})", actor=self.head)
        services.approve_case(case=case, start=self.today, end=None, text=f"기준 미달({MARK})", actor=self.head)

    def refused_and_appealed(self, company: Company, tier: str) -> None:
        case = self.reviewed(self.opened(company, self.region, CaseKind.ENTRY, tier, self.today))
        case = services.reject_case(case=case, text=f"고용 기준에 미달({MARK})", actor=self.head)
        services.open_appeal(decision=case, request_text=f"상시근로자 수 정정({MARK})", actor=self.staff)

    def planned(self, company: Company, tier: str) -> None:
        start = self.today - timedelta(days=200)
        plan = services.plan_strategy(
            company=company, region=self.region, tier=tier, goal=f"수출과 인증으로 다음 단계 진입({MARK})",
            officer=self.staff, start=start, end=start + timedelta(days=365), actor=self.staff, is_demo=True,
        )  # fmt: skip
        services.move_strategy(strategy=plan, state=StrategyState.ACTIVE, actor=self.staff)
        services.close_step(
            step=plan.steps.order_by("number")[0], done_well=True, on=start + timedelta(days=80),
            result=f"지원을 마침({MARK})", actor=self.staff,
        )  # fmt: skip

    def designated(self, company: Company, start: date, serial: int) -> None:
        made = services.designate(
            company=company, region=self.region, start=start, notice=f"{MARK} 고시 제{start.year}-{serial}호",
            evaluation=f"평가위원회·검증위원단({MARK})", reason=f"지역 고용과 수출을 이끎({MARK})", actor=self.head,
            is_demo=True,
        )  # fmt: skip
        for report in made.reports.filter(due_on__lt=self.today - timedelta(days=60)):
            services.submit_report(
                report=report, difficulties=f"해외 인증 비용({MARK})", demands=f"공동 연구개발({MARK})",
                results=f"전담 지원 2건({MARK})", council=f"지원협의회({MARK})", actor=self.staff,
            )  # fmt: skip

    def supra(self, company: Company, region: Region, others: Iterable[Region]) -> None:
        services.state_fact(
            company=company, code=Fact.OUTSIDE_LINK, value=True, start=SINCE, end=None, document=f"협약서({MARK})",
            actor=self.staff,
        )  # fmt: skip
        self.given(company, region, Tier.SUPRA_REGIONAL, self.today - timedelta(days=150))
        for other in others:
            services.add_partner(
                company=company, region=other, start=SINCE, document=f"초광역 협약서({MARK})", actor=self.hq
            )


def _rungs(story: _Story, firms: list[Company]) -> dict[int, list[Tier]]:
    """How far each firm's figures carry it up the ladder today."""
    facts = gather([firm.pk for firm in firms], on=story.today, base_year=story.today.year - 1)
    met: dict[int, list[Tier]] = {}
    for firm in firms:
        judged = [rules.evaluate(story.criteria[tier].tree, facts[firm.pk]).outcome == rules.MET for tier in LADDER]
        met[firm.pk] = [tier for tier, is_met in zip(LADDER, judged, strict=True) if is_met]
    return met


def _climbs(story: _Story, firm: Company, at: int, rungs: list[Tier]) -> Iterator[tuple[Tier, date]]:
    """The tiers of a firm with the days they were given: a year apart, the first in one of the plan's years."""
    first = date(SINCE.year + at % 3, 6 + at % 5, 1)
    for step, tier in enumerate(rungs):
        day = date(first.year + step, first.month, 1)
        if day < story.today - timedelta(days=30):
            yield tier, day


@transaction.atomic
def load_tier_demo() -> dict[str, int]:
    """Lead the demo companies through tiers. Needs them, regions and the demo accounts; safe to repeat.

    Returns how many firms of the demo have been in a case, how many cases and plans there are.
    """
    people = {user.login_id: user for user in User.objects.filter(login_id__in=DESK)}
    region = Region.objects.filter(scheme="MOIS", code=SIDO, level=RegionLevel.SIDO).first()
    firms = list(Company.objects.filter(is_demo=True).not_merged().operating().order_by("pk"))
    if region is not None and firms and len(people) == len(DESK) and not TierCase.objects.filter(is_demo=True).exists():
        with deed("load_demo", actor=None):
            _tell(_Story(region, people), firms)
        # What the story decided long ago is no news to its desks.
        Notice.objects.filter(kind="tier_case", key__endswith=".over").delete()
    cases = TierCase.objects.filter(is_demo=True)
    return {
        "firms": cases.values("company").distinct().count(),
        "cases": cases.count(),
        "plans": GrowthStrategy.objects.filter(is_demo=True).count(),
    }


def _tell(story: _Story, firms: list[Company]) -> None:
    """Who becomes what, when: everything lies in the past, whenever the demo is loaded."""
    homes = home_regions([firm.pk for firm in firms])
    regions = Region.objects.in_bulk(set(homes.values()))
    firms = [firm for firm in firms if firm.pk in homes]
    rungs = _rungs(story, firms)
    reached: dict[int, Tier] = {}
    here = [firm for firm in firms if homes[firm.pk] == story.region.pk]
    waiting = here[-6:]
    for at, firm in enumerate(firms):
        if firm in waiting:
            continue
        climb = rungs[firm.pk] if firm in here or at % 3 == 0 else rungs[firm.pk][-1:]
        for tier, day in _climbs(story, firm, at, climb):
            story.given(firm, regions[homes[firm.pk]], tier, day)
            reached[firm.pk] = tier
    leading = [firm for firm in here if reached.get(firm.pk) == Tier.LEADING]
    supra = [
        firm
        for firm in firms
        if firm.lead_region_id and reached.get(firm.pk) and not regions[homes[firm.pk]].capital_area
    ]
    for firm in supra[:3]:
        others = [one for one in regions.values() if one.pk != homes[firm.pk]][:2]
        story.supra(firm, regions[homes[firm.pk]], others)
    for serial, firm in enumerate(leading[:3], start=1):
        story.designated(firm, date(story.today.year - 1, 2 + serial, 1), serial)
        story.planned(firm, Tier.LEADING)
    _at_every_desk(story, here, waiting, reached)
    _industry_draft(story.region, story.hq)
    for tier, count in ((Tier.POTENTIAL, 30), (Tier.PRELIMINARY, 12), (Tier.LEADING, 5)):
        services.set_target(
            region=story.region, year=2027, tier=tier, measure=TargetMeasure.EVER, count=count,
            source=f"시연용 지역 목표({MARK})", actor=story.hq,
        )  # fmt: skip


def _at_every_desk(story: _Story, here: list[Company], waiting: list[Company], reached: dict[int, Tier]) -> None:
    """Open cases of 경남: a candidate, one under review, one to decide, one in a hearing, one refused and appealed."""
    fresh = iter(waiting)
    for stop in ("candidate", "candidate", "review", "decide", "refused"):
        firm = next(fresh, None)
        if firm is None:
            return
        if stop == "refused":
            story.refused_and_appealed(firm, Tier.PRELIMINARY)
            continue
        case = story.opened(firm, story.region, CaseKind.ENTRY, Tier.POTENTIAL, story.today)
        if stop == "review":
            services.begin_review(case=case, actor=story.reviewer)
        elif stop == "decide":
            story.reviewed(case)
    held = [firm for firm in here if reached.get(firm.pk) == Tier.PRELIMINARY]
    if held:
        story.lowered(held[-1], Tier.PRELIMINARY)
    if len(held) > 1:
        asked = story.opened(
            held[0], story.region, CaseKind.DEMOTION, Tier.PRELIMINARY, story.today, request_text="매출 감소"
        )
        services.notify_hearing(
            case=story.reviewed(asked),
            on=story.today + timedelta(days=14),
            notice=f"사전통지({MARK})",
            actor=story.head,
        )
        story.planned(held[0], Tier.PRELIMINARY)
