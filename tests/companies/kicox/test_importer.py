"""The book on the pipeline's road: matched to complexes, recorded, brought back unchanged, undone."""

import io
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.db.models import Sum

from companies.enums import ClusterKind
from companies.kicox.book import MAIN_SHEET
from companies.kicox.book import read_book as book_of
from crisis.kicox import INDICATORS, KICOX
from crisis.kicox_flows import FLOWS
from crisis.models import Indicator, Observation
from crisis.services import enter_observation
from portal.directory.scope import EVERYTHING, scope_of
from portal.intake import services, tasks, workbooks
from portal.intake.headers import find_layout
from portal.intake.models import Upload
from portal.intake.packages import FileProblem
from portal.intake.readers import read_book
from portal.intake.registry import importer_for
from tests.factories.crisis import AreaFactory, ClusterFactory, IndicatorFactory
from tests.factories.directory import OrganizationFactory, RegionFactory, person

EXTRACT = Path(__file__).parent / "data/kicox_2023Q4_extract.xlsx"
WHOLE = Path(__file__).resolve().parents[3].parent / "shared/data/complexes/kicox_status_2023Q4.xlsx"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def complex_of(region, name, kind=ClusterKind.NATIONAL, **more):
    cluster = ClusterFactory(region=region, name_ko=name, kind=kind, **more)
    return AreaFactory(cluster_area=True, cluster=cluster, code=cluster.code)


@pytest.fixture
def places():
    """제주 and 경남 with complexes of the extract, one under a later name."""
    for code in [*INDICATORS.values(), *FLOWS.values()]:
        IndicatorFactory(code=code, unit="개", frequency="Q")
    jeju, gyeongnam = (
        RegionFactory(name_ko="제주특별자치도", short_name_ko="제주"),
        RegionFactory(name_ko="경상남도", short_name_ko="경남"),
    )
    city = RegionFactory(sigungu=True, parent=jeju, name_ko="제주시")
    geoje = RegionFactory(sigungu=True, parent=gyeongnam, name_ko="거제시")
    changwon = RegionFactory(sigungu=True, parent=gyeongnam, name_ko="창원시")
    return {
        "제주첨단": complex_of(city, "제주첨단과학기술단지(구:제주첨단과학기술)"),
        "구좌": complex_of(city, "구좌농공단지", ClusterKind.AGRO, note="이전 이름: 구좌"),
        "구좌 일반": complex_of(city, "구좌", ClusterKind.GENERAL),
        "옥포": complex_of(geoje, "옥포"),
        "창원": complex_of(changwon, "창원[재생사업지구:부분]"),
        "office": OrganizationFactory(of_region=gyeongnam),
    }


@pytest.fixture
def ministry():
    return person(role="HQ")


def published(change):
    """The extract after `change(workbook)`, as a file."""
    work = openpyxl.load_workbook(EXTRACT)
    change(work)
    target = io.BytesIO()
    work.save(target)
    return target.getvalue()


def copied(name, **cells):
    """A change that repeats the complex of a name below the last row, with other words in some columns (D: 4)."""

    def change(work):
        sheet = work[MAIN_SHEET]
        row = next(row for row in sheet.iter_rows(min_row=7) if unicodedata.normalize("NFC", str(row[3].value)) == name)
        values = [cell.value for cell in row]
        for letter, value in cells.items():
            values[ord(letter) - ord("A")] = value
        sheet.append(values)

    return change


def read(user, data, name="현황.xlsx"):
    upload = services.receive_upload(kind="kicox", content=ContentFile(data), filename=name, actor=user)
    tasks.read_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def commit(user, upload):
    upload = services.ask_commit(upload=upload, actor=user)
    tasks.commit_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def values(area):
    rows = Observation.objects.current().filter(area=area)
    return dict(rows.values_list("indicator__code", "value"))


def test_importer_is_known_to_the_pipeline():
    assert importer_for("kicox") is KICOX


def test_published_file_is_laid_out_row_for_row_where_it_stands():
    data = EXTRACT.read_bytes()
    book = KICOX.open_book(data)
    layout = find_layout(book, KICOX.columns)
    assert layout is not None
    assert layout.problems == []
    assert layout.row == 5
    sheet = openpyxl.load_workbook(EXTRACT)[MAIN_SHEET]
    place = layout.places["name"]
    for number, row in enumerate(layout.sheet.rows, 1):
        if number > 6 and row:
            written = unicodedata.normalize("NFC", sheet.cell(number, place + 1).value)
            assert written.startswith(row[place])
            assert row[layout.places["quarter"]] == "2023Q4"
    assert any("24개" not in note and "단지 18개를 읽었습니다" in note for note in book.notes)
    assert any("딸린 구역 6개" in note for note in book.notes)


def test_totals_that_disagree_are_told_with_the_file():
    data = published(lambda work: work["시도별"].cell(9, 10, 207))
    assert any("제주 국가 입주업체: 책의 합계 207, 행의 합 206" in note for note in KICOX.open_book(data).notes)


