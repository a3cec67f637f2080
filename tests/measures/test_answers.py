"""Was the workplace in an entitled area on the day: boundaries, corrections, moves, mergers of regions, history."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from companies.models import Company, Workplace
from companies.models.workplace import FormerPlace
from crisis.enums import DeterminationState, Stage
from crisis.measures import services, sources
from crisis.measures.models import PreferentialMeasure
from crisis.measures.selectors import answers
from crisis.measures.services import Status
from crisis.models import Determination
from portal.directory.enums import SuccessionKind
from portal.directory.models import Event, RegionSuccession
from portal.directory.scope import scope_of
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.factories.crisis import AreaFactory, ClusterFactory
from tests.factories.directory import RegionFactory
from tests.measures.conftest import asker, joins, preference
from tests.plans.situations import decided

pytestmark = pytest.mark.django_db
DAY = date(2025, 9, 1)


def answer(number, who, day=DAY, **more):
    (one,) = answers([number], day=day, asker=asker(who), **more)
    return one


def entitled_places(found):
    return [place.region for place in found.places if place.entitlements]


class TestDays:
    @pytest.mark.parametrize(
        ("day", "entitled"),
        [(date(2025, 7, 31), False), (date(2025, 8, 1), True), (date(2026, 1, 31), True), (date(2026, 2, 1), False)],
    )
    def test_the_stage_entitles_from_its_first_day_to_its_last(self, firm, stage, loan, people, day, entitled):
        assert answer(firm.site.business_number, people.fund, day).entitled is entitled

    @pytest.mark.parametrize(
        ("day", "entitled"), [(date(2025, 8, 15), False), (date(2025, 8, 16), True), (date(2026, 2, 10), True),
                              (date(2026, 2, 11), False)]
    )  # fmt: skip
    def test_lags_move_the_days(self, firm, stage, people, day, entitled):
        preference(lag_before_days=15, lag_after_days=10)
        assert answer(firm.site.business_number, people.fund, day).entitled is entitled

    def test_the_terms_of_the_day_count(self, firm, stage, people):
        preference(effective=period(date(2023, 1, 1), date(2025, 9, 1)))
        preference(effective=period(date(2025, 9, 1)), statuses=["SEVERE"])
        assert answer(firm.site.business_number, people.fund, date(2025, 8, 31)).entitled
        assert not answer(firm.site.business_number, people.fund, date(2025, 9, 1)).entitled

    def test_stages_that_follow_each_other_are_one_stretch(self, firm, stage, loan, places, people):
        decided(places.mine, Stage.SEVERE, code="2025H2", start=date(2026, 2, 1), end=date(2026, 7, 1))
        found = answer(firm.site.business_number, people.fund, date(2026, 3, 1)).places[0].entitlements[0]
        assert (found.interval.start, found.interval.before) == (date(2025, 8, 1), date(2026, 7, 1))
        (ground,) = found.grounds
        assert (ground.status, ground.since, ground.area_code) == ("SEVERE", date(2026, 2, 1), "A-NEAR")

    def test_good_entitles_to_nothing(self, firm, loan, places, people):
        decided(places.mine, Stage.GOOD)
        assert not answer(firm.site.business_number, people.fund).entitled

    def test_only_the_measure_asked_for(self, firm, stage, loan, people):
        preference("VOUCHER", statuses=["SEVERE"])
        assert answer(firm.site.business_number, people.fund, measure="LOAN").entitled
        assert not answer(firm.site.business_number, people.fund, measure="VOUCHER").entitled

    def test_the_capital_area_is_left_out_where_the_terms_say_so(self, firm, stage, places, people):
        preference(outside_capital=True)
        number = firm.site.business_number
        assert answer(number, people.fund).entitled
        places.here.capital_area = True
        places.here.save()
        assert not answer(number, people.fund).entitled


class TestPlaces:
    def test_any_number_of_the_firm_finds_all_its_workplaces(self, firm, stage, loan, people):
        found = answer(firm.seat.business_number, people.ministry)
        assert [(place.asked, bool(place.entitlements)) for place in found.places] == [(True, False), (False, True)]

    def test_a_workplace_that_moved_away_was_entitled_until_the_day_it_moved(self, firm, stage, loan, places, people):
        Workplace.objects.filter(pk=firm.site.pk).update(region=places.far)
        FormerPlace.objects.create(
            workplace=firm.site, region=places.near, effective=period(date(2020, 1, 1), date(2025, 10, 1))
        )
        number = firm.site.business_number
        assert answer(number, people.fund, date(2025, 9, 30)).entitled
        assert not answer(number, people.fund, date(2025, 10, 1)).entitled

    def test_a_workplace_that_was_not_open_yet_is_not_entitled(self, firm, stage, loan, people):
        Workplace.objects.filter(pk=firm.site.pk).update(effective=period(date(2025, 9, 2)))
        assert not answer(firm.site.business_number, people.fund, date(2025, 9, 1)).entitled
        assert answer(firm.site.business_number, people.fund, date(2025, 9, 2)).entitled

    def test_a_cluster_entitles_those_who_are_in_it_on_the_day(self, firm, loan, places, people):
        decided(places.complex, Stage.SEVERE)
        joins(firm.site, places.cluster, date(2025, 8, 10), date(2025, 9, 10))
        number = firm.site.business_number
        days = [date(2025, 8, 9), date(2025, 8, 10), date(2025, 9, 9), date(2025, 9, 10)]
        assert [answer(number, people.fund, day).entitled for day in days] == [False, True, True, False]

    def test_a_part_of_a_complex_lies_in_the_complex(self, firm, loan, places, people):
        decided(places.complex, Stage.SEVERE)
        joins(firm.site, ClusterFactory(parent=places.cluster, region=places.near))
        assert answer(firm.site.business_number, people.fund).entitled

    def test_the_same_place_under_a_new_code_is_found_and_half_of_a_split_one_is_not(
        self, firm, stage, loan, places, people
    ):
        number = firm.site.business_number
        renamed, part = (RegionFactory(sigungu=True, parent=places.here) for _ in range(2))
        for new, kind in ((renamed, SuccessionKind.RENAMED), (part, SuccessionKind.SPLIT)):
            RegionSuccession.objects.create(predecessor=places.near, successor=new, on=date(2025, 1, 1), kind=kind)
        Workplace.objects.filter(pk=firm.site.pk).update(region=renamed)
        assert answer(number, people.fund).entitled
        Workplace.objects.filter(pk=firm.site.pk).update(region=part)
        assert not answer(number, people.fund).entitled

    def test_a_place_merged_into_a_decided_one_is_found_but_not_the_other_way(self, firm, loan, places, people):
        merged = AreaFactory(region=RegionFactory(sigungu=True, parent=places.here))
        RegionSuccession.objects.create(
            predecessor=places.near, successor=merged.region, on=date(2025, 1, 1), kind=SuccessionKind.MERGED
        )
        number = firm.site.business_number
        decision = decided(merged, Stage.CAUTION)
        assert answer(number, people.fund).entitled
        Workplace.objects.filter(pk=firm.site.pk).update(region=merged.region)
        assert answer(number, people.fund).entitled
        assert decision.area == merged
        other = WorkplaceFactory(company=CompanyFactory(), region=RegionFactory(sigungu=True, parent=places.here))
        assert not answer(other.business_number, people.fund).entitled

    def test_another_app_gives_a_cluster_a_status(self, firm, places, people, monkeypatch):
        preference("TAX", statuses=["SPECIAL_SUPPORT_AREA"])
        joins(firm.site, places.cluster)

        def designated(wanted):
            assert places.cluster.pk in wanted.cluster_ids
            return [
                Status(
                    "SPECIAL_SUPPORT_AREA", date(2025, 8, 20), None, cluster_id=places.cluster.pk, reference="공고 1"
                )
            ]

        monkeypatch.setattr(sources, "_sources", [*sources._sources, designated])
        assert not answer(firm.site.business_number, people.fund, date(2025, 8, 19)).entitled
        (one,) = answer(firm.site.business_number, people.fund, date(2025, 8, 20)).places[0].entitlements
        assert (one.grounds[0].place, one.grounds[0].reference) == (places.cluster.name_ko, "공고 1")


class TestAsKnown:
    def corrected(self, stage, places):
        """The caution was wrong: superseded today by good, from its first day."""
        now = timezone.now()
        stage.state, stage.superseded_at = DeterminationState.SUPERSEDED, now
        stage.save()
        return decided(
            places.mine, Stage.GOOD, start=date(2025, 8, 1), end=date(2026, 2, 1), supersedes=stage,
            corrects_from=date(2025, 8, 1), correction_reason="자료 오류",
        ), now  # fmt: skip

    def test_a_corrected_decision_counts_for_those_who_ask_as_known_then(self, firm, stage, loan, places, people):
        number = firm.site.business_number
        before = timezone.now()
        self.corrected(stage, places)
        assert not answer(number, people.fund).entitled
        assert answer(number, people.fund, known_at=before).entitled
        assert not answer(number, people.fund, known_at=timezone.now()).entitled

    def test_a_decision_of_later_is_not_known_before(self, firm, loan, places, people):
        before = timezone.now() - timedelta(seconds=1)
        decided(places.mine, Stage.CAUTION)
        assert answer(firm.site.business_number, people.fund).entitled
        assert not answer(firm.site.business_number, people.fund, known_at=before).entitled

    def test_what_was_open_then_is_not_cut_by_what_came_later(self, firm, loan, places, people):
        first = decided(places.mine, Stage.CAUTION, effective_at_confirmation=period(date(2025, 8, 1)))
        between = timezone.now()
        Determination.objects.filter(pk=first.pk).update(effective=period(date(2025, 8, 1), date(2026, 2, 1)))
        decided(places.mine, Stage.GOOD, code="2025H2", start=date(2026, 2, 1))
        day = date(2026, 3, 1)
        assert not answer(firm.site.business_number, people.fund, day).entitled
        assert answer(firm.site.business_number, people.fund, day, known_at=between).entitled
        assert not answer(firm.site.business_number, people.fund, day, known_at=timezone.now()).entitled

    @pytest.mark.django_db(transaction=True)
    def test_a_move_registered_later_was_not_known_before(self, firm, stage, loan, places, people):
        registered = timezone.now()
        Workplace.objects.filter(pk=firm.site.pk).update(region=places.far)
        assert not answer(firm.site.business_number, people.fund).entitled
        assert answer(firm.site.business_number, people.fund, known_at=registered).entitled
        assert not answer(firm.site.business_number, people.fund, known_at=timezone.now()).entitled

    @pytest.mark.django_db(transaction=True)
    def test_a_stay_in_a_cluster_removed_since_was_known_before(self, firm, loan, places, people):
        decided(places.complex, Stage.SEVERE)
        stay = joins(firm.site, places.cluster)
        known = timezone.now()
        stay.delete()
        assert not answer(firm.site.business_number, people.fund).entitled
        assert answer(firm.site.business_number, people.fund, known_at=known).entitled


class TestSecrets:
    def test_a_firm_without_an_entitlement_looks_like_a_number_nobody_knows(self, firm, loan, people):
        known, unknown = answers([firm.seat.business_number, "1111111119"], day=DAY, asker=asker(people.fund))
        assert (known.entitled, known.places) == (unknown.entitled, unknown.places) == (False, ())

    def test_the_finance_body_learns_of_entitled_places_only(self, firm, stage, loan, people):
        assert [place.asked for place in answer(firm.seat.business_number, people.fund).places] == [False]

    def test_an_office_learns_of_firms_of_its_own_regions(self, firm, stage, loan, places, people):
        assert answer(firm.site.business_number, people.office).entitled
        stranger = WorkplaceFactory(company=CompanyFactory(), region=places.near).business_number
        assert answer(stranger, people.office).entitled
        assert not answer(stranger, people.other).entitled
        assert not answer(stranger, people.city).entitled

    def test_whoever_has_no_business_with_it_may_not_ask(self, people):
        assert asker(people.writer) is None
        assert asker(people.nobody) is None
        with pytest.raises(Refusal, match="권한이 없습니다"):
            services.ask(numbers=["1111111119"], day=DAY, scope=scope_of(people.writer), actor=people.writer)

    def test_every_question_is_on_record(self, firm, stage, loan, people):
        numbers = [firm.site.business_number, "1111111119"]
        services.ask(numbers=numbers, day=DAY, measure="LOAN", scope=scope_of(people.fund), actor=people.fund)
        event = Event.objects.get(verb="check_entitlement")
        assert (event.actor, event.facts["numbers"], event.facts["entitled"]) == (people.fund, numbers, 1)
        assert (event.facts["day"], event.facts["measure"]) == ("2025-09-01", "LOAN")

    def test_a_measure_that_does_not_exist_is_told(self, people):
        with pytest.raises(Refusal, match="없는 우대 제도"):
            services.ask(
                numbers=["1111111119"], day=DAY, measure="NONE", scope=scope_of(people.fund), actor=people.fund
            )


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("rows", [1, 8])
def test_many_numbers_cost_what_one_costs(loan, places, people, rows, known, django_assert_num_queries):
    decided(places.mine, Stage.CAUTION)
    numbers = []
    for _ in range(rows):
        site = WorkplaceFactory(company=CompanyFactory(), region=places.near)
        joins(site, places.cluster)
        numbers.append(site.business_number)
    who = asker(people.fund)
    with django_assert_num_queries(11):
        found = answers(numbers, day=DAY, asker=who, known_at=timezone.now() if known else None)
    assert len(found) == rows
    assert Company.objects.count() == rows


class TestCatalogue:
    facts = {
        "kind": "LOAN", "name_ko": "새 융자", "name_en": "", "provider": None, "provider_name": "기금", "benefit": "",
        "basis": "고시", "statuses": ["SEVERE"], "lag_before_days": 0, "lag_after_days": 0, "outside_capital": False,
        "provisional": False, "note": "",
    }  # fmt: skip

    def test_new_terms_begin_where_the_old_ones_end(self, loan, people):
        made = services.change_measure(code="LOAN", start=date(2026, 1, 1), facts=self.facts, actor=people.ministry)
        loan.refresh_from_db()
        assert (loan.effective.upper, made.effective.lower) == (date(2026, 1, 1), date(2026, 1, 1))
        with pytest.raises(Refusal, match="이미 있습니다"):
            services.change_measure(code="LOAN", start=date(2025, 1, 1), facts=self.facts, actor=people.ministry)

    def test_only_the_ministry_changes_the_catalogue(self, loan, people):
        with pytest.raises(Refusal, match="본부"):
            services.change_measure(code="NEW", start=DAY, facts=self.facts, actor=people.office)
        with pytest.raises(Refusal, match="본부"):
            services.end_measure(measure=loan, end=DAY, reason="끝", actor=people.fund)

    def test_a_measure_ends_on_a_day_for_a_reason(self, firm, stage, loan, people):
        with pytest.raises(Refusal, match="사유"):
            services.end_measure(measure=loan, end=DAY, reason=" ", actor=people.ministry)
        services.end_measure(measure=loan, end=DAY, reason="예산 소진", actor=people.ministry)
        number = firm.site.business_number
        assert answer(number, people.fund, DAY - timedelta(days=1)).entitled
        assert not answer(number, people.fund, DAY).entitled

    @pytest.mark.parametrize(
        ("name", "facts"),
        [
            ("measure_follows_from_something", {"statuses": []}),
            ("measure_has_a_provider", {"provider_name": ""}),
            ("measure_has_a_basis", {"basis": ""}),
            ("measure_has_a_name", {"name_ko": ""}),
            ("measure_one_at_a_time", {"code": "LOAN"}),
            ("measure_begins_some_day", {"effective": period(None, date(2020, 1, 1))}),
        ],
    )
    def test_an_incoherent_measure_is_impossible(self, loan, name, facts):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            preference(**{"code": "OTHER", **facts})
        assert PreferentialMeasure.objects.count() == 1
