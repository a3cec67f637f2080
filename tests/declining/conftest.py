"""A 시·도 with a declining 군, its officials, the ministry, another 시·도; a fund project at any step."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from crisis.declining import services
from portal.directory.enums import OrganizationKind, Role
from portal.directory.models import Holiday
from portal.kernel.dates import KST
from tests.factories.directory import OrganizationFactory, RegionFactory, UserFactory, person


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def clock(time_machine):
    """Goes to a day: `clock(2024, 7, 1)`. The tests begin on 2024-02-01."""

    def to(year, month, day):
        time_machine.move_to(datetime(year, month, day, 9, tzinfo=KST), tick=True)

    to(2024, 2, 1)
    return to


@pytest.fixture
def land(db):
    """Places, people. `hall`: the 군's own clerk; `sido`: the 시·도's; `clerk`: the regional office's."""
    here, there = RegionFactory(name_ko="가남도"), RegionFactory(name_ko="나북도")
    county = RegionFactory(sigungu=True, parent=here, name_ko="산골군")
    beside = RegionFactory(sigungu=True, parent=here, name_ko="이웃군")
    far = RegionFactory(sigungu=True, parent=there, name_ko="먼군")
    municipal = OrganizationFactory(kind=OrganizationKind.MUNICIPALITY, of_region=county)
    provincial = OrganizationFactory(kind=OrganizationKind.PROVINCE, of_region=here)
    other = OrganizationFactory(kind=OrganizationKind.PROVINCE, of_region=there)
    return SimpleNamespace(
        here=here, there=there, county=county, beside=beside, far=far,
        hall=person(role=Role.SIDO, organization=municipal), sido=person(role=Role.SIDO, organization=provincial),
        stranger=person(role=Role.SIDO, organization=other), clerk=person(region=here),
        ministry=person(role=Role.HQ), nobody=UserFactory(),
    )  # fmt: skip


MONEY = [
    {"ministry": "MOIS", "year": 2024, "planned": 2_080_000_000},
    {"ministry": "MSS", "year": 2024, "planned": 430_000_000},
]
SUPPORTS = [{"kind": "COMMERCIALISE", "ministry": "MSS", "programme": "먹거리 제품개발", "content": "시제품"}]
INDICATORS = [
    {"kind": "JOBS", "name": "신규 고용", "unit": "명", "base": Decimal(0), "target": Decimal(30)},
    {"kind": "INFLOW", "name": "전입 인구", "unit": "명", "base": None, "target": Decimal(50)},
]


def drafted(land, *, name="힐링푸드 산업", region=None, **facts):
    return services.draft_project(
        region=region or land.county, name=name, field="INDUSTRY", starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31), actor=land.hall if region is None else land.sido, **facts,
    )  # fmt: skip


def filled(land, **facts):
    row = drafted(land, **facts)
    hall = land.sido
    words = {"purpose": "농산물 가공기업 육성", "plan": "중기부 제품개발을 함께"}
    row = services.save_project(project=row, facts=words, seen=row.version, actor=hall)
    row = services.set_money(project=row, rows=MONEY, seen=row.version, actor=hall)
    row = services.set_supports(project=row, rows=SUPPORTS, seen=row.version, actor=hall)
    return services.set_indicators(project=row, rows=INDICATORS, seen=row.version, actor=hall)


def submitted(land, **facts):
    row = filled(land, **facts)
    return services.submit_project(project=row, seen=row.version, actor=land.sido)


def reviewed(land, stances=("AGREE", "AGREE"), **facts):
    row = submitted(land, **facts)
    return looked_at(row, land, stances)


def looked_at(row, land, stances=("AGREE", "AGREE")):
    for ministry, stance in zip(("MOIS", "MSS"), stances, strict=True):
        services.record_review(
            project=row, ministry=ministry, stance=stance, comment="" if stance == "AGREE" else "효과를 더 적을 것",
            given_on=date(2024, 2, 1), seen=row.version, actor=land.ministry,
        )  # fmt: skip
        row.refresh_from_db()
    return row


def agreed(land, **facts):
    row = reviewed(land, **facts)
    Holiday.objects.get_or_create(day=date(2025, 1, 31), defaults={"name_ko": "시험 휴일"})
    return services.agree_project(project=row, amounts={}, seen=row.version, actor=land.ministry)


def running(land, **facts):
    row = agreed(land, **facts)
    return services.start_project(project=row, seen=row.version, actor=land.sido)


def reported(report, land, *, spent=None, submit=True, result="공장 2곳 준공", values=None):
    money = {row.ministry: row.pk for row in report.project.money.all()}
    return services.save_report(
        report=report, spent={money[name]: won for name, won in (spent or {"MOIS": 1_000_000_000}).items()},
        result=result, problems="", values=values or {}, seen=report.version, submit=submit, actor=land.hall,
    )  # fmt: skip
