"""Pages: four people, the price of a page, a project walked through by its forms."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crisis.declining.loaders import load_declining
from crisis.declining.models import ComplexMeasure, FundProject, LocalResource, PlanFigure, SpecialZone
from tests.declining.conftest import reported, running
from tests.factories.companies import CompanyFactory, business_number
from tests.factories.crisis import AreaFactory, IndicatorFactory, ObservationFactory
from tests.factories.declining import (
    ComplexMeasureFactory,
    DeclineStatusFactory,
    FundProjectFactory,
    LocalResourceFactory,
    RuralComplexFactory,
    SpecialZoneFactory,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"declining:{name}", args=args)


def furnished(region, *, figures=True):
    """A 시·군·구 with one of everything."""
    cluster = RuralComplexFactory(region=region)
    if figures:
        area = AreaFactory(cluster_area=True, cluster=cluster)
        for code, value in (("TENANTS", 40), ("OPERATING", 30), ("CX_EMP", 500)):
            indicator = IndicatorFactory(code=code, frequency="Q", unit="개")
            ObservationFactory(area=area, indicator=indicator, period=date(2023, 12, 1), value=value,
                               known_at="2024-01-31T00:00:00Z")  # fmt: skip
    return {
        "status": DeclineStatusFactory(region=region), "complex": cluster,
        "measure": ComplexMeasureFactory(cluster=cluster), "resource": LocalResourceFactory(region=region),
        "zone": SpecialZoneFactory(in_region=region), "project": FundProjectFactory(region=region),
    }  # fmt: skip


LISTS = ("regions", "status", "complexes", "measures", "resources", "zones", "projects", "reports")


def test_each_of_the_four_people_sees_their_own(client, land):
    things = furnished(land.county)
    pages = {
        url("region", land.county.scheme, land.county.code): "regions", url("complex", things["complex"].code): "complexes",
        url("resource", things["resource"].pk): "resources", url("zone", things["zone"].code): "zones",
        url("project", things["project"].code): "projects",
    }  # fmt: skip
    names = [land.county.name_ko, things["complex"].name_ko, things["resource"].name, things["zone"].name,
             things["project"].name]  # fmt: skip
    for user, sees in ((land.hall, True), (land.clerk, True), (land.ministry, True), (land.stranger, False)):
        client.force_login(user)
        for (page, listed), name in zip(pages.items(), names, strict=True):
            assert client.get(page).status_code == (200 if sees else 404), (user.login_id, page)
            assert (name in client.get(url(listed)).content.decode()) == sees, (user.login_id, listed)
    client.force_login(land.nobody)
    assert {client.get(url(name)).status_code for name in LISTS} == {403}


@pytest.mark.parametrize("rows", [1, 4])
def test_pages_cost_the_same_for_any_number_of_rows(client, land, rows, django_assert_max_num_queries):
    things = furnished(land.county)
    row = running(land)
    for _ in range(rows - 1):
        furnished(land.beside)["status"].delete()
    client.force_login(land.ministry)
    budgets = {url(name): 9 for name in LISTS} | {
        url("regions"): 13, url("status"): 15, url("region", land.county.scheme, land.county.code): 18,
        url("complex", things["complex"].code): 9, url("project", row.code): 18,
    }  # fmt: skip
    for page, budget in budgets.items():
        client.get(page)
        with django_assert_max_num_queries(budget):
            assert client.get(page).status_code == 200


def post(client, user, page, /, *args, **data):
    client.force_login(user)
    answer = client.post(url(page, *args), data)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return answer


def version():
    return FundProject.objects.get().version


def test_a_project_goes_its_way_by_the_forms(client, land, clock):
    post(client, land.hall, "project_new", region=land.county.pk, name="힐링푸드", field="INDUSTRY",
         starts_on="2024-01-01", ends_on="2024-12-31")  # fmt: skip
    code = FundProject.objects.get().code
    assert client.post(url("project_step", code, "submit"), {"seen": version()}).status_code == 422
    post(client, land.hall, "project_edit", code, seen=version(), name="힐링푸드", field="INDUSTRY",
         starts_on="2024-01-01", ends_on="2024-12-31", purpose="목적", plan="연계")  # fmt: skip
    wrong = client.post(url("project_money", code), {"seen": version(), "m0_ministry": "MOIS", "m0_planned": "2,080"})
    assert wrong.status_code == 422, "a line needs its year"
    post(client, land.hall, "project_money", code, seen=version(), m0_ministry="MOIS", m0_year="2024",
         m0_planned="2,080", m1_ministry="MSS", m1_year="2024", m1_planned="430")  # fmt: skip
    post(client, land.hall, "project_supports", code, seen=version(), l0_programme="제품개발", l0_kind="UPGRADE",
         l0_ministry="MSS")  # fmt: skip
    post(client, land.hall, "project_indicators", code, seen=version(), l0_name="고용", l0_kind="JOBS", l0_unit="명",
         l0_base="0", l0_target="30")  # fmt: skip
    post(client, land.hall, "project_step", code, "submit", seen=version())
    for ministry, extra in (("MOIS", {"bonus_points": "3", "bonus_note": "연계"}), ("MSS", {})):
        post(client, land.ministry, "review_new", code, seen=version(), ministry=ministry, stance="AGREE",
             given_on="2024-02-01", **extra)  # fmt: skip
    mois, mss = FundProject.objects.get().money.order_by("pk")
    post(client, land.ministry, "agree", code, seen=version(), **{f"a{mois.pk}": "2000", f"a{mss.pk}": "430"})
    company = CompanyFactory(in_region=land.county)
    number = company.workplaces.get().business_number
    post(client, land.hall, "project_firm_new", code, company=number, kind="UPGRADE", note="협약")
    unknown = client.post(
        url("project_firm_new", code), {"company": business_number(999), "kind": "FUNDS", "note": "x"}
    )
    assert unknown.status_code == 422
    post(client, land.hall, "project_step", code, "start", seen=version())
    clock(2024, 8, 1)
    half = {"seen": 1, "result": "준공", f"s{mois.pk}": "2,000.5", f"s{mss.pk}": "0", "submit": "1"}
    client.force_login(land.hall)
    over = client.post(url("report", code, "2024H1"), half)
    assert over.status_code == 422
    assert "500,000원 많습니다" in over.content.decode()
    paper = SimpleUploadedFile("준공.pdf", b"%PDF-1.4")
    post(client, land.hall, "evidence_new", code, "2024H1", file=paper, note="")
    post(client, land.hall, "report", code, "2024H1", **(half | {f"s{mois.pk}": "1500"}))
    post(client, land.ministry, "report_return", code, "2024H1", seen=2, comment="증빙")
    post(client, land.hall, "report", code, "2024H1", **(half | {"seen": 3, f"s{mois.pk}": "1500"}))
    post(client, land.ministry, "report_accept", code, "2024H1", seen=4)
    page = client.get(url("project", code)).content.decode()
    for words in ("1,500", "2,430", "힐링푸드", "3점", company.name_ko, "2024년 상반기"):
        assert words in page
    kept = FundProject.objects.get().reports.get(half=date(2024, 1, 1)).evidence.get()
    assert b"".join(client.get(url("evidence_file", kept.public_id)).streaming_content) == b"%PDF-1.4"
    client.force_login(land.stranger)
    assert client.get(url("evidence_file", kept.public_id)).status_code == 404


def test_a_reader_is_led_nowhere_it_may_not_write(client, land):
    things = furnished(land.county)
    writing = {
        land.clerk: [url("project_new"), url("project_edit", things["project"].code)],
        land.hall: [url("status_new"), url("review_new", things["project"].code)],
        land.ministry: [url("project_money", things["project"].code)],
    }
    for user, addresses in writing.items():
        client.force_login(user)
        assert {client.get(address).status_code for address in addresses} == {403}, user.login_id


def test_what_is_recorded_by_hand_is_seen(client, land):
    things = furnished(land.county)
    cluster, zone, resource = things["complex"], things["zone"], things["resource"]
    post(client, land.hall, "measure_edit", cluster.code, things["measure"].pk, seen=1, year=2024, kind="IMAGE",
         need="낡음", measure="간판 정비", state="RUNNING", progress=40, national="100", sigungu="50")  # fmt: skip
    done = {
        "seen": 2,
        "year": 2024,
        "kind": "IMAGE",
        "need": "낡음",
        "measure": "정비",
        "state": "DONE",
        "progress": 80,
    }
    client.force_login(land.hall)
    refused = client.post(url("measure_edit", cluster.code, things["measure"].pk), done)
    assert "결과를 적고 진행률이 100이어야" in refused.content.decode()
    page = client.get(url("complex", cluster.code)).content.decode()
    assert "75" in page, "the operating rate"
    assert "150" in page, "money of all sources"
    post(
        client, land.clerk, "zone_exception", zone.code, seen=1, code="FARMLAND", text="농지법 특례", first="2011-01-01"
    )
    post(client, land.clerk, "zone_operator", zone.code, seen=2, name="산골영농", first="2011-01-01")
    post(client, land.clerk, "zone_change", zone.code, seen=3, changed_on="2015-03-02", content="면적 확대")
    post(client, land.clerk, "zone_end", zone.code, seen=4, last="2023-12-31", reason="목적 달성")
    assert {part.effective.upper for part in (zone.exceptions.get(), zone.operators.get())} == {date(2024, 1, 1)}
    company = CompanyFactory(in_region=land.county)
    number = company.workplaces.get().business_number
    post(
        client,
        land.hall,
        "resource_firm_new",
        resource.pk,
        company=number,
        role="MAKER",
        evidence="현장",
        first="2024-01-02",
    )
    firm = resource.firms.get()
    post(
        client,
        land.hall,
        "support_new",
        resource.pk,
        firm.pk,
        given_on="2024-01-20",
        kind="MARKET",
        programme="판로",
        won="12.5",
    )
    page = client.get(url("resource", resource.pk)).content.decode()
    assert company.name_ko in page
    assert "12,500,000원" in page
    post(client, land.ministry, "status_end", things["status"].pk, last="2024-01-31", reason="지정 해제")
    assert "지정 해제" in client.get(url("region", land.county.scheme, land.county.code)).content.decode()
    post(client, land.hall, "resource_new", seen=0, region=land.county.pk, kind="PRODUCT", name="고추", source="조사")
    post(client, land.clerk, "zone_new", seen=0, code="NEW-1", name="새 특구", kind="TOURISM", regions=[land.county.pk, land.beside.pk],
         first="2024-01-01", source="고시")  # fmt: skip
    assert (
        LocalResource.objects.filter(name="고추").count(),
        SpecialZone.objects.get(code="NEW-1").places.count(),
    ) == (1, 2)
    assert ComplexMeasure.objects.get().total == 150_000_000


def test_the_overview_sums_what_it_shows_beside_the_plans_figures(client, land):
    load_declining()
    assert PlanFigure.objects.get(code="fund-won-2023").value == sum(
        PlanFigure.objects.filter(code__in=["fund-mois-2023", "fund-mss-2023"]).values_list("value", flat=True)
    )
    furnished(land.county)
    row = running(land)
    reported(row.reports.earliest("half"), land, spent={"MOIS": 1_255_000_000})
    client.force_login(land.ministry)
    page = client.get(url("status"), {"year": 2024}).content.decode()
    for words in ("2,510", "2,080", "430", "1,255", "50%", "190개", "251억원"):
        assert words in page, words
    answer = client.get(url("status_file", "csv"), {"year": 2024})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "2510000000" in lines[-1]
    listed = b"".join(client.get(url("regions_file", "csv")).streaming_content).decode("utf-8-sig")
    assert land.county.code in listed
