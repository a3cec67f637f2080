"""Files are read by their content; every fault is told, at once, with its place."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.styles import Protection
from openpyxl.workbook.protection import WorkbookProtection

from crisis.models import IndicatorUnit
from portal.directory.enums import JobState
from portal.directory.models import RegionName
from portal.intake import tasks
from portal.intake.enums import UploadState
from tests.factories.crisis import ObservationFactory
from tests.intake.conftest import HEAD, csv_bytes, messages_of, xlsx_bytes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_text_files_of_every_usual_encoding_are_read(office, encoding):
    upload = office.read(csv_bytes(office.row(note="거제 조선업"), encoding=encoding))
    assert (upload.state, upload.counts["NEW"]) == (UploadState.READY, 1), messages_of(upload)
    assert upload.rows.get().values["note"] == "거제 조선업"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(office, delimiter):
    lines = [delimiter.join(map(str, row)) for row in [HEAD, office.row("7")]]
    assert office.read("\r\n".join(lines).encode()).state == UploadState.READY


def test_an_excel_file_is_read_whatever_its_name(office):
    upload = office.read(xlsx_bytes(office.row(100.5)), filename="자료.csv")
    assert (upload.state, upload.format) == (UploadState.READY, "XLSX")
    assert upload.rows.get().values["value"] == "100.5"


def test_cells_excel_changed_by_itself_are_understood(office):
    upload = office.read(xlsx_bytes(office.row(100.0, date(2025, 9, 1)), office.row("△1,234", 202510)))
    assert upload.state == UploadState.READY, messages_of(upload)
    assert [row.values["period"] for row in upload.rows.order_by("number")] == ["2025-09-01", "2025-10-01"]
    assert [row.values["value"] for row in upload.rows.order_by("number")] == ["100", "-1234"]


def test_the_head_may_stand_below_title_rows_and_on_a_later_sheet(office):
    def second(book):
        book.create_sheet("표지", 0).append(["지역별 자료", "2025년"])

    upload = office.read(xlsx_bytes(office.row(), before=[["2025년 자료"], []], change=second))
    assert upload.state == UploadState.READY, messages_of(upload)
    assert (upload.layout["row"], upload.rows.get().number) == (2, 4)


def test_hidden_sheets_are_passed_over_with_a_remark(office):
    def hidden(book):
        book.create_sheet("숨긴 것", 0).append(HEAD)
        book["숨긴 것"].sheet_state = "hidden"

    upload = office.read(xlsx_bytes(office.row(), change=hidden))
    assert upload.state == UploadState.READY
    assert "숨긴 시트 ‘숨긴 것’은(는) 읽지 않았습니다." in messages_of(upload)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (
            ["지역코드", "지표코드", "기간", "수량", "단위", "구분", "비고"],
            ["D열의 ‘수량’은(는) 모르는 열", "‘값’ 열이 없습니다"],
        ),
        (
            ["지역코드", "지표코트", "기간", "값", "단위", "구분", "비고"],
            ["‘지표코드’을(를) 뜻했다면", "‘지표코드’ 열이 없습니다"],
        ),
        (["지역코드", "지표코드", "기간", "값", "값", "구분", "비고"], ["D열과 E열에 두 번"]),
        (["지역코드", "지표코드", "기간", "값", "", "구분", "비고"], ["E열에 값은 있는데 머리글이 없습니다"]),
        (["가", "나", "다", "라", "마", "바", "사"], ["머리글 행을 찾지 못했습니다"]),
    ],
)
def test_faults_of_the_head_name_the_column_and_what_was_meant(office, head, words):
    upload = office.read(csv_bytes(office.row(), head=head))
    assert upload.state == UploadState.REJECTED
    for word in words:
        assert any(word in message for message in messages_of(upload)), messages_of(upload)


def test_headers_may_carry_stars_blanks_and_units(office):
    head = ["지역 코드 *", "지표코드*", "기 간", "값(천달러)", "단위", "구분", "비고"]
    assert office.read(csv_bytes(office.row(), head=head)).state == UploadState.READY


def test_all_faults_are_told_at_once_with_their_cells(office):
    upload = office.read(
        csv_bytes(
            office.row("약간"),
            office.row("1,23", "2025-13"),
            office.row("1", "2199-01"),
            office.row("1", "2025-04", unit="되"),
            office.row("1", "2025-04", area="없는 곳"),
            office.row("", "2025-03"),
            office.row("1", "2025-02"),
            office.row("2", "2025-02"),
        )
    )
    assert upload.state == UploadState.REJECTED
    assert upload.counts["ERROR"] == 8
    said = messages_of(upload)
    expected = [
        "D2 ‘약간’은(는) 숫자가 아닙니다", "C3 ‘2025-13’은(는) 달력에 없는", "D3 ‘1,23’의 쉼표", "C4 아직 오지 않은",
        "E5 ‘되’은(는) 이 지표에", "A6 관할 밖이거나 없는 지역", "D7 ‘값’을(를) 적어", "C8 9행과 같은", "C9 8행과 같은",
    ]  # fmt: skip
    for start in expected:
        assert any(message.startswith(start) for message in said), (start, said)


def test_a_foreign_area_is_told_like_one_that_does_not_exist(office):
    upload = office.read(csv_bytes(office.row(area=office.foreign), office.row(area="ZZZZ", period="2025-04")))
    said = [message.removeprefix("A2 ").removeprefix("A3 ") for message in messages_of(upload)]
    assert len(set(said)) == 1
    assert office.foreign.name_ko not in str(upload.rows.values_list("values", "before", "problems"))


@pytest.mark.parametrize("spelling", ["code", "name_ko", "region code", "label", "other"])
def test_an_area_is_known_by_each_of_its_names(office, spelling):
    area = office.area
    RegionName.objects.create(region=area.region, name="옛이름시")
    written = {
        "code": area.code.lower(), "name_ko": area.name_ko.replace(" ", ""), "region code": area.region.code,
        "label": f"{area.code} {area.name_ko}", "other": "옛이름시",
    }[spelling]  # fmt: skip
    upload = office.read(csv_bytes(office.row(area=written)))
    assert upload.state == UploadState.READY, messages_of(upload)
    assert upload.rows.get().values["area"] == area.code


def test_a_name_that_disagrees_with_the_code_is_told(office):
    rows = [[*office.row(), "딴 곳"], [*office.row(period="2025-04"), office.area.name_ko]]
    upload = office.read(csv_bytes(*rows, head=[*HEAD, "지역이름"]))
    assert [row.outcome for row in upload.rows.order_by("number")] == ["ERROR", "NEW"]


def test_a_formula_that_was_never_computed_is_told_by_its_cell(office):
    upload = office.read(xlsx_bytes(office.row("=1+1")))
    assert any(message.startswith("D2 수식의 결과가") for message in messages_of(upload))


def test_merged_cells_are_told(office):
    def merge(book):
        book.active.merge_cells("A2:A3")

    upload = office.read(xlsx_bytes(office.row(), office.row(period="2025-04"), change=merge))
    assert any(message.startswith("A3 ‘지역코드’이(가) 합친 칸") for message in messages_of(upload))


def test_a_far_cell_does_not_fill_the_memory(office):
    def far(book):
        book.active["XFD1048576"] = "x"

    upload = office.read(xlsx_bytes(office.row(), change=far))
    assert upload.state == UploadState.REJECTED
    assert "1,048,576행까지" in messages_of(upload)[0]


def zipped(name, content):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b" \r\n", "빈 파일"),
        (b"%PDF-1.7 ...", "PDF입니다"),
        (b"<html><body><table><tr><td>x", "웹 문서(HTML)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "표를 담은 파일이 아닙니다"),
        (b"\x01\x02\x03\x04" * 100, "표를 담은 파일이 아닙니다"),
        (b"\x81\xff\x81\xff" * 10, "글자를 읽을 수 없는"),
        (zipped("mimetype", "application/hwp+zip"), "한글 문서"),
        (zipped("readme.txt", "안녕"), "표를 담은 파일이 아닙니다"),
        (zipped("xl/workbook.xml", "<workbook"), "파일이 깨져"),
        (b"PK\x03\x04" + bytes(50), "파일이 깨져"),
        (OLE + bytes(100) + "EncryptedPackage".encode("utf-16-le"), "암호가 걸린"),
        (OLE + bytes(100) + b"HWP Document File", "한글 문서"),
        (OLE + bytes(100) + "Workbook".encode("utf-16-le"), "파일이 깨져"),
        ("지역코드,지표코드\n".encode() + b'"a' + b"x" * 200_000, "따옴표"),
    ],
)
def test_what_cannot_be_read_says_why(office, data, word):
    upload = office.read(data)
    assert upload.state == UploadState.REJECTED
    assert word in messages_of(upload)[0]
    assert upload.job.state == JobState.DONE


def test_a_protected_but_open_workbook_is_read(office):
    def protect(book):
        book.security = WorkbookProtection(lockStructure=True)
        book.active.protection.enable()
        book.active["A1"].protection = Protection(locked=True)

    assert office.read(xlsx_bytes(office.row(), change=protect)).state == UploadState.READY


def test_a_head_without_rows_is_told(office):
    assert "머리글 아래에 자료가 없습니다" in messages_of(office.read(csv_bytes()))[0]


def test_a_file_that_was_lost_is_told(office):
    upload = office.receive(csv_bytes(office.row()))
    upload.file.storage.delete(upload.file.name)
    tasks.read_upload(job_id=upload.job_id)
    upload.refresh_from_db()
    assert "찾을 수 없습니다" in messages_of(upload)[0]


def test_a_change_is_shown_field_by_field(office):
    ObservationFactory(area=office.area, indicator=office.indicator, period=date(2025, 5, 1), value=90, status="PRELIM")
    row = office.read(csv_bytes(office.row("95"))).rows.get()
    assert (row.outcome, row.before) == ("CHANGED", {"value": "90", "status": "PRELIM"})


@pytest.mark.parametrize(
    ("standing", "differs"),
    [
        ({"status": "PRELIM"}, "status"),
        ({"unit": "백만달러"}, "unit"),
        ({"verified": True, "note": "확인"}, "verified"),
    ],
)
def test_each_field_that_differs_makes_a_change(office, standing, differs):
    IndicatorUnit.objects.create(indicator=office.indicator, unit="백만달러", factor=1000)
    facts = {"area": office.area, "indicator": office.indicator, "period": date(2025, 5, 1), "value": 100}
    ObservationFactory(**facts, **standing)
    row = office.read(csv_bytes(office.row("100"))).rows.get()
    assert row.outcome == "CHANGED"
    assert differs in row.before


def test_what_is_already_so_is_called_the_same(office):
    ObservationFactory(area=office.area, indicator=office.indicator, period=date(2025, 5, 1), value=90)
    upload = office.read(csv_bytes(office.row("90.0")))
    assert (upload.counts["SAME"], upload.rows.get().before) == (1, {})


def test_a_large_change_within_a_year_is_warned_of_and_may_be_confirmed(office):
    ObservationFactory(area=office.area, indicator=office.indicator, period=date(2024, 5, 1), value=100)
    head = [*HEAD, "이상값확인"]
    upload = office.read(csv_bytes([*office.row("100000"), ""], head=head))
    assert (upload.state, upload.counts["WARNING"]) == (UploadState.READY, 1)
    assert "일 년 전보다 99,900.0% 달라진" in messages_of(upload)[0]
    assert office.read(csv_bytes([*office.row("100000", note="대형 수주"), "○"], head=head)).counts["NEW"] == 1
    unexplained = office.read(csv_bytes([*office.row("100000"), "○"], head=head))
    assert "비고에 적어야" in messages_of(unexplained)[0]


def test_a_second_reading_replaces_the_first_and_a_late_one_does_nothing(office):
    upload = office.receive(csv_bytes(office.row()))
    for _ in range(2):
        tasks.read_upload(job_id=upload.job_id)
    upload.refresh_from_db()
    assert (upload.rows.count(), upload.job.attempts) == (1, 1)
    upload.job.state, upload.job.finished_at = JobState.QUEUED, None
    upload.job.save()
    tasks.read_upload(job_id=upload.job_id)
    upload.refresh_from_db()
    assert (upload.state, upload.rows.count()) == (UploadState.READY, 1)


@pytest.mark.parametrize("rows", [1, 60])
def test_reading_costs_the_same_for_any_number_of_rows(office, rows, django_assert_max_num_queries):
    upload = office.receive(csv_bytes(*office.rows(rows)))
    with django_assert_max_num_queries(40):
        tasks.read_upload(job_id=upload.job_id)
    upload.refresh_from_db()
    assert upload.counts["NEW"] == rows


def test_old_and_open_document_formats_are_known_by_content():
    from portal.intake.packages import FileProblem, column_letters, column_number, inspect

    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_number(column_letters(n)) == n for n in range(20_000))
    with pytest.raises(FileProblem, match="표를 담은"):
        inspect(zipped("x", "y"))


def test_a_template_of_another_kind_is_refused(office):
    def stamp(book):
        book.custom_doc_props.append(
            openpyxl.packaging.custom.StringProperty(name="template_version", value="budgets/1")
        )

    assert "다른 종류의 양식" in messages_of(office.read(xlsx_bytes(office.row(), change=stamp)))[0]
