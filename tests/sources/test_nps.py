"""The monthly file of insured workplaces: its shape, its sums, what is hidden, and its way through the pipeline.

The extract is invented (예시) in the shape of the published file, the long heads of older editions included.
"""

from datetime import date
from decimal import Decimal

import pytest

from companies.models import WorkplaceCluster
from crisis.models import Observation
from crisis.sources.adapters import nps_file, nps_sums
from crisis.sources.importers import NPS, rates
from crisis.sources.models import ClusterPlace
from portal.intake import services as intake
from portal.intake.packages import FileProblem
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.factories.directory import ALWAYS
from tests.sources.conftest import DATA, commit, current, read

EXTRACT = (DATA / "nps_long_head_cp949.csv").read_bytes()
AUGUST = date(2025, 8, 1)
SHORT = (
    "자료생성년월,사업장명,사업자등록번호,사업장가입상태코드 1 등록 2 탈퇴,우편번호,사업장지번상세주소,사업장도로명상세주소,고객법정동주소코드,"
    "고객행정동주소코드,법정동주소광역시도코드,법정동주소광역시시군구코드,법정동주소광역시시군구읍면동코드,사업장형태구분코드 1 법인 2 개인,"
    "사업장업종코드,사업장업종코드명,적용일자,재등록일자,탈퇴일자,가입자수,당월고지금액,신규취득자수,상실가입자수\n"
)


def line(**cells):
    facts = {
        "month": "2026-08", "name": "예시(주)", "number": "126811", "status": "1", "sido": "48", "sigungu": "310",
        "insured": "4", "billed": "938400", "left": "0",
    } | cells  # fmt: skip
    return (
        f"{facts['month']},{facts['name']},{facts['number']},{facts['status']},12816,경상남도 거제시,경상남도 거제시 거제대로,"
        f"4831010500,4831051000,{facts['sido']},{facts['sigungu']},105,1,292201,기계,1988-01-01,,,"
        f"{facts['insured']},{facts['billed']},0,{facts['left']}\n"
    )


def test_heads_of_both_editions_are_known():
    assert nps_file.is_monthly_file(EXTRACT)
    assert nps_file.is_monthly_file((SHORT + line()).encode("cp949"))
    assert nps_file.is_monthly_file(b"\xef\xbb\xbf" + (SHORT + line()).encode())
    assert not nps_file.is_monthly_file("지역코드,지표코드,기간,값\n".encode())


def test_lines_are_read_and_what_is_wrong_is_told_by_line():
    tally = nps_file.Tally()
    found = list(nps_file.workplaces(EXTRACT, tally))
    assert (tally.lines, len(found), tally.signed_off) == (10, 8, 1)
    assert tally.faults == [(11, "가입자수 ‘여덟’은(는) 0 이상의 정수가 아닙니다")]
    first = found[0]
    assert (first.number, first.region, first.insured, first.billed, first.month) == (
        "613811", "48310", 120, 45_000_000, AUGUST,
    )  # fmt: skip
    assert found[-1].region == ""


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"status": "3"}, "가입상태"),
        ({"month": "2026-13"}, "자료생성년월"),
        ({"billed": "-5"}, "당월고지금액"),
        ({"left": ""}, "상실가입자수"),
        ({"name": "예시, 둘"}, "칸이 23개"),
    ],
)
def test_every_kind_of_fault_is_told(cells, fault):
    tally = nps_file.Tally()
    assert list(nps_file.workplaces((SHORT + line(**cells)).encode("cp949"), tally)) == []
    assert [number for number, _ in tally.faults] == [2]
    assert fault in tally.faults[0][1]


def test_missing_column_is_named():
    with pytest.raises(nps_file.NpsProblem, match="당월고지금액"):
        list(nps_file.workplaces(SHORT.replace("당월고지금액", "금액").encode(), nps_file.Tally()))


@pytest.mark.parametrize(
    ("month", "percent", "pay", "provisional"),
    [(date(2025, 12, 1), "9", 10_426_667, False), (date(2026, 1, 1), "9.5", 9_877_895, True)],
)
def test_pay_follows_from_the_rate_of_the_month(month, percent, pay, provisional):
    rate = nps_sums.rate_of(month, rates())
    assert (rate.percent, rate.provisional) == (Decimal(percent), provisional)
    assert nps_sums.pay_of(938_400, rate) == pay