def test_other_file_is_refused_in_words_and_the_template_taken():
    work = openpyxl.Workbook()
    work.active.append(["이름", "값"])
    target = io.BytesIO()
    work.save(target)
    with pytest.raises(FileProblem, match="‘전국산업단지현황’ 시트가 없습니다"):
        KICOX.open_book(target.getvalue())
    template = io.BytesIO()
    workbooks.write_template(template, KICOX, EVERYTHING)
    assert KICOX.open_book(template.getvalue()).template == "kicox/1"


def test_figures_are_recorded_for_the_complexes_known_by_any_name(places, ministry):
    upload = read(ministry, EXTRACT.read_bytes())
    assert upload.state == "READY", upload.problems
    assert upload.counts["rows"] == 18
    assert upload.counts["NEW"] == 4
    told = [problem for row in upload.rows.all() for problem in row.problems]
    assert {problem["rule"] for problem in told} == {"cluster_unknown"}
    assert all(problem["warning"] for problem in told)
    assert "등록되지 않은 단지입니다: 경북 경주시 월성전원(국가)" in "".join(problem["message"] for problem in told)
    upload = commit(ministry, upload)
    assert upload.counts["written"] == {"new": 20, "changed": 0, "same": 0, "unknown": 14}
    assert values(places["창원"]) == {
        "TENANTS": 2965, "OPERATING": 2661, "CX_EMP": 118574, "CX_PROD_CUM": 60059679, "CX_EXP_CUM": 18305207,
    }  # fmt: skip
    assert values(places["제주첨단"])["CX_EMP"] == 3383
    assert values(places["구좌"])["TENANTS"] == 18
    assert values(places["구좌 일반"]) == {}
    assert {row.period.isoformat() for row in Observation.objects.all()} == {"2023-12-01"}


def test_suppressed_figures_are_absent_with_a_note(places, ministry):
    commit(ministry, read(ministry, EXTRACT.read_bytes()))
    assert values(places["옥포"]) == {"TENANTS": 1, "OPERATING": 1}
    hidden = Observation.objects.filter(area=places["옥포"], value=None)
    assert hidden.count() == 3
    assert all("비공개(X)" in row.note for row in hidden)


def test_second_time_nothing_changes_and_an_undo_takes_it_back(places, ministry):
    first = commit(ministry, read(ministry, EXTRACT.read_bytes()))
    again = read(ministry, EXTRACT.read_bytes() + b"\0")
    assert (again.counts["SAME"], again.counts["NEW"], again.counts["CHANGED"]) == (4, 0, 0)
    assert services.undo_upload(upload=first, actor=ministry, reason="시험")["withdrawn"] == 20
    assert values(places["창원"]) == {}


def test_changed_figure_is_shown_with_what_stands_now(places, ministry):
    commit(ministry, read(ministry, EXTRACT.read_bytes()))

    def change(work):
        for row in work[MAIN_SHEET].iter_rows(min_row=7):
            if row[3].value == "창원[재생사업지구:부분]":
                row[12].value = 3000

    upload = read(ministry, published(change))
    (row,) = upload.rows.filter(outcome="CHANGED")
    assert (row.before, row.values["tenants"]) == ({"tenants": "2965"}, "3000")
    commit(ministry, upload)
    assert values(places["창원"])["TENANTS"] == Decimal(3000)


def test_clerk_brings_in_the_own_region_only(places):
    clerk = person(organization=places["office"])
    upload = read(clerk, EXTRACT.read_bytes())
    assert {row.values["sido"] for row in upload.rows.all()} == {"경남"}
    assert upload.counts["NEW"] == 2
    commit(clerk, upload)
    assert values(places["제주첨단"]) == {}
    assert values(places["창원"])["TENANTS"] == 2965


def test_what_is_taken_out_can_be_brought_back_unchanged(places, ministry):
    commit(ministry, read(ministry, EXTRACT.read_bytes()))
    template = io.BytesIO()
    workbooks.write_template(template, KICOX, scope_of(ministry).within(KICOX.capability), filled=True)
    assert read_book(template.getvalue()).template == "kicox/1"
    upload = read(ministry, template.getvalue())
    assert (upload.state, upload.counts["SAME"], upload.counts["rows"]) == ("READY", 4, 4), upload.problems


def test_two_rows_of_one_complex_are_told_and_neither_is_recorded(places, ministry):
    upload = read(ministry, published(copied("옥포")))
    assert upload.state == "READY"
    assert [p["rule"] for row in upload.rows.all() for p in row.problems].count("doubled") == 2
    commit(ministry, upload)
    assert values(places["옥포"]) == {}
    assert values(places["창원"])["TENANTS"] == 2965


def quarter_before(production, title="2023년 3분기"):
    """A change that makes the extract the book of the quarter before, with less produced in 창원."""

    def change(work):
        for sheet in work:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and "4분기" in (text := unicodedata.normalize("NFC", cell.value)):
                        cell.value = text.replace("2023년 4분기", title)
        for row in work[MAIN_SHEET].iter_rows(min_row=7):
            if row[3].value == "창원[재생사업지구:부분]":
                row[17].value = production

    return change


def produced(area):
    """Production of each quarter on record, as text."""
    rows = Observation.objects.current().filter(area=area, indicator__code="CX_PROD").order_by("period")
    return {row.period.isoformat()[:7]: (int(row.value), row.note) for row in rows}


