"""Demo: invented firms of 경남 with figures, led through cases; every row marked 예시. Loading twice changes nothing.

The story: 24 firms; criteria of three tiers adopted for the demo; some potential, preliminary and leading firms, one
supra-regional, one demoted after a hearing, one refused that appeals, candidates waiting, plans under way, two
designations with their half-yearly reports.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies.models import Certification, Company, CompanyYear, Workplace
from companies.services import register_company
from companies.tiers import services
from companies.tiers.enums import CaseKind, Opinion, Programme, StrategyState, Tier
from companies.tiers.models import CriteriaSet, GrowthStrategy, TierCase
from companies.tiers.services import Resolution
from portal.directory.audit import deed
from portal.directory.models import Region, User
from portal.kernel.dates import period

SIDO, MARK = "48", "예시"
CITIES = ("48120", "48170", "48250", "48310", "48330")
SINCE = date(2023, 4, 6)
PEOPLE = ("tp-gyeongnam", "gyeongnam", "gyeongnam-head")


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented firm: yearly sales in 억원 (growing by `growth` percent), heads, shares in percent."""

    name: str
    founded: int
    sales: int
    heads: int
    growth: int = 8
    exports: int = 5
    rnd: int = 2
    lab: bool = False


FIRMS = (
    Invented("가온정밀", 2012, 62, 34, 12, 18, 6, True), Invented("나래기계", 2009, 88, 51, 9, 22, 5, True),
    Invented("다온부품", 2015, 58, 22, 15, 8, 7, True), Invented("라온조선기자재", 2004, 210, 96, 11, 31, 5, True),
    Invented("마루항공", 2011, 175, 80, 10, 40, 8, True), Invented("바른소재", 2017, 41, 18, 20, 4, 9, True),
    Invented("새롬로봇", 2019, 18, 12, 25, 0, 12), Invented("아람센서", 2020, 9, 9, 30, 0, 15),
    Invented("자람테크", 2018, 27, 15, 12, 2, 4), Invented("차오름에너지", 2016, 36, 20, 9, 6, 3),
    Invented("카람금형", 2013, 33, 16, 3, 3, 2), Invented("타래산업", 2010, 71, 8, -12, 2, 1),
    Invented("파란바이오", 2021, 6, 7, 28, 0, 18), Invented("하람나노", 2022, 3, 6, 40, 0, 20),
    Invented("한결기공", 2008, 54, 27, 4, 9, 2), Invented("누리전자", 2014, 47, 25, 7, 11, 4),
    Invented("두리도금", 2006, 22, 14, 1, 0, 1), Invented("미르스마트", 2019, 14, 11, 18, 1, 10),
    Invented("보람엔진", 2003, 132, 64, 6, 26, 3), Invented("소담식품기계", 2012, 29, 13, 5, 7, 2),
    Invented("여울수소", 2020, 12, 10, 22, 0, 14), Invented("온새미로", 2017, 52, 19, 11, 5, 3),
    Invented("이든주조", 2001, 66, 38, 2, 8, 1), Invented("푸른물산", 2011, 8, 4, -5, 0, 0),
)  # fmt: skip


def _criterion(metric: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"metric": metric, "operator": operator, "value": value, **more}


_E = 100_000_000
_OPEN = _criterion("STATE", "IN", ["OPERATING"])
BODIES: dict[str, dict[str, Any]] = {
    Tier.POTENTIAL: {"all": [_OPEN, _criterion("SALES_LAST", "GE", 1 * _E), _criterion("SALES_LAST", "LT", 50 * _E)]},
    Tier.PRELIMINARY: {"all": [_OPEN, _criterion("EMPLOYEES", "GE", 10), _criterion("SALES_AVERAGE", "GE", 40 * _E)]},
    Tier.LEADING: {
        "all": [
            _OPEN,
            _criterion("EMPLOYEES", "GE", 10),
            _criterion("SALES_AVERAGE", "GE", 50 * _E),
            {
                "k": 2,
                "of": [
                    _criterion("EMPLOYEES_GROWTH", "GE", 8),
                    _criterion("EXPORT_SHARE", "GE", 12),
                    _criterion("SALES_CAGR", "GE", 8, years=4),
                    _criterion("RND_RATIO", "GE", 5),
                    _criterion("HAS_LAB", "IS", True),
                ],
            },
        ]
    },
    Tier.SUPRA_REGIONAL: {
        "all": [
            _OPEN,
            _criterion("HQ_OUTSIDE_CAPITAL", "IS", True),
            _criterion("EMPLOYEES", "GE", 10),
            _criterion("OUTSIDE_LINK", "IS", True, at_review=True),
        ]
    },
}


