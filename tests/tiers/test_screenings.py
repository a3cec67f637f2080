"""Candidates and what-ifs: who is found, why, what it costs, and that a second run changes nothing."""

from datetime import date, timedelta

import pytest

from companies.models import Company
from companies.tiers import services
from companies.tiers.enums import CaseKind, CaseState, Fact, Finding, ScreeningKind, Tier
from companies.tiers.models import ScreeningRow, TierCase
from companies.tiers.selectors import gather
from companies.tiers.tasks import run_screening
from portal.directory.enums import JobState
from portal.directory.models import Job
from portal.kernel.errors import Refusal
from tests.factories.companies import WorkplaceFactory
from tests.tiers.factories import BODY, ON, CriteriaFactory, firm, holds

pytestmark = pytest.mark.django_db
BIG = {"all": [{"metric": "EMPLOYEES", "operator": "GE", "value": 50}]}


def screened(people, places, criteria, kind=ScreeningKind.CANDIDATES, **more):
    more.setdefault("region", places.here)
    screening, job = services.start_screening(kind=kind, criteria=criteria, actor=people.head, on=ON, **more)
    run_screening(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    screening.refresh_from_db()
    return screening


def findings(screening):
    return {(row.company.name_ko, row.finding) for row in screening.rows.select_related("company")}


@pytest.fixture
def firms(places):
    return {
        "rises": firm(places.here, name_ko="오름"),
        "grows": firm(places.here, name_ko="승급", employees=60),
        "falls": firm(places.here, name_ko="내림", employees=3),
        "stays": firm(places.here, name_ko="유지"),
        "blank": firm(places.here, name_ko="모름", employees=None),
        "small": firm(places.here, name_ko="작음", employees=2),
        "shut": firm(places.here, name_ko="폐업", state="CLOSED"),
        "abroad": firm(places.there, name_ko="저기"),
    }


class TestCandidates:
    def test_firms_that_rise_fall_or_are_due_are_found_and_their_cases_opened(self, places, people, firms):
        holds(firms["falls"], places.here, Tier.POTENTIAL, date(2025, 1, 1))
        holds(firms["stays"], places.here, Tier.POTENTIAL, date(2025, 1, 1), ON + timedelta(days=90))
        done = screened(people, places, CriteriaFactory(adopted=True))
        assert findings(done) == {
            ("오름", Finding.ENTERS), ("승급", Finding.ENTERS), ("내림", Finding.LEAVES), ("유지", Finding.RENEWS),
            ("모름", Finding.UNCLEAR),
        }  # fmt: skip
        assert (done.counts["firms"], done.counts["cases"], done.counts["outcome_UNKNOWN"]) == (7, 4, 1)
        cases = {case.company.name_ko: case for case in TierCase.objects.filter(screening=done)}
        assert {name: (case.kind, case.to_tier, case.state) for name, case in cases.items()} == {
            "오름": (CaseKind.ENTRY, Tier.POTENTIAL, CaseState.CANDIDATE),
            "승급": (CaseKind.ENTRY, Tier.POTENTIAL, CaseState.CANDIDATE),
            "내림": (CaseKind.DEMOTION, "", CaseState.CANDIDATE),
            "유지": (CaseKind.RETENTION, Tier.POTENTIAL, CaseState.CANDIDATE),
        }
        assert all(case.evidence["outcome"] == case.outcome for case in cases.values())
        why = done.rows.get(finding=Finding.LEAVES).reasons
        assert why == ["상시근로자 수 10 이상 – 미충족(3)"]

    def test_a_firm_with_a_lower_tier_is_a_promotion(self, places, people, firms):
        holds(firms["grows"], places.here, Tier.POTENTIAL, date(2025, 1, 1))
        done = screened(people, places, CriteriaFactory(adopted=True, tier=Tier.PRELIMINARY, body=BIG))
        case = TierCase.objects.get(screening=done)
        assert (case.company.name_ko, case.kind, case.from_tier) == ("승급", CaseKind.PROMOTION, Tier.POTENTIAL)

    def test_a_firm_whose_case_is_open_is_not_asked_twice(self, places, people, firms):
        criteria = CriteriaFactory(adopted=True)
        first = screened(people, places, criteria)
        again = screened(people, places, criteria)
        assert (first.counts["cases"], again.counts["cases"]) == (3, 0)

    def test_a_second_delivery_of_the_job_changes_nothing(self, places, people, firms):
        done = screened(people, places, CriteriaFactory(adopted=True))
        Job.objects.update(state=JobState.QUEUED, finished_at=None)
        run_screening(job_id=Job.objects.get().pk)
        assert ScreeningRow.objects.filter(screening=done).count() == 4
        assert TierCase.objects.count() == 3

    def test_a_firm_with_places_in_two_cities_of_the_region_is_found_once(self, places, people, firms):
        WorkplaceFactory(company=firms["rises"], site=True, region__parent=places.here)
        done = screened(people, places, CriteriaFactory(adopted=True))
        assert done.counts["firms"] == 7

    def test_papers_are_asked_at_review_and_then_count(self, places, people, firms):
        body = {"all": [*BODY["all"], {"metric": "TAX_ARREARS", "operator": "IS", "value": False, "at_review": True}]}
        services.state_fact(
            company=firms["grows"], code=Fact.TAX_ARREARS, value=True, start=date(2026, 1, 1), end=None,
            document="체납 확인", actor=people.staff,
        )  # fmt: skip
        done = screened(people, places, CriteriaFactory(adopted=True, body=body))
        case = TierCase.objects.get(screening=done, company=firms["rises"])
        assert case.outcome == "UNKNOWN"
        assert not TierCase.objects.filter(company=firms["grows"]).exists()

    def test_a_draft_finds_nobody(self, places, people):
        with pytest.raises(Refusal, match="확정된 기준으로만"):
            services.start_screening(
                kind=ScreeningKind.CANDIDATES, criteria=CriteriaFactory(), region=places.here, actor=people.head
            )

    def test_only_firms_the_asker_sees_are_looked_at(self, places, people, firms):
        done = screened(people, places, CriteriaFactory(adopted=True), region=places.there)
        assert done.counts == {"cases": 0}
        assert not done.rows.exists()


class TestWhatIf:
    def test_a_stricter_draft_says_who_would_leave_and_why(self, places, people, firms):
        base = CriteriaFactory(adopted=True)
        draft = CriteriaFactory(body={"all": [*BODY["all"], *BIG["all"]]})
        done = screened(people, places, draft, ScreeningKind.WHAT_IF, compared_with=base)
        assert findings(done) == {("오름", Finding.LEAVES), ("유지", Finding.LEAVES), ("폐업", Finding.LEAVES)}
        assert done.rows.get(company=firms["rises"]).reasons == ["상시근로자 수 50 이상 – 미충족(20)"]
        assert (done.counts["before_MET"], done.counts["after_MET"]) == (4, 1)
        assert TierCase.objects.count() == 0

    def test_a_looser_draft_says_who_would_enter_and_what_kept_them_out(self, places, people, firms):
        draft = CriteriaFactory(body={"all": [{"metric": "EMPLOYEES", "operator": "GE", "value": 2}]})
        done = screened(people, places, draft, ScreeningKind.WHAT_IF, compared_with=CriteriaFactory(adopted=True))
        row = done.rows.get(company=firms["small"])
        assert (row.finding, row.outcome_before, row.outcome) == (Finding.ENTERS, "NOT_MET", "MET")
        assert row.reasons == ["상시근로자 수 10 이상 – 미충족(2)"]

    def test_without_another_set_it_is_held_against_the_tiers_of_today(self, places, people, firms):
        holds(firms["falls"], places.here, Tier.POTENTIAL, date(2025, 1, 1))
        done = screened(people, places, CriteriaFactory(body=BIG), ScreeningKind.WHAT_IF)
        assert findings(done) == {("승급", Finding.ENTERS), ("내림", Finding.LEAVES)}

    def test_a_set_is_not_compared_with_itself(self, places, people):
        draft = CriteriaFactory()
        with pytest.raises(Refusal, match="서로 다른"):
            services.start_screening(
                kind=ScreeningKind.WHAT_IF, criteria=draft, compared_with=draft, region=places.here, actor=people.head
            )


@pytest.mark.parametrize("count", [1, 12])
def test_facts_of_many_firms_cost_as_many_queries_as_of_one(places, count, django_assert_num_queries):
    ids = [firm(places.here).pk for _ in range(count)]
    with django_assert_num_queries(9):
        assert len(gather(ids, on=ON, base_year=2025)) == count


def test_facts_say_what_the_registry_says(places):
    company = firm(places.here, size="SMALL")
    Company.objects.filter(pk=company.pk).update(main_product="베어링")
    found = gather([company.pk], on=ON, base_year=2025)[company.pk]
    assert (found.size, found.state, found.hq_region, found.hq_capital) == (
        "SMALL",
        "OPERATING",
        places.here.code,
        False,
    )
    assert found.years[2025].sources["sales"] == "SURVEY"
    early = gather([company.pk], on=date(2019, 1, 1), base_year=2018)[company.pk]
    assert (early.hq_region, dict(early.years)) == ("", {})
