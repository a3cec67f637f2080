"""The published book is read as it is: heads, indentation, X, totals; other layouts are told in words."""

import csv
import io
import unicodedata
from pathlib import Path

import openpyxl
import pytest

from companies.kicox import names
from companies.kicox.book import FIGURES, KicoxProblem, depth, read_book
from companies.kicox.check import disagreements, part_disagreements

EXTRACT = Path(__file__).parent / "data/kicox_2023Q4_extract.xlsx"
SHARED = Path(__file__).resolve().parents[3].parent / "shared/data/complexes"
WHOLE = SHARED / "kicox_status_2023Q4.xlsx"
needs_whole = pytest.mark.skipif(not WHOLE.exists(), reason="the whole book is not beside this project")


@pytest.fixture(scope="module")
def book():
    return read_book(EXTRACT.read_bytes())


def changed(change):
    """The extract with a change, as bytes."""
    work = openpyxl.load_workbook(EXTRACT)
    change(work)
    target = io.BytesIO()
    work.save(target)
    return target.getvalue()


def named(book, name):
    return next(one for one in book.complexes if one.name == name)


def test_quarter_and_rows_are_those_of_the_book(book):
    assert book.quarter == "2023Q4"
    assert (len(book.complexes), len(book.wholes)) == (24, 18)


def test_figures_are_read_below_the_merged_head(book):
    changwon = named(book, "창원[재생사업지구:부분]")
    assert changwon.figures == {
        "tenants": 2965, "operating": 2661, "employees": 118574, "production": 60059679, "exports": 18305207,
    }  # fmt: skip
    assert (changwon.type, changwon.sido, changwon.sigungu) == ("국가", "경남", "창원시")


def test_suppressed_figures_are_unknown_and_not_nought(book):
    okpo = named(book, "옥포")
    assert okpo.figures == {"tenants": 1, "operating": 1, "employees": None, "production": None, "exports": None}
    assert okpo.hidden == ["employees", "production", "exports"]
    assert named(book, "월산").figures["exports"] == 0


def test_indented_rows_are_parts_of_the_row_they_stand_under(book):
    gumi = book.complexes.index(named(book, "구미국가(2-4단지)"))
    fourth = book.complexes.index(named(book, "구미국가(4단지)"))
    assert [one.name for one in book.complexes if one.whole == gumi] == [
        "구미국가(2-3단지)",
        "구미국가(4단지)",
        "구미(확장단지)",
    ]
    assert [one.name for one in book.complexes if one.whole == fourth] == ["구미4(산업)", "구미4(구미외국인)"]
    assert depth("옥포") == 0
    assert depth("\xa0\xa0 녹산지구 (①)") == 1
    assert depth("\xa0\xa0\xa0\xa0 ▷구미4(산업) (②)") == 2


def test_names_in_decomposed_hangul_are_composed(book):
    work = openpyxl.load_workbook(EXTRACT)
    written = [row[3].value for row in work["전국산업단지현황"].iter_rows(min_row=7) if row[3].value]
    assert any(unicodedata.normalize("NFC", name) != name for name in written)
    assert all(unicodedata.normalize("NFC", one.name) == one.name for one in book.complexes)
    assert named(book, "용암해수").sido == "제주"


def test_rows_make_up_the_totals_of_the_book(book):
    assert len(book.totals) == 4
    assert list(disagreements(book)) == []
    assert list(part_disagreements(book)) == []


@pytest.mark.parametrize(
    ("cell", "value", "figure"),
    [("K9", 207, "tenants"), ("K9", 205, "tenants"), ("M11", 750, "employees"), ("B9", "3개", "count")],
)
def test_total_that_the_rows_do_not_make_up_is_told(cell, value, figure):
    """No row of 제주 is suppressed, so its totals may neither exceed nor fall below the sums."""

    def change(work):
        place = {"K": 10, "M": 12, "B": 2}[cell[0]]
        work["시도별"].cell(int(cell[1:]), place, value)

    found = list(disagreements(read_book(changed(change))))
    assert [one.figure for one in found] == [figure]
    assert "책의 합계" in str(found[0])


def test_total_may_exceed_its_rows_only_where_one_is_suppressed():
    def hide(work):
        for row in work["전국산업단지현황"].iter_rows(min_row=7):
            if row[3].value and unicodedata.normalize("NFC", row[3].value) == "구좌":
                row[16].value = "X"

    assert list(disagreements(read_book(changed(hide)))) == []

    def hide_and_lower(work):
        hide(work)
        work["시도별"].cell(11, 12, 500)

    assert [one.figure for one in disagreements(read_book(changed(hide_and_lower)))] == ["employees"]