def _number(serial: int) -> str:
    """An invented business number with a right check digit."""
    body = f"999{serial:06d}"
    weights = (1, 3, 7, 1, 3, 7, 1, 3, 5)
    total = sum(int(d) * w for d, w in zip(body, weights, strict=True)) + int(body[8]) * 5 // 10
    return body + str((10 - total % 10) % 10)


def _firm(serial: int, one: Invented, this_year: int) -> tuple[Company, bool]:
    """The firm of a serial, made when it is not there yet."""
    number = _number(serial)
    seat = Workplace.objects.filter(business_number=number).select_related("company").first()
    if seat is not None:
        return seat.company, False
    company = register_company(
        facts={"name_ko": f"{one.name}{MARK}", "founded_on": date(one.founded, 3, 2), "size": "SMALL"},
        business_number=number,
        region=Region.objects.get(scheme="MOIS", code=CITIES[serial % len(CITIES)]),
        since=date(one.founded, 3, 2),
        accept_duplicates=True,
        reason="예시 자료",
        is_demo=True,
    )
    sales, heads = one.sales * _E, one.heads
    rows = []
    for year in range(this_year - 1, max(one.founded, this_year - 7), -1):
        rows.append(
            CompanyYear(
                company=company,
                year=year,
                source="OTHER",
                sales=sales,
                employees=heads,
                exports_direct=sales * one.exports // 100,
                exports_indirect=0,
                rnd=sales * one.rnd // 100,
            )
        )
        sales, heads = sales * 100 // (100 + one.growth), max(1, heads * 100 // (100 + one.growth // 2))
    CompanyYear.objects.bulk_create(rows)
    if one.lab:
        Certification.objects.create(company=company, kind="LAB", number=f"{MARK}-{serial}", effective=period(SINCE))
    return company, True


def _criteria(region: Region, tier: str, actor: User) -> CriteriaSet:
    """The demo's adopted set of a tier for the region."""
    code = f"demo-gyeongnam-{tier.lower().replace('_', '-')}"
    found = CriteriaSet.objects.filter(code=code).first()
    if found is not None:
        return found
    programme = Programme.SUPRA_REGION if tier == Tier.SUPRA_REGIONAL else Programme.MAIN_INDUSTRY
    draft = services.draft_criteria(
        code=code,
        body=BODIES[tier],
        actor=actor,
        is_demo=True,
        facts={
            "title": f"경남 {Tier(tier).label} 기준({MARK})",
            "programme": programme,
            "tier": tier,
            "region": region,
            "effective": period(SINCE),
            "term_years": 3,
            "needs_resolution": tier in (Tier.LEADING, Tier.SUPRA_REGIONAL),
            "source": "시연용으로 지은 기준",
        },
    )
    return services.adopt_criteria(criteria=draft, document=f"{MARK} 문서 제1호", start=SINCE, end=None, actor=actor)


