"""Recorded answers of the statistics portal: rows, refusals, mapping, and the way through the pipeline.

The answers are written in the documented shape with published population figures; none was fetched.
"""

import json
from datetime import date

import pytest

from crisis.sources.adapters import kosis_answer
from crisis.sources.importers import KOSIS
from crisis.sources.models import KosisSeries
from portal.directory.models import RegionCode
from portal.intake.packages import FileProblem
from tests.sources.conftest import DATA, commit, current, read

ANSWER = (DATA / "kosis_population.json").read_bytes()
SEPTEMBER = date(2025, 9, 1)


def changed(**cells):
    """The answer's row of 거제 in September alone, with other cells."""
    row = next(row for row in json.loads(ANSWER) if row["C1"] == "48310" and row["PRD_DE"] == "202509")
    return json.dumps([row | cells]).encode()


@pytest.mark.parametrize(
    ("rhythm", "period", "month"),
    [
        ("M", "202509", date(2025, 9, 1)), ("Q", "202503", date(2025, 9, 1)), ("H", "202502", date(2025, 12, 1)),
        ("Q", "202505", None), ("Y", "2025", None), ("M", "2025.09", None), ("F", "202501", None),
    ],
)  # fmt: skip
def test_period_of_each_rhythm(rhythm, period, month):
    assert kosis_answer.month_of_period(rhythm, period) == month


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ((DATA / "kosis_refused.json").read_bytes(), "오류 30을(를) 보냈습니다: 조건에 맞는 자료가 없습니다"),
        (b'{"err":"99","errMsg":"\xec\xa0\x90\xea\xb2\x80"}', "점검"),
        (b"[]", "자료가 없습니다"),
        (b'[{"ORG_ID":"101"}]', "없는 항목: TBL_ID"),
        (b"[{]", "JSON으로 읽을 수 없는"),
        (b"[1]", "객체가 아닙니다"),
    ],
)
def test_answer_that_cannot_be_used_is_told(data, words):
    with pytest.raises(kosis_answer.KosisProblem) as refusal:
        kosis_answer.read_answer(data)
    assert words in refusal.value.message


@pytest.fixture
def mapped(indicators):
    return KosisSeries.objects.create(
        org_id="101", tbl_id="DT_1B040A3", itm_id="T20", region_codes="MOIS", indicator=indicators["POP"],
        unit="명", unit_name="명",
    )  # fmt: skip


pytestmark = pytest.mark.django_db


def test_mapped_cells_become_figures_and_the_others_are_told(places, people, mapped):
    upload = read(people.ministry, "kosis", ANSWER, "인구.json")
    assert upload.state == "READY", upload.problems
    told = " ".join(problem["message"] for problem in upload.problems)
    for words in ("DT_1B040A3/T21: 1건", "시·도와 전국의 합계: 4건", "포털의 통계 지역이 아닌 곳: 4건"):
        assert words in told
    commit(people.ministry, upload)
    assert current(places.geoje, SEPTEMBER) == {"POP": 231_319}
    assert current(places.tongyeong, SEPTEMBER) == {"POP": 117_099}
    assert current(places.gyeongnam, SEPTEMBER) == {}


def test_totals_are_taken_where_the_mapping_says_so(places, people, mapped):
    mapped.with_totals = True
    mapped.save()
    commit(people.ministry, read(people.ministry, "kosis", ANSWER))
    assert current(places.gyeongnam, SEPTEMBER) == {"POP": 3_200_000}
    assert current(places.nation, SEPTEMBER) == {"POP": 51_000_000}


def test_codes_of_the_statistics_office_are_ours_by_their_table(places, people, mapped):
    mapped.region_codes = "KOSTAT"
    mapped.save()
    RegionCode.objects.create(region=places.geoje.region, scheme="KOSTAT", code="38090")
    commit(people.ministry, read(people.ministry, "kosis", changed(C1="38090")))
    assert current(places.geoje, SEPTEMBER) == {"POP": 231_319}


def test_withheld_cell_is_recorded_as_not_given(places, people, mapped):
    commit(people.ministry, read(people.ministry, "kosis", ANSWER))
    commit(people.ministry, read(people.ministry, "kosis", changed(DT="X")))
    assert current(places.geoje, SEPTEMBER) == {}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"UNIT_NM": "천명"}, "단위가 ‘명’이 아니라 ‘천명’"),
        ({"C2": "1", "C2_NM": "남자"}, "연결하지 않은 통계표·항목·분류"),
        ({"PRD_SE": "Y", "PRD_DE": "2025"}, "읽을 수 없는 시점 Y 2025"),
    ],
)
def test_answer_of_which_nothing_fits_is_refused_with_the_reason(places, mapped, cells, words):
    with pytest.raises(FileProblem, match="받을 수 있는 자료가 없습니다") as refusal:
        KOSIS.open_book(changed(**cells))
    assert words in refusal.value.message


def test_other_class_may_be_fixed_by_the_mapping(places, people, mapped):
    mapped.fixed = {"2": "0"}
    mapped.save()
    commit(people.ministry, read(people.ministry, "kosis", changed(C2="0", C2_NM="계")))
    assert current(places.geoje, SEPTEMBER) == {"POP": 231_319}


def test_clerk_gets_the_own_region_and_nothing_of_others(places, people, mapped):
    assert read(people.clerk, "kosis", ANSWER).rows.count() == 4
    assert read(people.other, "kosis", ANSWER).rows.count() == 0