def test_part_that_does_not_add_up_is_told():
    def change(work):
        for row in work["전국산업단지현황"].iter_rows(min_row=7):
            if "구미4(구미외국인)" in str(row[3].value):
                row[12].value = 22

    found = [(whole.name, figure, total) for whole, figure, total in part_disagreements(read_book(changed(change)))]
    assert found == [("구미국가(4단지)", "tenants", 22)]


def _rename(work):
    work["전국산업단지현황"].title = "현황"


def _no_head(work):
    for cell in work["전국산업단지현황"][5]:
        if cell.value == "단지명":
            cell.value = "이름"


def _no_employment(work):
    work["전국산업단지현황"].cell(5, 15, "기타")


def _no_quarter(work):
    work["전국산업단지현황"].cell(1, 1, "전국산업단지 현황")


def _two_quarters(work):
    work["전국산업단지현황"].cell(2, 1, "2023년 3분기와 견줌")


def _no_rows(work):
    work["전국산업단지현황"].delete_rows(7, 200)


@pytest.mark.parametrize(
    ("change", "rule", "told"),
    [
        (_rename, "kicox_sheet", "‘전국산업단지현황’ 시트가 없습니다"),
        (_no_head, "kicox_head", "머리글이 없습니다"),
        (_no_employment, "kicox_columns", "고용현황"),
        (_no_quarter, "kicox_quarter", "찾지 못했습니다"),
        (_two_quarters, "kicox_quarter", "여럿입니다"),
        (_no_rows, "kicox_empty", "산업단지가 없습니다"),
    ],
)
def test_other_layout_is_told_in_words(change, rule, told):
    with pytest.raises(KicoxProblem, match=told) as fault:
        read_book(changed(change))
    assert fault.value.rule == rule


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0", b"a,b\n1,2\n", EXTRACT.read_bytes()[:4000]]
)
def test_file_that_is_no_book_never_crashes(data):
    with pytest.raises(KicoxProblem):
        read_book(data)


def test_cell_that_is_no_number_is_told_at_its_figure():
    def change(work):
        work["전국산업단지현황"].cell(7, 13, "모름")
        work["전국산업단지현황"].cell(8, 14, -1)
        work["전국산업단지현황"].cell(9, 14).value = None

    faults = [(one.row, [name for name, _ in one.faults]) for one in read_book(changed(change)).complexes if one.faults]
    assert faults == [(7, ["tenants"]), (8, ["operating"]), (9, ["operating"])]


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("신평ㆍ장림", ("서부산스마트밸리(구:신평장림)", "")),
        ("사리", ("사리테크노빌(구:사리농공)", "")),
        ("청양일반사업단지", ("청양일반산업단지", "2023Q4 이후; 이전 이름: 청양일반사업단지")),
        ("구미국가(2-4단지) (① + ②)", ("구미국가(2-4단지)", "")),
        ("회동.석대", ("회동·석대", "")),
        ("옥포국가산업단지", ("옥포", "")),
    ],
)
def test_complex_is_known_under_its_former_names_and_spellings(written, known):
    assert {names.key(written), names.bare_key(written)} & names.keys(*known)


def test_different_complexes_keep_different_keys():
    assert not names.keys("대산3") & names.keys("대산3(확장)")
    assert not names.keys("성서1차") & names.keys("성서2차")


@needs_whole
def test_whole_book_agrees_with_its_own_totals():
    book = read_book(WHOLE.read_bytes())
    assert (book.quarter, len(book.complexes), len(book.wholes)) == ("2023Q4", 1390, 1310)
    assert len(book.totals) > 60
    assert list(disagreements(book)) == []
    assert list(part_disagreements(book)) == []
    assert [one for one in book.complexes if one.faults] == []
    assert sum(bool(one.hidden) for one in book.wholes) == 150


@needs_whole
def test_whole_book_gives_the_figures_of_the_tidied_copy():
    book = read_book(WHOLE.read_bytes())
    with (SHARED / "kicox_complex_status_2023Q4_2025Q3_2025Q4.csv").open(encoding="utf-8") as file:
        tidy = [row for row in csv.DictReader(file) if row["quarter"] == "2023Q4"]
    columns = ("tenants", "operating", "emp_total", "production_cum_mil_krw", "export_cum_k_usd")
    for one, row in zip(book.complexes, tidy, strict=True):
        told = [int(float(row[column])) if row[column] else None for column in columns]
        assert [one.figures[name] for name in FIGURES] == told, (one.row, one.name)
        assert one.is_part is (row["is_sub"] == "1")
