"""Demo: one 군 of 경상남도 with everything, every row marked 예시. Needs the demo's accounts; twice changes nothing.

The two places are listed in fact; what is said of them here is invented.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies.enums import ClusterKind
from companies.models import Cluster, Company
from crisis.declining import services
from crisis.declining.loaders import load_declining
from crisis.declining.models import FundProject
from portal.directory.enums import RegionLevel
from portal.directory.models import Region, User
from portal.directory.scope import scope_of

MARK = "(예시)"
PLACES = ("48880", "48870")  # 거창군, 함양군
PEOPLE = {"writer": "sido-gyeongnam", "ministry": "hq"}
_M = 1_000_000


@transaction.atomic
def load_declining_demo() -> int:
    """Returns how many projects were made: two, or none when they are there or the accounts are not."""
    load_declining()
    people = {key: User.objects.filter(login_id=login, is_demo=True).first() for key, login in PEOPLE.items()}
    writer, ministry = people["writer"], people["ministry"]
    regions = list(Region.objects.filter(scheme="MOIS", code__in=PLACES, level=RegionLevel.SIGUNGU).order_by("-code"))
    if writer is None or ministry is None or len(regions) < 2 or FundProject.objects.filter(is_demo=True).exists():
        return 0
    first, second = regions
    _complex(first, writer)
    _resource(first, writer)
    _zone(first, writer)
    _project(first, "사과 가공·저장 거점", writer, ministry, until="RUNNING")
    _project(second, "산양삼 가공 창업", writer, ministry, until="REVIEW")
    return 2


def _complex(region: Region, writer: User) -> None:
    cluster = Cluster.objects.filter(kind=ClusterKind.AGRO, region=region, parent=None).order_by("code").first()
    if cluster is None:
        return
    rows: tuple[tuple[str, str, str, str, int], ...] = (
        ("IMAGE", "진입로와 간판이 낡아 청년이 취업을 꺼림", "입구 정비와 공동 간판 교체", "RUNNING", 60),
        ("PEOPLE", "생산직을 구하기 어려움", "", "NEED", 0),
    )
    for kind, need, measure, state, progress in rows:
        money = {"national": 300 * _M, "sigungu": 150 * _M} if measure else {}
        facts = {
            "year": timezone.localdate().year, "kind": kind, "need": f"{need}{MARK}", "measure": measure,
            "progress": progress, "lead_name": "예시군", **money,
        }  # fmt: skip
        services.put_complex_measure(
            cluster=cluster, measure=None, facts=facts, state=state, seen=0, actor=writer, is_demo=True
        )


def _resource(region: Region, writer: User) -> None:
    resource = services.put_resource(
        resource=None, region=region, first=date(2023, 1, 1), last=None, seen=0, actor=writer, is_demo=True,
        facts={"kind": "PRODUCT", "name": f"사과{MARK}", "description": "시연을 위한 예시입니다.", "source": "예시"},
    )  # fmt: skip
    company = (
        Company.objects.visible_to(scope_of(writer))
        .not_merged()
        .operating()
        .filter(is_demo=True)
        .order_by("pk")
        .first()
    )
    if company is None:
        return
    firm = services.link_resource_firm(
        resource=resource, company=company, role="MAKER", evidence="예시: 현장 확인", first=date(2023, 1, 1), last=None,
        actor=writer,
    )  # fmt: skip
    services.add_resource_support(
        firm=firm, given_on=date(2024, 5, 20), kind="UPGRADE", programme="예시 제품 고도화", won=30 * _M, note="",
        actor=writer,
    )  # fmt: skip


def _zone(region: Region, writer: User) -> None:
    facts = {"name": f"사과 특구{MARK}", "kind": "LOCAL_PRODUCT", "resource": "사과", "source": "예시"}
    zone = services.put_zone(
        zone=None, code="DEMO-1", facts=facts, regions=[region], first=date(2015, 4, 1), seen=0, actor=writer,
        is_demo=True,
    )  # fmt: skip
    services.add_exception(
        zone=zone, code="FARMLAND", text="예시: 농지 위탁 경영", first=date(2015, 4, 1), last=None, seen=zone.version,
        actor=writer,
    )  # fmt: skip
    zone.refresh_from_db()
    services.add_operator(
        zone=zone,
        name="예시 영농조합",
        role="가공·판매",
        first=date(2015, 4, 1),
        last=None,
        seen=zone.version,
        actor=writer,
    )


def _project(region: Region, name: str, writer: User, ministry: User, *, until: str) -> FundProject:
    today = timezone.localdate()
    row = services.draft_project(
        region=region, name=f"{name}{MARK}", field="INDUSTRY", starts_on=date(today.year, 1, 1),
        ends_on=date(today.year, 12, 31), actor=writer, is_demo=True,
    )  # fmt: skip
    facts = {
        "purpose": "시연을 위해 지어낸 사업입니다.",
        "plan": "기금으로 저장고를 짓고, 제품 개발과 판로를 중기부 사업으로 잇는다.",
    }
    row = services.save_project(project=row, facts=facts, seen=row.version, actor=writer)
    money = [
        {"ministry": "MOIS", "year": today.year, "planned": 2_000 * _M},
        {"ministry": "MSS", "year": today.year, "planned": 400 * _M},
        {"ministry": "LOCAL", "year": today.year, "planned": 300 * _M},
    ]
    row = services.set_money(project=row, rows=money, seen=row.version, actor=writer)
    supports = [{"kind": "COMMERCIALISE", "ministry": "MSS", "programme": "예시 먹거리 제품개발", "content": ""}]
    row = services.set_supports(project=row, rows=supports, seen=row.version, actor=writer)
    indicators: list[dict[str, Any]] = [
        {"kind": "JOBS", "name": "신규 고용", "unit": "명", "base": Decimal(0), "target": Decimal(20)},
        {"kind": "INFLOW", "name": "전입 인구", "unit": "명", "base": Decimal(0), "target": Decimal(35)},
    ]
    row = services.set_indicators(project=row, rows=indicators, seen=row.version, actor=writer)
    row = services.submit_project(project=row, seen=row.version, actor=writer)
    if until == "REVIEW":
        return row
    for body in ("MOIS", "MSS"):
        bonus: dict[str, Any] = {"bonus_points": Decimal(3), "bonus_note": "예시: 연계 가점"} if body == "MOIS" else {}
        services.record_review(
            project=row, ministry=body, stance="AGREE", comment="", given_on=today, seen=row.version, actor=ministry,
            **bonus,
        )  # fmt: skip
        row.refresh_from_db()
    row = services.agree_project(project=row, amounts={}, seen=row.version, actor=ministry)
    row = services.start_project(project=row, seen=row.version, actor=writer)
    report = row.reports.earliest("half")
    spent = {one.pk: 500 * _M for one in row.money.all() if one.ministry == "MOIS"}
    jobs = row.indicators.get(kind="JOBS")
    services.save_report(
        report=report, spent=spent, result="저장고 설계를 마치고 착공함.", problems="", values={jobs.pk: Decimal(6)},
        seen=report.version, submit=True, actor=writer,
    )  # fmt: skip
    return row
