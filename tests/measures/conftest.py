"""A firm with a site in a decided area, the measures that follow, and who asks."""

from datetime import date
from types import SimpleNamespace

import pytest

from companies.models import WorkplaceCluster
from crisis.enums import AreaLevel, Stage
from crisis.measures import sources
from crisis.measures.models import PreferentialMeasure
from crisis.measures.selectors import asker_of, decided_stages
from portal.directory.enums import OrganizationKind, Role
from portal.directory.scope import scope_of
from portal.directory.services import issue_client_token
from portal.kernel.dates import period
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.factories.crisis import AreaFactory, ClusterFactory
from tests.factories.directory import ALWAYS, OrganizationFactory, RegionFactory, UserFactory, person
from tests.plans.situations import decided


@pytest.fixture(autouse=True)
def _stages_alone(monkeypatch):
    """Only what councils decided entitles here, whichever other apps give places a status."""
    monkeypatch.setattr(sources, "_sources", [decided_stages])


def preference(code="LOAN", **facts):
    given = {
        "kind": "LOAN", "name_ko": f"우대 {code}", "provider_name": "시험기금", "basis": "시험 고시",
        "statuses": ["CAUTION", "SEVERE"], "effective": period(date(2023, 1, 1)),
    }  # fmt: skip
    return PreferentialMeasure.objects.create(code=code, **{**given, **facts})


@pytest.fixture
def places(db):
    here, there = RegionFactory(name_ko="가남도"), RegionFactory(name_ko="나북도")
    near = RegionFactory(sigungu=True, parent=here, name_ko="가까운시")
    far = RegionFactory(sigungu=True, parent=there, name_ko="먼시")
    cluster = ClusterFactory(region=near)
    return SimpleNamespace(
        here=here, there=there, near=near, far=far, cluster=cluster,
        mine=AreaFactory(region=near, code="A-NEAR", name_ko="가까운시"),
        foreign=AreaFactory(region=far, code="A-FAR", name_ko="먼시"),
        complex=AreaFactory(
            level=AreaLevel.CLUSTER, cluster=cluster, region=near, code="C-NEAR", name_ko="가까운산단"
        ),
    )  # fmt: skip


@pytest.fixture
def people(places):
    fund = OrganizationFactory(kind=OrganizationKind.FUND, name_ko="시험기금")
    return SimpleNamespace(
        fund=person(role=Role.API_CLIENT, organization=fund), lender=person(role=Role.FINANCE, region=places.there), office=person(region=places.here),
        other=person(region=places.there), ministry=person(role=Role.HQ), nobody=UserFactory(),
        city=person(role=Role.API_CLIENT, region=places.there), writer=person(role=Role.SIDO, region=places.here),
    )  # fmt: skip


@pytest.fixture
def firm(places):
    """A firm with its headquarters far away and a site in the area."""
    company = CompanyFactory()
    seat = WorkplaceFactory(company=company, region=places.far)
    site = WorkplaceFactory(company=company, region=places.near, site=True, name="가까운 공장")
    return SimpleNamespace(company=company, seat=seat, site=site)


@pytest.fixture
def stage(places):
    """Caution in the area from 2025-08-01 to the day before 2026-02-01."""
    return decided(places.mine, Stage.CAUTION, start=date(2025, 8, 1), end=date(2026, 2, 1))


@pytest.fixture
def loan(db):
    return preference()


@pytest.fixture
def key(people):
    return issue_client_token(user=people.fund, name="시험 연계", expires_at=None, actor=None)[1]


@pytest.fixture
def by_key(api, key):
    api.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return api


def asker(somebody):
    return asker_of(scope_of(somebody))


def joins(workplace, cluster, start=None, end=None):
    span = period(start, end) if start else ALWAYS
    return WorkplaceCluster.objects.create(workplace=workplace, cluster=cluster, effective=span)
