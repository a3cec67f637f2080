"""What lay in the portal before the year began: the real series, the public bodies, a council, a firm."""

from dataclasses import dataclass
from datetime import date

from companies.loaders import load_companies
from companies.models import Cluster, Workplace, WorkplaceCluster
from crisis.enums import BatchKind, RunState
from crisis.fieldwork.loaders import load_fieldwork
from crisis.loaders import demo
from crisis.loaders.reference import load_crisis
from crisis.measures.loaders import load_measures
from crisis.models import Area, Result, Run
from crisis.plans.loaders import load_plan_terms
from crisis.services import open_round, record_batch
from portal.directory.enums import Role
from portal.directory.loaders import load_directory
from portal.directory.models import Organization, Region, User
from portal.directory.services import issue_client_token
from portal.kernel.dates import end_of_day
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.factories.directory import SINCE_2020, MembershipFactory, UserFactory

SERIES = "observations_sigungu.csv.gz"
SINCE = date(2022, 6, 1)  # two years before the first round: the windows of twelve months and the year before them
HAMAN, CHILSEO = "R48730", "C1216"


@dataclass(frozen=True)
class Land:
    """The people of 경상남도 by login, the area the year is about, firms of a complex in it, one outside, a fund's key."""

    people: dict[str, User]
    area: Area
    firms: list[Workplace]
    stranger: Workplace
    key: str


def settle() -> Land:
    """Everything there is before December 2024, as `./start` would have loaded it."""
    load_directory()
    load_companies()
    load_crisis()
    load_measures()
    load_plan_terms()
    load_fieldwork()
    people = {user.login_id: user for user in demo.load_people()}
    demo.load_councils()
    demo.load_rule_sets(people["hq"])
    record_batch(
        kind=BatchKind.REFERENCE, title="시군구 수출·외국인근로자·인구", actor=people["hq"], may_backdate=True,
        reason="공개 통계의 공표 시점대로 적재",
        rows=(row for row in demo._readings(demo.DATA / "demo" / SERIES) if row.period >= SINCE),
    )  # fmt: skip
    open_round(
        reference_month=date(2024, 5, 1), cutoff=end_of_day(date(2024, 7, 10)), code="2024H1", actor=people["hq"]
    )
    system = UserFactory()
    MembershipFactory(user=system, organization=Organization.objects.get(code="KOSME"), role=Role.API_CLIENT)
    _, key = issue_client_token(user=system, name="year", expires_at=None, actor=None)
    return Land(
        people, Area.objects.get(code=HAMAN), [firm_in("48730", CHILSEO) for _ in range(6)],
        firm_in("48120"), key,
    )  # fmt: skip


def firm_in(code: str, complex: str = "") -> Workplace:
    site = WorkplaceFactory(company=CompanyFactory(), region=Region.objects.get(code=code))
    if complex:
        WorkplaceCluster.objects.create(workplace=site, cluster=Cluster.objects.get(code=complex), effective=SINCE_2020)
    return site


def judged(code: str, area: Area) -> Result | None:
    """What the official run of a round says of an area, once it is done."""
    return Result.objects.filter(
        run__in=Run.objects.official().filter(round__code=code, state=RunState.DONE), area=area
    ).first()
