"""Places open, move, close; states, papers, rights and figures follow each other in time."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from companies import services
from companies.enums import CertificationKind, FigureSource, FigureStatus, OperatingState
from companies.models import CompanyYear, FormerPlace
from companies.selectors import yearly
from companies.services import ChangedMeanwhile
from portal.directory.enums import Role
from portal.directory.models import Event
from portal.kernel.errors import Refusal
from tests.factories.companies import CompanyFactory, CompanyYearFactory, WorkplaceFactory, business_number
from tests.factories.crisis import ClusterFactory
from tests.factories.directory import RegionFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return WorkplaceFactory()


@pytest.fixture
def officer(place):
    return person(role=Role.TECHNOPARK, region=place.region.parent)


class TestPlaces:
    def test_a_move_keeps_where_the_place_stood_and_ends_its_cluster(self, place, officer):
        there = RegionFactory(sigungu=True, parent=place.region.parent)
        before = place.region
        membership = services.join_cluster(
            workplace=place, cluster=ClusterFactory(region=before), since=date(2021, 1, 1), actor=officer
        )
        services.move_workplace(workplace=place, region=there, address="새길 1", on=date(2024, 5, 1), actor=officer)
        place.refresh_from_db()
        membership.refresh_from_db()
        former = FormerPlace.objects.get()
        assert (place.region, place.address, former.region) == (there, "새길 1", before)
        assert (former.effective.lower, former.effective.upper) == (date(2020, 1, 1), date(2024, 5, 1))
        assert membership.effective.upper == date(2024, 5, 1)
        regions = Event.objects.filter(verb="move_workplace").values_list("region", flat=True)
        assert set(regions) == {before.pk, there.pk}

    def test_a_move_before_the_last_one_or_into_the_future_is_refused(self, place, officer):
        there = RegionFactory(sigungu=True, parent=place.region.parent)
        services.move_workplace(workplace=place, region=there, address="1", on=date(2024, 5, 1), actor=officer)
        for day, code in [(date(2024, 4, 1), "move_too_early"), (date(2999, 1, 1), "day_in_future")]:
            with pytest.raises(Refusal) as refused:
                services.move_workplace(workplace=place, region=there, address="2", on=day, actor=officer)
            assert refused.value.code == code

    def test_nobody_moves_a_place_into_a_region_they_do_not_keep(self, place, officer):
        with pytest.raises(Refusal) as refused:
            services.move_workplace(
                workplace=place, region=RegionFactory(sigungu=True), address="", on=date(2024, 5, 1), actor=officer
            )
        assert refused.value.code == "region_elsewhere"

    def test_a_headquarters_closes_only_with_its_company(self, place, officer):
        with pytest.raises(Refusal) as refused:
            services.close_workplace(workplace=place, on=date(2025, 1, 1), actor=officer)
        assert refused.value.code == "headquarters_open"
        services.change_state(company=place.company, state=OperatingState.CLOSED, since=date(2025, 1, 1), actor=officer)
        place.refresh_from_db()
        services.close_workplace(workplace=place, on=date(2025, 1, 1), actor=officer)
        place.refresh_from_db()
        assert place.effective.upper == date(2025, 1, 1)

    def test_another_site_becomes_the_headquarters(self, place, officer):
        site = services.add_workplace(
            company=place.company, region=place.region, business_number=business_number(99), name="2공장", actor=officer
        )
        services.make_headquarters(workplace=site, actor=officer)
        place.refresh_from_db()
        site.refresh_from_db()
        assert (place.is_headquarters, site.is_headquarters) == (False, True)

    def test_two_editors_of_a_place_are_told(self, place, officer):
        services.change_workplace(workplace=place, version=1, changes={"name": "1공장"}, actor=officer)
        with pytest.raises(ChangedMeanwhile):
            services.change_workplace(workplace=place, version=1, changes={"name": "본공장"}, actor=officer)

    def test_a_place_is_in_a_cluster_once_at_a_time(self, place, officer):
        cluster = ClusterFactory(region=place.region)
        first = services.join_cluster(workplace=place, cluster=cluster, since=date(2020, 1, 1), actor=officer)
        with pytest.raises(Refusal, match=cluster.name_ko):
            services.join_cluster(workplace=place, cluster=cluster, since=date(2022, 1, 1), actor=officer)
        services.leave_cluster(membership=first, on=date(2021, 1, 1), actor=officer)
        services.join_cluster(workplace=place, cluster=cluster, since=date(2022, 1, 1), actor=officer)
        assert place.cluster_memberships.count() == 2
        assert place.cluster_memberships.in_force_on(date(2021, 6, 1)).count() == 0


class TestStates:
    def test_states_follow_each_other_without_gap_or_overlap(self, place, officer):
        company = place.company
        services.change_state(company=company, state="SUSPENDED", since=date(2023, 3, 1), actor=officer)
        services.change_state(company=company, state="OPERATING", since=date(2024, 1, 1), actor=officer)
        rows = [(s.state, s.effective.lower, s.effective.upper) for s in company.states.order_by("effective")]
        assert rows == [
            ("OPERATING", None, date(2023, 3, 1)),
            ("SUSPENDED", date(2023, 3, 1), date(2024, 1, 1)),
            ("OPERATING", date(2024, 1, 1), None),
        ]
        company.refresh_from_db()
        assert company.state == "OPERATING"

    @pytest.mark.parametrize(
        ("state", "since", "code"),
        [
            ("SUSPENDED", date(2024, 1, 1), "state_same"),
            ("CLOSED", date(2023, 3, 1), "state_too_early"),
            ("CLOSED", date(2999, 1, 1), "day_in_future"),
        ],
    )
    def test_a_state_that_cannot_be_is_refused(self, place, officer, state, since, code):
        services.change_state(company=place.company, state="SUSPENDED", since=date(2023, 3, 1), actor=officer)
        with pytest.raises(Refusal) as refused:
            services.change_state(company=place.company, state=state, since=since, actor=officer)
        assert refused.value.code == code


class TestPapers:
    def test_a_certification_holds_for_its_period_and_not_twice(self, place, officer):
        paper = services.put_certification(
            company=place.company,
            kind=CertificationKind.VENTURE,
            number="V-1",
            start=date(2024, 1, 1),
            end=date(2027, 1, 1),
            actor=officer,
        )
        assert place.company.certifications.in_force_on(date(2026, 12, 31)).get() == paper
        with pytest.raises(ValidationError, match="겹칩니다"):
            services.put_certification(
                company=place.company, kind="VENTURE", number="V-1", start=date(2025, 1, 1), actor=officer
            )
        services.end_certification(certification=paper, on=date(2025, 1, 1), actor=officer)
        assert not place.company.certifications.in_force_on(date(2025, 1, 1)).exists()

    def test_a_right_needs_a_number_and_an_order_of_days(self, place, officer):
        facts = {"title": "연료전지 분리판", "filed_on": date(2024, 5, 1), "registered_on": date(2023, 5, 1)}
        with pytest.raises(ValidationError) as fault:
            services.put_patent(company=place.company, facts=facts, actor=officer)
        assert {"출원번호나 등록번호를 적어 주세요.", "등록일은 출원일보다 빠를 수 없습니다."} <= set(
            fault.value.messages
        )
        facts |= {"application_number": "10-2024-1", "registered_on": date(2025, 5, 1)}
        patent = services.put_patent(company=place.company, facts=facts, actor=officer)
        services.remove_patent(patent=patent, actor=officer, reason="두 번 적음")
        assert not place.company.patents.exists()


class TestFigures:
    def test_figures_are_entered_then_corrected_under_a_version(self, place, officer):
        put = {"company": place.company, "year": 2024, "source": FigureSource.SURVEY, "actor": officer}
        row = services.put_figures(**put, figures={"sales": 1000, "employees": 5})
        services.put_figures(**put, figures={"sales": 1200}, version=row.version)
        row.refresh_from_db()
        assert (row.sales, row.employees, row.version) == (1200, 5, 2)
        with pytest.raises(ChangedMeanwhile):
            services.put_figures(**put, figures={"sales": 1300}, version=1)

    def test_a_year_to_come_and_a_step_back_from_final_are_refused(self, place, officer):
        put = {"company": place.company, "source": FigureSource.SURVEY, "figures": {"sales": 1}, "actor": officer}
        with pytest.raises(Refusal) as refused:
            services.put_figures(**put, year=timezone.localdate().year + 1)
        assert refused.value.code == "year_in_future"
        services.put_figures(**put, year=2024)
        with pytest.raises(Refusal) as refused:
            services.put_figures(**put, year=2024, status=FigureStatus.PRELIM)
        assert refused.value.code == "final_figure"

    def test_each_figure_comes_from_the_best_source_that_has_it(self, django_assert_num_queries):
        company = CompanyFactory()
        CompanyYearFactory(company=company, source="AUDIT", sales=100, employees=None, rnd=None)
        CompanyYearFactory(company=company, source="SURVEY", sales=90, employees=7, rnd=3, exports_direct=4)
        CompanyYearFactory(company=company, source="TAX", sales=80, employees=9, status="PRELIM")
        CompanyYearFactory(company=company, year=2024, source="TECHNOPARK", sales=None, employees=None)
        with django_assert_num_queries(1):
            years = yearly([company.pk, CompanyFactory.build(pk=10**9).pk])[company.pk]
        assert [year.year for year in years] == [2024, 2025]
        best = years[1]
        assert (best.sales, best.employees, best.rnd, best.exports) == (100, 7, 3, 4)
        assert best.sources == {"sales": "AUDIT", "employees": "SURVEY", "rnd": "SURVEY", "exports_direct": "SURVEY"}
        assert years[0].exports is None
        assert CompanyYear.objects.count() == 4
