"""`/api/v1/tiers/`: tiers as of a day and as known at a moment, for four people and a client system."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from companies.tiers import services
from companies.tiers.enums import Tier
from companies.tiers.models import TierPeriod
from companies.tiers.serializers import LeadingRow, TierRow
from tests.tiers.factories import CriteriaFactory, firm, holds

pytestmark = pytest.mark.django_db
URL = "/api/v1/tiers/"


@pytest.fixture
def rows(places):
    mine, foreign = firm(places.here), firm(places.there)
    return (
        holds(mine, places.here, Tier.POTENTIAL, date(2025, 1, 1), date(2026, 1, 1)),
        holds(mine, places.here, Tier.PRELIMINARY, date(2026, 1, 1)),
        holds(foreign, places.there, Tier.LEADING, date(2025, 1, 1)),
    )


def found(api, user=None, **conditions):
    if user is not None:
        api.force_login(user)
    response = api.get(URL, conditions)
    assert response.status_code == 200, response.content
    return [row["tier"] for row in response.json()["results"]]


def test_each_of_the_four_people_reads_their_own(api, people, rows):
    day = {"on": "2025-06-01"}
    assert found(api, people.clerk, **day) == ["POTENTIAL"]
    assert found(api, people.other, **day) == ["LEADING"]
    assert sorted(found(api, people.ministry, **day)) == ["LEADING", "POTENTIAL"]
    api.force_login(people.nobody)
    assert api.get(URL).status_code == 403
    api.logout()
    assert api.get(URL).status_code == 401


def test_the_tier_of_a_day_as_known_on_another(api, people, rows):
    old, _, _ = rows
    known = timezone.now()
    TierPeriod.objects.filter(pk=old.pk).update(superseded_at=timezone.now(), superseded_by=old.case)
    assert found(api, people.clerk, on="2025-06-01") == []
    assert found(api, people.clerk, on="2025-06-01", known_at=known.isoformat()) == ["POTENTIAL"]
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert found(api, people.clerk, on="2025-06-01", known_at=yesterday) == []


def test_rows_are_narrowed_and_what_is_not_known_refused(api, people, rows):
    old, _new, _foreign = rows
    number = old.company.workplaces.get().business_number
    assert found(api, people.ministry, business_number=number, on="2026-02-01") == ["PRELIMINARY"]
    assert found(api, people.ministry, company=old.company.public_id, on="2025-02-01") == ["POTENTIAL"]
    assert found(api, people.ministry, tier="LEADING", on="2026-02-01") == ["LEADING"]
    for bad in ({"day": "2025-01-01"}, {"tier": "GOLD"}, {"on": "어제"}, {"known_at": "어제"}):
        assert api.get(URL, bad).status_code == 400, bad


@pytest.mark.parametrize("count", [1, 6])
def test_a_list_costs_the_same_for_any_number_of_rows(api, people, places, count, django_assert_num_queries):
    for _ in range(count):
        holds(firm(places.here), places.here, Tier.POTENTIAL, date(2025, 1, 1))
    api.force_login(people.clerk)
    with django_assert_num_queries(5):  # session, user, scope, count, rows
        assert api.get(URL).json()["count"] == count


def test_a_row_names_the_criteria_and_the_case_it_rests_on(api, people, places):
    from tests.tiers.factories import CaseFactory

    case = CaseFactory(
        approved=True, company=firm(places.here), region=places.here, criteria=CriteriaFactory(code="c-1")
    )
    period = TierPeriod.objects.create(
        company=case.company, region=case.region, track="MAIN", tier="POTENTIAL", case=case,
        effective=(date(2025, 1, 1), None),
    )  # fmt: skip
    api.force_login(people.clerk)
    row = api.get(URL).json()["results"][0]
    assert (row["criteria"], row["case"], row["valid_from"]) == ("c-1", str(case.public_id), "2025-01-01")
    assert row["business_number"] == case.company.workplaces.get().business_number
    assert (row["valid_before"], row["superseded_at"], period.superseded_at) == (None, None, None)
    assert set(row) == set(TierRow.names())


class TestHistory:
    URL = "/api/v1/tier-history/"

    def test_everything_that_was_ever_recorded_is_there_for_those_who_see_the_firm(self, api, people, rows):
        old, new, _foreign = rows
        TierPeriod.objects.filter(pk=old.pk).update(superseded_at=timezone.now(), superseded_by=new.case)
        api.force_login(people.clerk)
        found = api.get(self.URL).json()["results"]
        assert [(row["tier"], row["superseded_at"] is None) for row in found] == [
            ("POTENTIAL", False), ("PRELIMINARY", True),
        ]  # fmt: skip
        api.force_login(people.ministry)
        assert api.get(self.URL).json()["count"] == 3
        api.force_login(people.other)
        assert [row["tier"] for row in api.get(self.URL).json()["results"]] == ["LEADING"]
        api.force_login(people.nobody)
        assert api.get(self.URL).status_code == 403

    def test_only_what_changed_since_is_asked_for(self, api, people, rows):
        old, new, _foreign = rows
        moment = timezone.now()
        api.force_login(people.ministry)
        assert api.get(self.URL, {"recorded_since": moment.isoformat()}).json()["count"] == 0
        TierPeriod.objects.filter(pk=old.pk).update(superseded_at=timezone.now(), superseded_by=new.case)
        assert api.get(self.URL, {"superseded_since": moment.isoformat()}).json()["count"] == 1
        assert api.get(self.URL, {"on": "2026-01-01"}).status_code == 400

    @pytest.mark.parametrize("count", [1, 6])
    def test_a_list_costs_the_same_for_any_number_of_rows(self, api, people, places, count, django_assert_num_queries):
        for _ in range(count):
            holds(firm(places.here), places.here, Tier.POTENTIAL, date(2025, 1, 1))
        api.force_login(people.clerk)
        with django_assert_num_queries(5):
            assert api.get(self.URL).json()["count"] == count


class TestLeadingFirms:
    URL = "/api/v1/leading-firms/"

    @pytest.fixture
    def made(self, places, people):
        return [
            services.designate(
                company=firm(region), region=region, start=date(2025, 3, 1), notice="고시 제1호", evaluation="검증위원단",
                reason="수출 선도", actor=people.head,
            )
            for region in (places.here, places.there)
        ]  # fmt: skip

    def test_each_of_the_four_people_reads_their_own(self, api, people, made):
        for who, numbers in ((people.clerk, [1]), (people.other, [2]), (people.ministry, [2, 1])):
            api.force_login(who)
            found = api.get(self.URL).json()["results"]
            assert [row["certificate_serial"] for row in found] == numbers
        assert set(found[0]) == set(LeadingRow.names())
        api.force_login(people.nobody)
        assert api.get(self.URL).status_code == 403

    def test_those_that_hold_on_a_day_are_asked_for(self, api, people, made):
        api.force_login(people.ministry)
        assert [api.get(self.URL, {"on": day}).json()["count"] for day in ("2025-02-28", "2025-03-01", "2028-03-01")] == [
            0, 2, 0,
        ]  # fmt: skip

    @pytest.mark.parametrize("count", [1, 5])
    def test_a_list_costs_the_same_for_any_number_of_rows(self, api, people, places, count, django_assert_num_queries):
        for _ in range(count):
            services.designate(
                company=firm(places.here), region=places.here, start=date(2025, 3, 1), notice="고시", evaluation="검증",
                reason="선도", actor=people.head,
            )  # fmt: skip
        api.force_login(people.clerk)
        with django_assert_num_queries(5):
            assert api.get(self.URL).json()["count"] == count
