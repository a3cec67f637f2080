"""A round in two 시·도, its people, its companies."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from companies.models import WorkplaceCluster
from companies.surveys import services
from companies.surveys.models import SurveyForm, SurveyRound, Target
from companies.surveys.shipped import shipped_forms
from portal.directory.enums import Role
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.factories.crisis import ClusterFactory
from tests.factories.directory import (
    SINCE_2020,
    OrganizationFactory,
    RegionFactory,
    UserFactory,
    person,
)

BODY = {
    "fields": [
        {"code": "sales", "label": "매출액", "kind": "MONEY", "unit": "백만원", "head": "MANAGEMENT", "required": True, "min": 0},
        {"code": "exports", "label": "수출액", "kind": "MONEY", "unit": "백만원", "head": "TRADE", "min": 0},
        {"code": "employees", "label": "상시근로자", "kind": "NUMBER", "unit": "명", "head": "PERSONNEL", "required": True, "min": 0},
        {"code": "usage", "label": "가동률", "kind": "PERCENT", "head": "MANAGEMENT", "min": 0, "max": 150},
        {"code": "outlook", "label": "전망", "kind": "CHOICE", "head": "TREND", "choices": [["UP", "좋아짐"], ["DOWN", "나빠짐"]]},
        {"code": "request", "label": "요청", "kind": "TEXT", "head": "OTHER"},
    ],
    "rules": [{"kind": "NOT_ABOVE", "fields": ["exports", "sales"], "message": "수출액이 매출액보다 큽니다."}],
}  # fmt: skip
FULL = {"sales": 5_000_000_000, "employees": 12, "usage": "81.5", "outlook": "UP", "request": "자금"}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def form(db):
    return SurveyForm.objects.create(code="test", version=1, title="시험 양식", body=BODY)


@pytest.fixture
def shipped(db):
    """The shipped yearly form as a row, as the loader makes it."""
    raw = next(raw for raw in shipped_forms() if raw["code"] == "sme-fact")
    body = {"fields": raw["fields"], "rules": raw["rules"]}
    return SurveyForm.objects.create(code=raw["code"], version=raw["version"], title=raw["title"], body=body)


@pytest.fixture
def places(db):
    here, there = RegionFactory(name_ko="가남도"), RegionFactory(name_ko="나북도")
    near = RegionFactory(sigungu=True, parent=here, name_ko="가까운시")
    far = RegionFactory(sigungu=True, parent=there, name_ko="먼시")
    return SimpleNamespace(
        here=here, there=there, near=near, far=far,
        park=OrganizationFactory(technopark=True, of_region=here, name_ko="가남테크노파크", code="TP-HERE"),
        other_park=OrganizationFactory(technopark=True, of_region=there, name_ko="나북테크노파크", code="TP-THERE"),
        office=OrganizationFactory(of_region=here), other_office=OrganizationFactory(of_region=there),
    )  # fmt: skip


@pytest.fixture
def people(places):
    return SimpleNamespace(
        clerk=person(role=Role.TECHNOPARK, organization=places.park),
        colleague=person(role=Role.TECHNOPARK, organization=places.park),
        other=person(role=Role.TECHNOPARK, organization=places.other_park),
        reviewer=person(organization=places.office),
        council=person(role=Role.COUNCIL_MEMBER, organization=places.office),
        ministry=person(role=Role.HQ),
        nobody=UserFactory(),
    )


def make_round(form, code="fact-2025", days=(-10, 10, 20), **more):
    """A round that opened, is due and closes so many days from today (no holidays are on record)."""
    today = timezone.localdate()
    opens, due, closes = (today + timedelta(days=n) for n in days)
    return SurveyRound.objects.create(
        code=code, title=f"시험 조사 {code}", form=form, year=2025, opens_on=opens, due_on=due, closes_on=closes, **more
    )


@pytest.fixture
def survey(form):
    return make_round(form)


def ask(survey, region, technopark=None, **more):
    """A company with its headquarters in a region, asked in a round."""
    company = CompanyFactory()
    site = WorkplaceFactory(company=company, region=region)
    return Target.objects.create(
        round=survey,
        company=company,
        business_number=site.business_number,
        region=region,
        technopark=technopark,
        **more,
    )


@pytest.fixture
def target(survey, places):
    return ask(survey, places.near, places.park)


@pytest.fixture
def handed_in(target, people):
    """A sheet that waits for approval."""
    kept = services.save_answers(target=target, answers=FULL, seen=0, actor=people.clerk)
    return services.submit(target=target, seen=kept.version, actor=people.clerk)


@pytest.fixture
def text(client):
    """The words of a page as somebody gets it; None for no one."""

    def of(somebody, url, status=200, **query):
        client.logout()
        if somebody is not None:
            client.force_login(somebody)
        answer = client.get(url, query)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.content.decode() if status == 200 else answer

    return of


def tenants(region, count, *, state="OPERATING", cluster=None, since=None):
    """A cluster with so many tenants."""
    cluster = cluster or ClusterFactory(region=region)
    for _ in range(count):
        site = WorkplaceFactory(company=CompanyFactory(state=state), region=region)
        effective = DateRange(since, None, "[)") if since else SINCE_2020
        WorkplaceCluster.objects.create(workplace=site, cluster=cluster, effective=effective)
    return cluster


MONDAY = date(2026, 11, 23)
