"""Published files as they come: what is wrong in them is found, what is right is taken in, and the counts agree.

Small extracts ship with the tests; the whole files are read from `../shared` beside the repository, if there.
"""

import csv
from pathlib import Path

import pytest

from companies import rules
from companies.models import Company, CompanyYear, Workplace
from companies.selectors import yearly
from portal.intake import services, tasks
from portal.intake.enums import RowOutcome, UploadState
from portal.intake.models import RememberedColumn, Upload
from portal.kernel.errors import Refusal
from tests.companies.registry.desk import csv_bytes, rules_of

pytestmark = pytest.mark.django_db
EXTRACTS = Path(__file__).parent / "data"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "companies"
PROFILE_REST = ["corp_code", "stock_name", "stock_code", "corp_cls", "ir_url", "acc_mt"]
WRONG = {"column": "business_number", "warning": False}


def table(path):
    """(head, rows) of a file, without the names of representatives."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    kept = [at for at, name in enumerate(head) if name != "ceo_nm"]
    return [head[at] for at in kept], [[row[at] for at in kept] for row in rows]


def taught(desk, upload, **means):
    """The upload read again after its office said what its strange headers mean (nothing, but for `means`)."""
    choices = {header: means.get(header, "") for header in upload.layout["strange"]}
    upload = services.remember_columns(upload=upload, choices=choices, actor=desk.officer)
    tasks.read_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def sound(upload, head, rows):
    """The file again, without the rows that were refused."""
    wrong = set(upload.rows.with_outcome(RowOutcome.ERROR).values_list("number", flat=True))
    return csv_bytes(head, *[row for number, row in enumerate(rows, 2) if number not in wrong])


def take_profiles(desk, path):
    head, rows = table(path)
    upload = desk.read(csv_bytes(head, *rows))
    if upload.layout["strange"]:
        upload = taught(desk, upload)
    return upload, head, rows


def business_numbers(head, rows):
    at = head.index("bizr_no")
    return [row[at] for row in rows]


def check_profiles(desk, clean, dirty):
    """Take the clean file in; then the dirty one says the same."""
    upload, head, rows = take_profiles(desk, clean)
    numbers = business_numbers(head, rows)
    misformed = [n for n in numbers if not (n.isdigit() and len(n) == 10)]
    unchecked = [n for n in numbers if n not in misformed and not rules.business_number_checks(n)]
    assert upload.rows.filter(problems__contains=[WRONG]).count() == len(misformed)
    assert rules_of(upload).count("check_digit") == len(unchecked)
    assert upload.counts["rows"] == len(rows)
    good = desk.read(sound(upload, head, rows))
    assert good.state == UploadState.READY
    with pytest.raises(Refusal, match="사유"):
        services.ask_commit(upload=good, actor=desk.officer)
    good = desk.commit(good, reason="등록증으로 확인")
    assert good.counts["written"] == {"new": good.counts["rows"], "changed": 0, "same": 0}
    assert Company.objects.count() == Workplace.objects.count() == good.counts["rows"]
    doubtful = Workplace.objects.exclude(number_reason="")
    assert set(doubtful.values_list("number_reason", flat=True)) <= {"등록증으로 확인"}
    assert {w.business_number for w in doubtful} <= set(unchecked)
    messy, head, rows = take_profiles(desk, dirty)
    assert messy.count_of(RowOutcome.ERROR) == upload.count_of(RowOutcome.ERROR)
    assert messy.count_of(RowOutcome.SAME) == good.counts["rows"]
    return len(misformed), len(unchecked), upload.count_of(RowOutcome.ERROR)


class TestExtracts:
    def test_profiles_come_in_and_their_dirty_originals_say_the_same(self, national_desk):
        assert check_profiles(national_desk, EXTRACTS / "profiles.csv", EXTRACTS / "profiles_dirty.csv")[:2] == (2, 4)

    def test_strange_headers_are_asked_once_and_remembered_for_the_office(self, national_desk):
        head, rows = table(EXTRACTS / "profiles.csv")
        upload = national_desk.read(csv_bytes(head, *rows))
        assert (upload.state, upload.layout["strange"]) == (UploadState.REJECTED, PROFILE_REST)
        taught(national_desk, upload)
        assert RememberedColumn.objects.count() == len(PROFILE_REST)
        assert national_desk.read(csv_bytes(head, *rows[:50])).layout["strange"] == []

    def test_two_headers_for_one_column_are_refused(self, national_desk):
        head, rows = table(EXTRACTS / "profiles.csv")
        upload = national_desk.read(csv_bytes(head, *rows))
        for choices in ({"stock_name": "name_en", "stock_code": "name_en"}, {"stock_name": "name_ko"}):
            with pytest.raises(Refusal, match="둘입니다"):
                services.remember_columns(upload=upload, choices=choices, actor=national_desk.officer)
        with pytest.raises(Refusal, match="없습니다"):
            services.remember_columns(upload=upload, choices={"stock_name": "nonsense"}, actor=national_desk.officer)
        assert not RememberedColumn.objects.exists()

    def test_an_office_says_what_its_own_header_means(self, national_desk):
        head, rows = table(EXTRACTS / "profiles.csv")
        upload = taught(national_desk, national_desk.read(csv_bytes(head, *rows)), stock_name="main_product")
        row = upload.rows.with_outcome(RowOutcome.NEW).order_by("number").first()
        assert row.values["main_product"] == row.cells[head.index("stock_name")]

    def test_statements_of_companies_come_in_by_number(self, national_desk):
        assert check_statements(national_desk, EXTRACTS / "financials.csv") == (21, 0)

    def test_a_summary_without_numbers_is_matched_by_name(self, national_desk):
        head, rows = table(EXTRACTS / "income.csv")
        names = sorted({row[head.index("회사명")] for row in rows})
        register_all(national_desk, {name: at for at, name in enumerate(names)})
        national_desk.kind = "company_figures"
        upload = taught(national_desk, national_desk.read(csv_bytes(head, *rows)))
        assert upload.count_of(RowOutcome.ERROR) == 0
        done = national_desk.commit(upload)
        assert done.counts["written"]["new"] == CompanyYear.objects.count() == len(rows)


def register_all(desk, numbers):
    from tests.factories.companies import business_number

    kind, desk.kind = desk.kind, "companies"
    rows = [[business_number(at), name, "경상남도 거제시"] for name, at in numbers.items()]
    desk.take_in(["사업자등록번호", "기업명", "시·군·구"], *rows)
    desk.kind = kind


def check_statements(desk, path):
    """Companies of a file of statements, then its figures; every amount agrees. (rows with figures, rows without)."""
    head, rows = table(path)
    at = {name: place for place, name in enumerate(head)}
    firms = {row[at["bizr_no"]]: row for row in rows}
    facts = ["bizr_no", "corp_name", "adres", "induty_code", "est_dt"]
    desk.kind = "companies"
    upload = desk.read(csv_bytes(facts, *[[row[at[name]] for name in facts] for row in firms.values()]))
    desk.commit(upload, reason="확인")
    desk.kind = "company_figures"
    upload = taught(desk, desk.read(csv_bytes(head, *rows)))
    assert upload.state == UploadState.READY
    done = desk.commit(upload)
    empty = rules_of(upload).count("no_figures")
    assert done.counts["written"]["new"] == len(rows) - empty == CompanyYear.objects.count()
    companies = dict(Workplace.objects.values_list("business_number", "company_id"))
    years = yearly(companies.values())
    for row in rows:
        if not row[at["매출액"]]:
            continue
        (found,) = [y for y in years[companies[row[at["bizr_no"]]]] if y.year == int(row[at["해당년도"]])]
        assert (found.sales, found.operating_profit, found.assets) == tuple(
            int(row[at[name]]) if row[at[name]] else None for name in ("매출액", "영업이익", "자산총계")
        )
    return len(rows) - empty, empty


@pytest.mark.skipif(not SHARED.exists(), reason="the whole files are not beside the repository")
@pytest.mark.slow
class TestWholeFiles:
    def test_all_profiles(self, national_desk):
        clean, dirty = (SHARED / f"dart_company_profiles_2024{tail}.csv" for tail in ("", "_dirty"))
        misformed, unchecked, wrong = check_profiles(national_desk, clean, dirty)
        assert misformed + unchecked == 39
        assert (unchecked, Company.objects.count()) == (4, 3826 - wrong)
        # What is refused beyond the numbers is an address abroad, or one that names no 시·군·구.
        assert 35 <= wrong <= 60

    def test_all_statements(self, national_desk):
        rows, empty = check_statements(national_desk, SHARED / "dart_auto_parts_financials_2021_2023.csv")
        assert (rows, empty) == (273, 0)

    def test_all_summaries(self, national_desk):
        head, rows = table(SHARED / "dart_income_summary_2021_2023.csv")
        names = {row[head.index("회사명")]: at for at, row in enumerate(rows)}
        register_all(national_desk, names)
        national_desk.kind = "company_figures"
        upload = taught(national_desk, national_desk.read(csv_bytes(head, *rows)))
        sales = sum(bool(row[head.index("sales")]) for row in rows)
        done = national_desk.commit(upload)
        assert done.counts["written"]["new"] == 579 - rules_of(upload).count("no_figures")
        assert CompanyYear.objects.exclude(sales=None).count() == sales == 576