class _Story:
    """Deeds of the demo's desk, each at its day."""

    def __init__(self, region: Region, reviewer: User, staff: User, head: User) -> None:
        self.region, self.reviewer, self.staff, self.head = region, reviewer, staff, head
        self.criteria = {tier: _criteria(region, tier, head) for tier in BODIES}

    def opened(self, company: Company, kind: str, tier: str, on: date, **more: Any) -> TierCase:
        """A case reviewed by the technopark."""
        case = services.open_case(
            company=company, region=self.region, kind=kind, criteria=self.criteria[tier], actor=self.staff, on=on,
            base_year=timezone.localdate().year - 1, is_demo=True, **more,
        )  # fmt: skip
        services.begin_review(case=case, actor=self.reviewer)
        return services.submit_review(
            case=case, opinion=Opinion.SUITABLE, text=f"현장 확인 결과({MARK})", actor=self.reviewer
        )

    def given(self, company: Company, tier: str, on: date) -> TierCase:
        """The firm gets a tier from a day on."""
        case = self.opened(company, CaseKind.ENTRY, tier, on)
        return services.approve_case(
            case=case,
            start=on,
            end=None,
            text=f"협의회 심의를 거쳐 결정({MARK})",
            actor=self.head,
            resolution=self.resolved(on),
        )

    def resolved(self, on: date) -> Resolution:
        return Resolution(council=f"경남 지원협의회({MARK})", item="등급 결정", on=on, meeting="제1차")

    def demoted(self, company: Company, on: date) -> None:
        """Down one rung, after the firm was heard."""
        case = self.opened(company, CaseKind.DEMOTION, Tier.PRELIMINARY, on, request_text="고용·매출 감소")
        today = timezone.localdate()
        case = services.notify_hearing(case=case, on=today, notice=f"{MARK} 사전통지", actor=self.head)
        case = services.record_hearing(case=case, record=f"의견을 내지 않음({MARK})", actor=self.head)
        services.approve_case(case=case, start=on, end=None, text=f"기준 미달({MARK})", actor=self.head)

    def refused_and_appealed(self, company: Company, on: date) -> None:
        case = self.opened(company, CaseKind.ENTRY, Tier.PRELIMINARY, on)
        case = services.reject_case(case=case, text=f"고용 기준에 미달({MARK})", actor=self.head)
        services.open_appeal(decision=case, request_text=f"상시근로자 수 정정({MARK})", actor=self.staff)

    def planned(self, company: Company, tier: str) -> None:
        today = timezone.localdate()
        start = today - timedelta(days=200)
        plan = services.plan_strategy(
            company=company, region=self.region, tier=tier, goal=f"수출과 인증으로 다음 단계 진입({MARK})",
            officer=self.staff, start=start, end=start + timedelta(days=365), actor=self.staff, is_demo=True,
        )  # fmt: skip
        services.move_strategy(strategy=plan, state=StrategyState.ACTIVE, actor=self.staff)
        first = plan.steps.order_by("number")[0]
        services.close_step(
            step=first, done_well=True, on=start + timedelta(days=80), result=f"지원을 마침({MARK})", actor=self.staff
        )


@transaction.atomic
def load_tier_demo() -> dict[str, int]:
    """Make the demo's firms and lead them through their cases. Needs regions and the demo accounts; safe to repeat.

    Returns how many firms, cases and plans there are. Without the accounts nothing is made.
    """
    people = {user.login_id: user for user in User.objects.filter(login_id__in=PEOPLE)}
    region = Region.objects.filter(scheme="MOIS", code=SIDO).first()
    if region is None or len(people) < len(PEOPLE):
        return {"firms": 0, "cases": 0, "plans": 0}
    with deed("load_demo", actor=None):
        this_year = timezone.localdate().year
        made = [_firm(serial, one, this_year) for serial, one in enumerate(FIRMS, start=1)]
    if not TierCase.objects.filter(is_demo=True).exists():
        story = _Story(region, *(people[name] for name in PEOPLE))
        _tell(story, [company for company, _fresh in made], this_year)
    return {
        "firms": len(made),
        "cases": TierCase.objects.filter(is_demo=True).count(),
        "plans": GrowthStrategy.objects.filter(is_demo=True).count(),
    }


def _tell(story: _Story, firms: list[Company], this_year: int) -> None:
    """Who becomes what, when. Days are counted back from today, so that the demo never lies in the future."""
    today = timezone.localdate()

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    for at, company in enumerate(firms[6:18]):
        story.given(company, Tier.POTENTIAL, ago(330 + 250 * (at % 3)))
    for at, company in enumerate(firms[0:6]):
        story.given(company, Tier.PRELIMINARY, ago(420 + 300 * (at % 2)))
    for company in firms[3:5]:
        story.given(company, Tier.LEADING, ago(240))
    services.state_fact(
        company=firms[4], code="OUTSIDE_LINK", value=True, start=SINCE, end=None, document=f"협약서({MARK})",
        actor=story.staff,
    )  # fmt: skip
    story.given(firms[4], Tier.SUPRA_REGIONAL, ago(200))
    story.demoted(firms[5], ago(60))
    story.refused_and_appealed(firms[11], ago(40))
    for company in firms[18:22]:
        services.open_case(
            company=company, region=story.region, kind=CaseKind.ENTRY, criteria=story.criteria[Tier.PRELIMINARY],
            actor=story.staff, is_demo=True,
        )  # fmt: skip
    for company, tier in ((firms[0], Tier.PRELIMINARY), (firms[3], Tier.LEADING), (firms[7], Tier.POTENTIAL)):
        story.planned(company, tier)
    for company, year in ((firms[3], this_year - 1), (firms[4], this_year)):
        services.designate(
            company=company, region=story.region, start=date(year, 3, 1), notice=f"{MARK} 고시 제{year}-1호",
            evaluation=f"평가위원회·검증위원단({MARK})", reason=f"지역 고용과 수출을 이끎({MARK})", actor=story.head,
            is_demo=True,
        )  # fmt: skip
