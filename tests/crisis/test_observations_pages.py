"""The list of figures and the form for one, as four people meet them."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from crisis.enums import Frequency, ObservationStatus
from crisis.models import IndicatorUnit, Observation
from crisis.services import enter_observation
from portal.directory.enums import Role
from tests.factories.crisis import AreaFactory, IndicatorFactory, ObservationFactory, nation_area
from tests.factories.directory import RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db

LIST, NEW = "crisis:observations", "crisis:observation_new"


@pytest.fixture
def area():
    return AreaFactory(region=RegionFactory(sigungu=True))


@pytest.fixture
def clerk(area):
    return person(region=area.region.parent)


@pytest.fixture
def indicator():
    return IndicatorFactory()


def address(area, indicator, month="5", year="2025"):
    query = f"area={area.code}&indicator={indicator.code}&period_year={year}&period_month={month}"
    return f"{reverse(NEW)}?{query}"


def entry(indicator, value, **more):
    return {"value": value, "unit": indicator.unit, "status": "FINAL", "note": "", "seen": 0, **more}


@pytest.mark.parametrize(
    ("who", "status", "sees"),
    [
        ("clerk", 200, True),
        ("other", 200, False),
        ("ministry", 200, True),
        ("stranger", 403, False),
        (None, 302, False),
    ],
)
def test_the_list_shows_figures_of_ones_own_areas_and_of_the_nation(client, sign_in, area, clerk, who, status, sees):
    ObservationFactory(area=area, value=777)
    ObservationFactory(area=nation_area(), value=888)
    people = {
        "clerk": clerk, "other": person(region=RegionFactory()), "ministry": person(role=Role.HQ),
        "stranger": UserFactory(),
    }  # fmt: skip
    client = sign_in(people[who]) if who else client
    response = client.get(reverse(LIST))
    assert response.status_code == status
    if status == 200:
        assert (">777<" in response.content.decode()) == sees
        assert ">888<" in response.content.decode()


def test_only_current_figures_are_listed(sign_in, area, clerk):
    old = ObservationFactory(area=area, value=111)
    enter_observation(
        area=area, indicator=old.indicator, period=old.period, value=Decimal(222), unit=old.unit, status="FINAL",
        actor=clerk,
    )  # fmt: skip
    page = sign_in(clerk).get(reverse(LIST)).content.decode()
    assert ">222<" in page
    assert ">111<" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {1, 2, 3}),
        ("status=PRELIM", {2}),
        ("since=2025-06", {2, 3}),
        ("until=2025.5", {1}),
        ("since=2025Q2&until=2025년 6월", {2}),
        ("indicator=POP", {3}),
        ("level=SIGUNGU", {1, 2, 3}),
        ("level=NATION", set()),
        ("area=A-ONE", {1, 2, 3}),
        ("area=nowhere", set()),
    ],
)
def test_filters_narrow_the_list_and_its_file_alike(sign_in, query, shown):
    area = AreaFactory(code="A-ONE", region=RegionFactory(sigungu=True))
    clerk = person(region=area.region.parent)
    ObservationFactory(area=area, value=1)
    ObservationFactory(area=area, value=2, period=date(2025, 6, 1), status=ObservationStatus.PRELIM)
    ObservationFactory(area=area, value=3, period=date(2025, 7, 1), indicator=IndicatorFactory(code="POP"))
    response = sign_in(clerk).get(f"{reverse(LIST)}?{query}&export=csv")
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert {int(row["값"]) for row in rows} == shown


def test_a_month_that_is_none_is_told_and_nothing_is_listed(sign_in, area, clerk):
    ObservationFactory(area=area, value=777)
    page = sign_in(clerk).get(f"{reverse(LIST)}?since=2025.1").content.decode()
    assert "1월인지 10월인지" in page
    assert ">777<" not in page


def test_a_misspelt_condition_is_refused(sign_in, clerk):
    response = sign_in(clerk).get(f"{reverse(LIST)}?aera=R48310")
    assert response.status_code == 400
    assert "aera" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 40])
def test_the_list_costs_the_same_for_any_number_of_rows(sign_in, area, clerk, rows, django_assert_max_num_queries):
    for n in range(rows):
        ObservationFactory(area=area, period=date(2020 + n // 12, n % 12 + 1, 1))
    client = sign_in(clerk)
    client.get(reverse(NEW))  # what waits for the reader is counted by other apps, then kept for a while
    with django_assert_max_num_queries(7):  # session, user, scope, indicators (filter), count, rows
        client.get(reverse(LIST))


class TestForm:
    @pytest.mark.parametrize(
        ("who", "status"),
        [("clerk", 200), ("other", 200), ("ministry", 200), ("auditor", 403), ("stranger", 403)],
    )
    def test_it_is_for_those_who_enter_figures(self, sign_in, area, clerk, indicator, who, status):
        people = {
            "clerk": clerk, "other": person(region=RegionFactory()), "ministry": person(role=Role.HQ),
            "auditor": person(role=Role.AUDITOR), "stranger": UserFactory(),
        }  # fmt: skip
        response = sign_in(people[who]).get(address(area, indicator))
        assert response.status_code == status
        if who == "other":
            assert "관할 밖이거나 없는 지역" in response.content.decode()
            assert area.name_ko not in response.content.decode()

    def test_another_office_cannot_write_here(self, sign_in, area, indicator):
        other = person(region=RegionFactory())
        sign_in(other).post(address(area, indicator), entry(indicator, "5"))
        assert not Observation.objects.exists()

    def test_what_stands_is_shown_beside(self, sign_in, area, clerk, indicator):
        ObservationFactory(area=area, indicator=indicator, value=Decimal("1234.5"), note="추정")
        page = sign_in(clerk).get(address(area, indicator)).content.decode()
        assert "<strong>1,234.5</strong>" in page
        assert 'value="1234.5"' in page
        assert "추정" in page

    def test_a_value_is_saved_and_the_page_comes_back_by_get(self, sign_in, area, clerk, indicator):
        client = sign_in(clerk)
        response = client.post(address(area, indicator), entry(indicator, "△1,234.5", note="정정"))
        assert (response.status_code, response.url) == (302, address(area, indicator))
        row = Observation.objects.get()
        assert (row.value, row.note, row.batch.actor) == (Decimal("-1234.5"), "정정", clerk)
        assert "값을 저장했습니다" in client.get(response.url).content.decode()

    def test_a_withdrawn_value_is_kept_as_such(self, sign_in, area, clerk, indicator):
        sign_in(clerk).post(address(area, indicator), entry(indicator, "미제공"))
        assert Observation.objects.get().value is None

    @pytest.mark.parametrize(
        ("value", "word"), [("약간", "숫자가 아닙니다"), ("1.1234567", "소수점"), ("(5)", "괄호"), ("", "필수")]
    )
    def test_a_value_that_cannot_be_is_told_at_its_field(self, sign_in, area, clerk, indicator, value, word):
        page = sign_in(clerk).post(address(area, indicator), entry(indicator, value)).content.decode()
        assert word in page
        assert 'aria-invalid="true"' in page

    def test_a_period_that_does_not_fit_is_told(self, sign_in, area, clerk):
        quarterly = IndicatorFactory(code="Q", frequency=Frequency.QUARTERLY)
        assert "3·6·9·12월" in sign_in(clerk).get(address(area, quarterly)).content.decode()

    def test_a_large_change_asks_to_be_confirmed_with_a_note(self, sign_in, area, clerk, indicator):
        ObservationFactory(area=area, indicator=indicator, period=date(2024, 5, 1), value=100)
        client, url = sign_in(clerk), address(area, indicator)
        assert "크게 달라진 값입니다" in client.post(url, entry(indicator, "1000")).content.decode()
        page = client.post(url, entry(indicator, "1000", verified="on")).content.decode()
        assert "비고에 적어 주세요" in page
        client.post(url, entry(indicator, "1000", verified="on", note="대형 수주 확인"))
        assert Observation.objects.filter(value=1000, verified=True, note="대형 수주 확인").exists()

    def test_the_unit_is_reckoned_with_before_a_change_is_called_large(self, sign_in, area, clerk, indicator):
        IndicatorUnit.objects.create(indicator=indicator, unit="백만달러", factor=1000)
        ObservationFactory(area=area, indicator=indicator, period=date(2024, 5, 1), value=5000)
        sign_in(clerk).post(address(area, indicator), entry(indicator, "5", unit="백만달러"))
        assert Observation.objects.filter(unit="백만달러").exists()

    def test_a_value_somebody_changed_meanwhile_is_not_overwritten(self, sign_in, area, clerk, indicator):
        ObservationFactory(area=area, indicator=indicator, value=5)
        client, url = sign_in(clerk), address(area, indicator)
        page = client.post(url, entry(indicator, "6", seen=0)).content.decode()
        assert "다른 사람이 1건을 바꾸었습니다" in page
        assert "<strong>5</strong>" in page
        row = Observation.objects.current().get()
        assert row.value == 5
        assert f'name="seen" value="{row.pk}"' in page
        client.post(url, entry(indicator, "6", seen=row.pk))
        assert Observation.objects.current().get().value == 6

    @pytest.mark.parametrize("areas", [1, 30])
    def test_it_costs_the_same_for_any_number_of_areas(self, sign_in, indicator, areas, django_assert_max_num_queries):
        sido = RegionFactory()
        made = [AreaFactory(region=RegionFactory(sigungu=True, parent=sido)) for _ in range(areas)]
        client = sign_in(person(region=sido))
        client.get(reverse(LIST))
        with django_assert_max_num_queries(
            11
        ):  # session, user, scope, areas, names, indicators (3), units, cell, recent
            client.get(address(made[0], indicator))
