"""Files of figures, long and wide."""

import pytest

from companies import services
from companies.models import CompanyYear
from portal.directory.models import Region
from portal.intake.enums import RowOutcome, UploadState
from portal.kernel.errors import Refusal
from tests.companies.registry.desk import csv_bytes, rules_of
from tests.factories.companies import CompanyFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db
HEAD = ["사업자등록번호", "연도", "출처", "단위", "매출액", "직접수출액", "상시근로자 수"]


@pytest.fixture
def company():
    return CompanyFactory(name_ko="한빛정밀", name_key="한빛정밀")


@pytest.fixture
def number(desk, company):
    return WorkplaceFactory(company=company, region=Region.objects.get(code="48310")).business_number


@pytest.fixture
def figures(desk, number):
    desk.kind = "company_figures"
    return desk


@pytest.fixture
def wide(desk, number):
    desk.kind = "company_figures_wide"
    return desk


def held():
    return {(y.year, y.source): (y.sales, y.exports_direct, y.employees) for y in CompanyYear.objects.all()}


def test_rows_become_years_in_won(figures, number):
    upload = figures.take_in(
        HEAD,
        [number, "2024", "실태조사", "백만원", "1,234.5", "-", "12"],
        [number, "2023년", "", "", "△5", "미제공", ""],
    )
    assert upload.counts["written"] == {"new": 2, "changed": 0, "same": 0}
    assert held() == {(2024, "SURVEY"): (1_234_500_000, None, 12), (2023, "TECHNOPARK"): (-5, None, None)}


def test_wide_columns_become_years(wide, number):
    head = ["사업자등록번호", "출처", "매출액 2024", "2025년 매출액", "상시근로자 수(2025)"]
    wide.take_in(head, [number, "실태조사", "100", "200", "7"])
    assert held() == {(2024, "SURVEY"): (100, None, None), (2025, "SURVEY"): (200, None, 7)}


def test_a_company_is_found_by_name_when_there_is_no_number(figures, company):
    head = ["회사명", "year", "sales"]
    assert figures.take_in(head, ["(주)한빛 정밀", "2024", "5.0"]).counts["written"]["new"] == 1
    upload = figures.read(csv_bytes(head, ["없는 회사", "2024", "5"], ["", "2024", "5"]))
    assert rules_of(upload) == ["company_unknown", "company_missing"]
    twin = CompanyFactory(name_ko="한빛정밀(주)", name_key="한빛정밀")
    WorkplaceFactory(company=twin, region=Region.objects.get(code="48310"))
    assert rules_of(figures.read(csv_bytes(head, ["한빛정밀", "2023", "5"]))) == ["company_unknown"]


def test_only_what_differs_is_written_and_empty_cells_leave_what_stands(figures, number):
    figures.take_in(
        HEAD, [number, "2024", "실태조사", "", "100", "10", "5"], [number, "2023", "실태조사", "", "90", "", ""]
    )
    upload = figures.read(
        csv_bytes(
            HEAD,
            [number, "2024", "실태조사", "", "120", "", "5"],
            [number, "2023", "실태조사", "", "90", "", ""],
        )
    )
    changed, same = upload.rows.order_by("number")
    assert (changed.outcome, changed.before, same.outcome) == (RowOutcome.CHANGED, {"sales": 100}, RowOutcome.SAME)
    figures.commit(upload)
    assert held()[2024, "SURVEY"] == (120, 10, 5)
    assert CompanyYear.objects.get(year=2024).version == 2


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["2199", "", "", "1", "", ""], "year_in_future"),
        (["이천", "", "", "1", "", ""], "cell"),
        (["2024", "모르는 곳", "", "1", "", ""], "cell"),
        (["2024", "", "", "", "", ""], "no_figures"),
        (["2024", "", "", "1.5", "", ""], "not_whole"),
        (["2024", "", "", "", "-5", ""], "negative"),
        (["2024", "", "", "10", "20", ""], "exports_above_sales"),
        (["2024", "", "", "천만원", "", ""], "cell"),
        (["2024", "", "억원", "99999999999999999", "", ""], "cell"),
    ],
)
def test_a_fault_is_named(figures, number, row, rule):
    assert rule in rules_of(figures.read(csv_bytes(HEAD, [number, *row])))


def test_the_same_year_twice_in_a_file_is_refused(figures, number):
    rows = [[number, "2024", "", "", "1", "", ""], [number, "2024", "테크노파크 조사", "", "2", "", ""]]
    assert rules_of(figures.read(csv_bytes(HEAD, *rows))) == ["doubled"]


def test_a_company_of_another_region_does_not_exist_here(figures):
    stranger = WorkplaceFactory()
    assert rules_of(figures.read(csv_bytes(HEAD, [stranger.business_number, "2024", "", "", "1", "", ""]))) == [
        "company_unknown"
    ]


def test_a_final_figure_made_preliminary_is_warned_of(figures, number):
    head = [*HEAD, "구분"]
    figures.take_in(head, [number, "2024", "", "", "1", "", "", "확정"])
    assert rules_of(figures.read(csv_bytes(head, [number, "2024", "", "", "1", "", "", "잠정"]))) == ["final_figure"]


def test_a_figure_changed_between_preview_and_commit_stops_the_file(figures, number, company):
    figures.take_in(HEAD, [number, "2024", "실태조사", "", "100", "", ""])
    upload = figures.read(csv_bytes(HEAD, [number, "2024", "실태조사", "", "110", "", ""]))
    put = {"company": company, "year": 2024, "source": "SURVEY", "actor": figures.officer}
    services.put_figures(**put, figures={"sales": 105})
    upload = figures.commit(upload)
    assert (upload.state, held()[2024, "SURVEY"][0]) == (UploadState.READY, 105)


def test_an_upload_is_taken_back_unless_its_figures_changed_since(figures, number, company):
    figures.take_in(HEAD, [number, "2024", "실태조사", "", "100", "", "5"])
    upload = figures.take_in(
        HEAD, [number, "2024", "실태조사", "", "120", "3", ""], [number, "2023", "실태조사", "", "90", "", ""]
    )
    assert figures.undo(upload) == {"restored": 1, "withdrawn": 1, "kept": 0}
    assert held() == {(2024, "SURVEY"): (100, None, 5)}
    upload = figures.take_in(HEAD, [number, "2022", "실태조사", "", "80", "", ""])
    put = {"company": company, "year": 2022, "source": "SURVEY", "actor": figures.officer}
    services.put_figures(**put, figures={"sales": 81})
    with pytest.raises(Refusal, match="1건"):
        figures.undo(upload)
    assert held()[2022, "SURVEY"][0] == 81
