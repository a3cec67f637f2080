"""States of companies from a file: dated, compared, taken back."""

from datetime import date

import pytest

from companies import services
from companies.models import Company, CompanyState
from portal.directory.models import Region
from portal.intake.enums import UploadState
from portal.kernel.errors import Refusal
from tests.companies.registry.desk import Desk, csv_bytes, rules_of
from tests.factories.companies import CompanyFactory, business_number

HEAD = ["사업자등록번호", "기업명", "영업 상태", "상태 시작일", "출처"]


@pytest.fixture
def states(desk):
    return Desk(desk.officer, "company_states")


@pytest.fixture
def firm(some_country):
    region = Region.objects.get(code="48310", scheme="MOIS")
    return CompanyFactory(name_ko="한빛정밀", founded_on=date(2010, 3, 2), in_region=region)


def number_of(company):
    return company.workplaces.get().business_number


def told(states, firm, *rest):
    return states.read(csv_bytes(HEAD, [number_of(firm), "", *rest]))


def test_a_closed_company_is_closed_from_its_day_on_and_the_state_before_ends(states, firm):
    upload = states.commit(told(states, firm, "폐업", "2025. 3. 1.", "국세청"))
    assert (upload.state, upload.counts["written"]["changed"]) == (UploadState.COMMITTED, 1)
    rows = firm.states.order_by("effective").values_list("state", "effective", "source")
    assert [(s, e.lower, e.upper, source) for s, e, source in rows] == [
        ("OPERATING", date(2010, 3, 2), date(2025, 3, 1), ""),
        ("CLOSED", date(2025, 3, 1), None, "국세청"),
    ]
    firm.refresh_from_db()
    assert firm.state == "CLOSED"


def test_taking_the_file_back_lets_the_state_before_run_on(states, firm):
    services.change_state(company=firm, state="SUSPENDED", since=date(2024, 1, 1))
    firm.refresh_from_db()
    before = sorted(map(str, CompanyState.objects.values()))
    first = states.commit(told(states, firm, "폐업", "2025-03-01", ""))
    states.undo(first)
    firm.refresh_from_db()
    assert (firm.state, sorted(map(str, CompanyState.objects.values()))) == ("SUSPENDED", before)


def test_a_first_change_taken_back_leaves_no_state_rows(states, firm):
    states.undo(states.commit(told(states, firm, "휴업", "2025-03-01", "")))
    assert not CompanyState.objects.exists()
    assert Company.objects.get(pk=firm.pk).state == "OPERATING"


def test_a_company_changed_since_keeps_the_file_from_being_taken_back(states, firm):
    upload = states.commit(told(states, firm, "폐업", "2025-03-01", ""))
    services.change_company(company=firm, version=None, changes={"main_product": "새것"})
    with pytest.raises(Refusal, match="바뀐 기업"):
        states.undo(upload)
    assert Company.objects.get(pk=firm.pk).state == "CLOSED"


def test_a_company_changed_between_preview_and_commit_stops_the_file(states, firm):
    upload = told(states, firm, "폐업", "2025-03-01", "")
    services.change_company(company=firm, version=None, changes={"main_product": "새것"})
    assert states.commit(upload).state == UploadState.READY
    assert not CompanyState.objects.exists()


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["폐업", "", ""], "since_missing"),
        (["폐업", "2100-01-01", ""], "day_in_future"),
        (["폐업", "2023-12-31", ""], "state_too_early"),
        (["문닫음", "2025-01-01", ""], "cell"),
        (["", "2025-01-01", ""], "required"),
    ],
)
def test_a_fault_is_named_and_nothing_is_written(states, firm, row, rule):
    services.change_state(company=firm, state="SUSPENDED", since=date(2024, 1, 1))
    upload = told(states, firm, *row)
    assert (upload.state, rules_of(upload)) == (UploadState.REJECTED, [rule])


def test_the_same_company_twice_and_a_stranger_are_refused(states, firm):
    elsewhere = CompanyFactory(in_region=Region.objects.get(code="26440", scheme="MOIS"))
    row = [number_of(firm), "", "폐업", "2025-03-01", ""]
    assert rules_of(states.read(csv_bytes(HEAD, row, row))) == ["doubled"]
    assert rules_of(told(states, elsewhere, "폐업", "2025-03-01", "")) == ["company_unknown"]
    assert rules_of(states.read(csv_bytes(HEAD, [business_number(77), "", "폐업", "2025-03-01", ""]))) == [
        "company_unknown"
    ]


def test_an_unedited_export_changes_nothing(states, firm):
    other = CompanyFactory(in_region=Region.objects.get(code="48120", scheme="MOIS"))
    services.change_state(company=firm, state="SUSPENDED", since=date(2024, 1, 1), source="=현장", note="-뒷말")
    upload = states.read(states.exported(), "상태.xlsx")
    assert (upload.counts["SAME"], upload.counts["rows"]) == (2, 2), rules_of(upload)
    assert other.state == "OPERATING"