def test_totals_of_the_year_so_far_are_differenced_in_whatever_order_the_books_come(places, ministry):
    commit(ministry, read(ministry, EXTRACT.read_bytes()))
    assert produced(places["창원"]) == {}  # what the fourth quarter added is not known yet
    third = commit(ministry, read(ministry, published(quarter_before(45_000_000))))
    made = "누계의 차로 낸 값"
    assert produced(places["창원"]) == {"2023-12": (60_059_679 - 45_000_000, made)}
    assert produced(places["옥포"]) == {}  # suppressed
    exported = Observation.objects.current().get(area=places["창원"], indicator__code="CX_EXP")
    assert (exported.period.month, exported.value) == (12, 0)  # the extract's exports are the same in both
    first = commit(ministry, read(ministry, published(quarter_before(20_000_000, "2023년 1분기"))))
    assert produced(places["창원"])["2023-03"] == (20_000_000, made)
    services.undo_upload(upload=third, actor=ministry, reason="시험")
    assert set(produced(places["창원"])) == {"2023-03"}
    services.undo_upload(upload=first, actor=ministry, reason="시험")
    assert produced(places["창원"]) == {}


def test_quarter_that_somebody_published_is_left_alone(places, ministry):
    enter_observation(
        area=places["창원"], indicator=Indicator.objects.get(code="CX_PROD"), period=date(2023, 12, 1),
        value=Decimal(7), unit="개", status="FINAL", actor=ministry,
    )  # fmt: skip
    commit(ministry, read(ministry, EXTRACT.read_bytes()))
    commit(ministry, read(ministry, published(quarter_before(45_000_000))))
    assert produced(places["창원"]) == {"2023-12": (7, "")}


@pytest.mark.parametrize(("written", "doubled"), [("미개발", 0), ("완료", 2), ("조성중", 2), ("", 2)])
def test_two_complexes_of_one_name_are_told_apart_by_how_far_they_are_built(places, ministry, written, doubled):
    old = places["옥포"].cluster
    old.status = "DEVELOPING"
    old.save()
    new = complex_of(old.region, "옥포(확장)", status="UNDEVELOPED", note="이전 이름: 옥포", kind=old.kind)
    upload = read(ministry, published(copied("옥포", E=written, M=7, N=5)))
    assert [p["rule"] for row in upload.rows.all() for p in row.problems].count("doubled") == doubled
    commit(ministry, upload)
    assert values(places["옥포"]).get("TENANTS") == (None if doubled else 1)
    assert values(new).get("TENANTS") == (None if doubled else 7)


def test_stray_cell_far_out_is_refused_in_words(ministry):
    def change(work):
        work[MAIN_SHEET].cell(60_000, 300, "x")

    upload = read(ministry, published(change))
    assert (upload.state, [p["rule"] for p in upload.problems]) == ("REJECTED", ["kicox_vast"])
    assert "60,000행" in upload.problems[0]["message"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [(b"PK\x03\x04 cut", "file_broken"), (b"%PDF-1.7", "format"), (b"\0\0", "file_empty"), (b"abc", "file_broken")],
)
def test_files_that_are_no_book_are_told_by_what_they_are(ministry, data, rule):
    upload = read(ministry, data)
    assert (upload.state, [p["rule"] for p in upload.problems]) == ("REJECTED", [rule])


def loaded_reference():
    from companies.loaders import load_companies
    from crisis.loaders import load_crisis
    from portal.directory.loaders import load_directory

    for load in (load_directory, load_companies, load_crisis):
        load()


@pytest.mark.skipif(not WHOLE.exists(), reason="the whole book is not beside this project")
def test_whole_book_is_recorded_as_published_and_agrees_with_its_own_totals():
    """Every whole finds its own complex; what is recorded adds up to the totals the book gives, but for what it hides."""
    loaded_reference()
    ministry = person(role="HQ")
    data = WHOLE.read_bytes()
    upload = read(ministry, data)
    assert [problem for row in upload.rows.all() for problem in row.problems] == []
    assert (upload.state, upload.counts["rows"], upload.counts["NEW"]) == ("READY", 1310, 1310), upload.problems
    upload = commit(ministry, upload)
    assert upload.counts["written"] == {"new": 6550, "changed": 0, "same": 0, "unknown": 0}

    book = book_of(data)
    mine = Observation.objects.filter(batch__upload=upload)
    for kind, word in (("NATIONAL", "국가"), ("GENERAL", "일반"), ("URBAN_HIGHTECH", "도시첨단"), ("AGRO", "농공")):
        (total,) = [one for one in book.totals if (one.type, one.sido) == (word, "")]
        for column, code in INDICATORS.items():
            readings = mine.filter(indicator__code=code, area__cluster__kind=kind)
            together = readings.aggregate(sum=Sum("value"))["sum"]
            hidden = sum(one.figures[column] is None for one in book.wholes if one.type == word)
            assert readings.filter(value=None).count() == hidden
            assert together == total.figures[column] or (hidden and together < total.figures[column]), (word, code)