def test_fewer_than_three_workplaces_tell_their_number_only():
    rate = rates()[0]
    two = {figure.indicator: figure.value for figure in nps_sums.figures(nps_sums.Sum(2, 19, 3_500_000, 1), rate)}
    assert two == {"EST": 2, "EMP": None, "PAY": None, "LOSS": None}
    three = {figure.indicator: figure.value for figure in nps_sums.figures(nps_sums.Sum(3, 60, 13_680_000, 3), rate)}
    assert three == {"EST": 3, "EMP": 60, "PAY": 152_000_000, "LOSS": 5}


@pytest.mark.django_db
class TestThroughThePipeline:
    def test_figures_come_by_district_and_by_cluster(self, places, people, indicators):
        ClusterPlace.objects.create(cluster=places.obi.cluster, road="오비공단길", source="시험", effective=ALWAYS)
        upload = read(people.ministry, "nps", EXTRACT)
        assert upload.state == "READY", upload.problems
        told = " ".join(problem["message"] for problem in upload.problems)
        assert "11행을 빼고 셌습니다" in told
        assert "등록 사업장 7곳" in told
        assert "시·군·구를 알 수 없는 1곳" in told
        commit(people.ministry, upload)
        assert current(places.geoje, AUGUST) == {
            "EST": 5, "EMP": 185, "PAY": 662_000_000, "LOSS": Decimal("3.243243"),
        }  # fmt: skip
        assert current(places.obi, AUGUST) == {"EST": 3, "EMP": 60, "PAY": 152_000_000, "LOSS": 5}
        assert current(places.tongyeong, AUGUST) == {"EST": 2}
        hidden = Observation.objects.filter(area=places.tongyeong, value=None)
        assert {row.note for row in hidden} == {nps_sums.HIDDEN}
        assert not upload.rows.filter(cells__icontains="3500000").exists()  # nothing hidden is kept anywhere

    def test_registered_workplace_lies_where_the_register_says(self, places, people, indicators):
        site = WorkplaceFactory(
            company=CompanyFactory(name_ko="주식회사 예시조선"),
            business_number="6138112345",
            region=places.geoje.region,
        )
        WorkplaceCluster.objects.create(workplace=site, cluster=places.obi.cluster, effective=ALWAYS)
        commit(people.ministry, read(people.ministry, "nps", EXTRACT))
        assert current(places.obi, AUGUST) == {"EST": 1}

    def test_clerk_brings_in_the_own_region_only(self, places, people, indicators):
        assert read(people.other, "nps", EXTRACT).rows.count() == 0
        assert read(people.clerk, "nps", EXTRACT).rows.count() == 8

    def test_second_time_nothing_changes_and_an_undo_takes_it_back(self, places, people, indicators):
        first = commit(people.ministry, read(people.ministry, "nps", EXTRACT))
        again = read(people.ministry, "nps", EXTRACT + b"\r\n")
        assert (again.counts["SAME"], again.counts["NEW"], again.counts["CHANGED"]) == (8, 0, 0)
        intake.undo_upload(upload=first, actor=people.ministry, reason="시험")
        assert current(places.geoje, AUGUST) == {}

    def test_pay_by_a_provisional_rate_is_provisional(self, places, people, indicators):
        data = (SHORT + "".join(line(month="2026-08") for _ in range(3))).encode("cp949")
        commit(people.ministry, read(people.ministry, "nps", data))
        row = Observation.objects.get(area=places.geoje, indicator=indicators["PAY"])
        assert (row.status, row.value) == ("PRELIM", 29_633_684)
        assert "보험료율 잠정" in row.note
        assert "1인당 2,469,474원" in row.note

    def test_file_full_of_faults_is_refused_whole(self, places, indicators):
        data = (SHORT + line(insured="x") * 30).encode("cp949")
        with pytest.raises(FileProblem, match="읽을 수 없는 행이 30개"):
            NPS.open_book(data)
